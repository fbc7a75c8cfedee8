import assert from "node:assert/strict";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import { haveSameMeaning } from "../../../server/src/sql/treeEquality.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { editsOf, formatted } from "../../support/formatted.ts";

describe("formatSql", () => {
  before(loadSqlParser);

  it("breaks and indents a query and leaves the case of its words", () => {
    assert.equal(
      formatted("select a,b From t where x=$1 and y is null;"),
      "select\n  a,\n  b\nFrom\n  t\nwhere\n  x = $1\n  and y is null;",
    );
  });

  it("keeps comments inside and between statements", () => {
    const text = "-- head\nselect a, -- first\n/* second */ b from t;\n\n\n-- between\n\nselect 1; -- behind\n";
    assert.equal(
      formatted(text),
      "-- head\nselect\n  a, -- first\n  /* second */\n  b\nfrom\n  t;\n\n\n-- between\n\nselect\n  1; -- behind\n",
    );
  });

  it("writes a call as it was written, and the columns of a key too", () => {
    const text = "select word_similarity(a, frob (b)) from t;\ncreate index i on t(a) where f(a);\n";
    assert.equal(formatted(text), "select\n  word_similarity(a, frob (b))\nfrom\n  t;\ncreate index i on t(a)\nwhere\n  f(a);\n");
  });

  it("breaks ALTER TABLE before its actions only", () => {
    assert.equal(
      formatted("alter table t add column a int, alter column b set not null, drop column c;"),
      "alter table t\nadd column a int,\nalter column b set not null,\ndrop column c;",
    );
  });

  it("indents with tabs where the editor does", () => {
    assert.equal(formatted("select a from t;", { tabSize: 8, insertSpaces: false }), "select\n\ta\nfrom\n\tt;");
  });

  it("ends lines as the file does", () => {
    assert.equal(formatted("select a\r\nfrom t;\r\n"), "select\r\n  a\r\nfrom\r\n  t;\r\n");
  });

  for (const [what, text] of [
    ["a function", "create function f()   returns int language sql as $$ select   1 $$;\n"],
    ["a grant", "grant   select on t to r;\n"],
    ["what does not parse", "select   a from where;\n"],
    ["a string that is continued on the next line, which would no longer be one", "select 'a'\n'b';\n"],
    ["a psql command and COPY data", "\\set   x 1\ncopy t   from stdin;\n1\t  2\n\\.\n"],
    ["the second statement of a line", "begin; select   1;\n"],
    ["a statement nested too deeply", `select   ${"(".repeat(200)}1${")".repeat(200)};\n`],
  ] as const) {
    it(`leaves ${what} as it is`, () => assert.equal(formatted(text), text));
  }

  it("formats the statements that a range touches and no other", () => {
    const text = "select   1;\nselect   2;\nselect   3;\n";
    const at = text.indexOf("2");
    assert.equal(applyEdits(text, editsOf(text, { start: at, end: at })), "select   1;\nselect\n  2;\nselect   3;\n");
  });

  it("keeps names that need their quotes and characters of more than one unit where they are", () => {
    const text = 'select "Ünï\t""x""", \'😀\' as "👍" from "Order"."select";';
    assert.equal(formatted(text), 'select\n  "Ünï\t""x""",\n  \'😀\' as "👍"\nfrom\n  "Order"."select";');
  });
});

describe("haveSameMeaning", () => {
  before(loadSqlParser);
  const treeOf = (text: string) => parseSql("file:///a.sql", text).statements[0]?.tree;

  it("looks beyond positions and at nothing else", () => {
    const [a, b, c, d] = ["select a,b from t", "select  a ,\n b from t", "select a,b from u", "select a, b, b from t"].map(treeOf);
    assert.ok(a !== undefined && b !== undefined && c !== undefined && d !== undefined);
    assert.ok(haveSameMeaning(a, b));
    assert.ok(!haveSameMeaning(a, c));
    assert.ok(!haveSameMeaning(a, d));
    assert.ok(!haveSameMeaning(d, a));
  });
});
