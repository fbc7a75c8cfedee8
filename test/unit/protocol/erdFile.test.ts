import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { temporaryFolder } from "../../support/temporaryFolder.ts";
import { formatErdFile, keptPositions, readErdFile } from "../../../protocol/src/erdFile.ts";

describe("The file of positions", () => {
  it("is sorted, one line a table, whole numbers", () => {
    assert.equal(
      formatErdFile({ "public.orders": { x: 10.6, y: -0.2 }, "public.accounts": { x: 0, y: 5 } }),
      `{
  "version": 1,
  "positions": {
    "public.accounts": { "x": 0, "y": 5 },
    "public.orders": { "x": 11, "y": 0 }
  }
}
`,
    );
  });

  it("is the same whatever the order in which tables were moved", () => {
    assert.equal(formatErdFile({ a: { x: 1, y: 2 }, b: { x: 3, y: 4 } }), formatErdFile({ b: { x: 3, y: 4 }, a: { x: 1, y: 2 } }));
  });

  it("lets go of what is no longer there when somebody moves a box, and of nothing while that is not known", () => {
    const before = { gone: { x: 1, y: 2 }, there: { x: 3, y: 4 } };
    const moved = { new: { x: 5, y: 6 } };
    assert.deepEqual(keptPositions(before, moved, new Set(["there", "new"])), { there: { x: 3, y: 4 }, new: { x: 5, y: 6 } });
    assert.deepEqual(keptPositions(before, moved, undefined), { ...before, ...moved });
  });

  it("reads what it wrote, whatever tables are called", () => {
    const positions = { 'public.<img src=x onerror="alert(1)">': { x: 1, y: 2 }, "public.a\nb": { x: 3, y: 4 }, "public.constructor": { x: 5, y: 6 } };
    assert.deepEqual(readErdFile(formatErdFile(positions) ?? ""), { positions });
  });

  it("is not there when nothing was moved", () => {
    assert.equal(formatErdFile({}), undefined);
  });

  it("says what is wrong when somebody broke it, and gives what can be made out", () => {
    const [a, b] = [{ x: 1, y: 2 }, { x: 3, y: 4 }];
    const told: readonly (readonly [string, object, string])[] = [
      ["", {}, "is not valid JSON"],
      ["{", {}, "is not valid JSON"],
      ["null", {}, "holds no positions of tables"],
      ["[]", {}, "holds no positions of tables"],
      ['{"version":2,"positions":{}}', {}, "has version 2, which only another release of this extension can read"],
      ['{"version":1,"positions":{"a":{"x":1},"b":{"x":3,"y":4}}}', { b }, "has no x and y in numbers for a"],
      ['{"version":1,"positions":{"a":{"x":"1","y":2}}}', {}, "has no x and y in numbers for a"],
      ['{"version":1,"positions":{"a":{"x":1e300,"y":2},"b":{"x":3,"y":4,"z":5},"c":null,"d":1}}', {}, "has no x and y in numbers for a, b, c and 1 more"],
      ['{"version":1,"note":"by hand","positions":{"a":{"x":1,"y":2}}}', { a }, 'has "note" in it, which means nothing there'],
      [(formatErdFile({ a, b }) ?? "").replace("2 },", "2 }"), { a, b }, "is not valid JSON"],
    ];
    for (const [text, positions, problem] of told) assert.deepEqual(readErdFile(text), { positions, problem }, text);
  });

  it("can be read in the middle of a merge: the later side where two moved one table, both where they moved others", () => {
    const text = `{
  "version": 1,
  "positions": {
    "public.accounts": { "x": 0, "y": 5 },
<<<<<<< HEAD
    "public.both": { "x": 1, "y": 1 },
    "public.mine": { "x": 2, "y": 2 }
=======
    "public.both": { "x": 3, "y": 3 },
    "public.\\"theirs\\"": { "x": 4, "y": 4 }
>>>>>>> main
  }
}
`;
    assert.deepEqual(readErdFile(text), {
      positions: { "public.accounts": { x: 0, y: 5 }, "public.both": { x: 3, y: 3 }, "public.mine": { x: 2, y: 2 }, 'public."theirs"': { x: 4, y: 4 } },
      problem: "has conflicts of a merge in it",
    });
  });

  it("is merged by git line by line, where two people moved tables that do not follow each other", () => {
    const all = Object.fromEntries(["a", "b", "c", "d", "e"].map((key, i) => [key, { x: i, y: i }]));
    const [mine, theirs] = [formatErdFile({ ...all, a: { x: 9, y: 9 } }), formatErdFile({ ...all, e: { x: 8, y: 8 } })];
    const folder = temporaryFolder({ base: formatErdFile(all) ?? "", mine: mine ?? "", theirs: theirs ?? "" });
    const merged = execFileSync("git", ["merge-file", "-p", "mine", "base", "theirs"], { cwd: folder, encoding: "utf8" });
    assert.deepEqual(readErdFile(merged), { positions: { ...all, a: { x: 9, y: 9 }, e: { x: 8, y: 8 } } });
  });
});
