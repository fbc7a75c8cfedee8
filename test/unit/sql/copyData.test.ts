import assert from "node:assert/strict";
import { withRows } from "../../../server/src/sql/copyData.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";

describe("Rows behind COPY", () => {
  before(loadSqlParser);

  it("become the text of a statement that is otherwise what it was", () => {
    const file = parseSql("a.sql", "-- people\nCOPY people (id, name) FROM stdin;\n1\tAda\n2\t\\N\n\\.\n");
    const [copy] = file.statements;
    assert.ok(copy);
    const insert = withRows(copy, file);
    assert.match(insert.text, /^INSERT INTO "people" \("id", "name"\) OVERRIDING SYSTEM VALUE VALUES\n\('1', 'Ada'\),\n\('2', NULL\)$/);
    assert.deepEqual([insert.tree, insert.leadingComment, insert.span, insert.offset(5)], [copy.tree, copy.leadingComment, copy.span, copy.offset(5)]);
    assert.notEqual(insert.tree, undefined);
  });
});
