import assert from "node:assert/strict";
import fc from "fast-check";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import { templateNames, withNamesCovered } from "../../../server/src/sql/templateNames.ts";

describe("names that a file leaves to what sends it", () => {
  before(loadSqlParser);

  it("are covered by names of the same length, whole or in part", () => {
    assert.equal(withNamesCovered("create table :schema.jobs (id int);"), "create table _schema.jobs (id int);");
    assert.equal(withNamesCovered('create table :"my schema".jobs (id int);'), 'create table  "my schema".jobs (id int);');
    assert.equal(withNamesCovered("grant select on t to app_${database};"), "grant select on t to app___database_;");
    assert.equal(withNamesCovered("create schema {{ tenant }};"), "create schema ___tenant___;");
    assert.equal(withNamesCovered("create table ${flyway:defaultSchema}.t ();"), "create table __flyway_defaultSchema_.t ();");
  });

  it("are none in casts, strings, comments and bodies", () => {
    for (const text of ["select a::text", "select ':b'", "-- :c\nselect 1", "/* ${d} */ select 1", "do $$ begin x := :e; end $$", "select '{\"f\":\"g\"}'::json"]) assert.equal(withNamesCovered(text), undefined, text);
  });

  it("let a statement be read where it stands", () => {
    const file = parseSql("a.sql", "create table :S.jobs (id int primary key);\nalter table ${name} enable row level security;\ncreate index on :S.jobs ((id::text));");
    assert.deepEqual(file.problems, []);
    assert.deepEqual(
      file.statements.map(({ tree }) => Object.keys(tree ?? {})[0]),
      ["CreateStmt", "AlterTableStmt", "IndexStmt"],
    );
  });

  it("leave the error that is not about them", () => {
    const file = parseSql("a.sql", "create table :S.jobs (id int primary kye);");
    assert.deepEqual(
      file.problems.map(({ message }) => message),
      ['syntax error at or near "kye"'],
    );
  });

  it("are written again as the file writes them", () => {
    assert.deepEqual(
      [...templateNames("create table :GRAPHILE.jobs (); grant select on t to app_${database};")],
      [
        ["_graphile", ":GRAPHILE"],
        ["app___database_", "app_${database}"],
      ],
    );
  });

  it("never change the length of a text, and end for any", () => {
    const pieces = fc.array(fc.constantFrom("${", "}", "{{", "}}", ":", "::", "a", '"', "'", "$$", "$a$", " ", "\n", "--", "/*", "*/", ":b", "E'"), { maxLength: 30 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join("");
        assert.equal(withNamesCovered(text)?.length ?? text.length, text.length);
        templateNames(text);
      }),
    );
  });
});
