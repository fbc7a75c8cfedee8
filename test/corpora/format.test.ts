/** Formatting over all SQL of the samples. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { haveSameMeaning } from "../../server/src/sql/treeEquality.ts";
import { formatted } from "../support/formatted.ts";

describe("formatted SQL", () => {
  before(loadSqlParser);

  it("changes no meaning in any file of the samples, and nothing when asked again", () => {
    let changed = 0;
    for (const file of sqlFiles()) {
      const text = readFileSync(file, "utf8");
      const once = formatted(text);
      if (once !== text) changed++;
      assert.equal(formatted(once), once, `${file} changes again`);
      const before = parseSql("file:///a.sql", text).statements;
      const after = parseSql("file:///a.sql", once).statements;
      assert.equal(after.length, before.length, file);
      before.forEach(({ tree, text: statement }, at) => {
        const other = after[at]?.tree;
        assert.ok(tree === undefined ? other === undefined : other !== undefined && haveSameMeaning(tree, other), `${file}: ${statement}`);
      });
    }
    assert.ok(changed > 30, `${changed} files were changed`);
  }).timeout(60_000);
});

function sqlFiles(): readonly string[] {
  const examples = fileURLToPath(new URL("../../examples", import.meta.url));
  return readdirSync(examples, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .map((path) => join(examples, path));
}
