import assert from "node:assert/strict";
import { formatErdFile, keptPositions } from "../../../protocol/src/erdFile.ts";
import { parseErdFile } from "../../../protocol/src/erdShapes.ts";

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
    assert.deepEqual(parseErdFile(formatErdFile(positions) ?? "")?.positions, positions);
  });

  it("is not there when nothing was moved", () => {
    assert.equal(formatErdFile({}), undefined);
  });

  it("is nothing to go by when somebody broke it", () => {
    const broken = ["", "{", "null", "[]", '{"version":2,"positions":{}}', '{"version":1,"positions":{"a":{"x":1}}}', '{"version":1,"positions":{"a":{"x":"1","y":2}}}', '{"version":1,"positions":{"a":{"x":1e300,"y":2}}}'];
    for (const text of broken) assert.equal(parseErdFile(text), undefined, text);
  });
});
