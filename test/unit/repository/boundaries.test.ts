import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boundaryViolations, importedSpecifiers, rooms } from "../../../scripts/boundaries.ts";

const repository = join(import.meta.dirname, "../../..");

describe("Boundaries", () => {
  it("every room exists", () => {
    assert.deepEqual(
      rooms.map((room) => room.folder).filter((folder) => !existsSync(join(repository, folder))),
      [],
    );
  });

  it("no file imports what its room may not know, and no files import each other in a circle", () => {
    assert.deepEqual(boundaryViolations(repository), []);
  });

  it("imports are found in every form they take", () => {
    const source = `import a from "a";\nimport type { B } from "./b.ts";\nimport {\n  c,\n} from 'c';\nexport { d } from "./d.ts";\nimport "e";\nconst f = await import("./f.ts");`;
    assert.deepEqual(importedSpecifiers(source), ["a", "./b.ts", "c", "./d.ts", "e", "./f.ts"]);
  });

  it("a forbidden import, a forbidden package and a cycle are each reported", () => {
    const root = mkdtempSync(join(tmpdir(), "boundaries-"));
    try {
      for (const room of rooms) mkdirSync(join(root, room.folder), { recursive: true });
      writeFileSync(join(root, "server/src/text/a.ts"), `import { b } from "./b.ts";\nimport pg from "pg";\n`);
      writeFileSync(join(root, "server/src/text/b.ts"), `import { a } from "./a.ts";\nimport { x } from "../model/x.ts";\n`);
      const violations = boundaryViolations(root);
      assert.equal(violations.length, 3, violations.join("\n"));
      assert.ok(violations.some((violation) => violation.includes("a.ts imports pg")));
      assert.ok(violations.some((violation) => violation.includes("b.ts imports ../model/x.ts")));
      assert.ok(violations.some((violation) => violation.startsWith("import cycle")));
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
