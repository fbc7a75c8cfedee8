import assert from "node:assert/strict";
import type { ErdDiagram } from "../../../protocol/src/erd.ts";
import { tablesFor, tieableColumns } from "../../../media/erd/relationChoices.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { sqlDiagram } from "../../support/diagrams.ts";

describe("what a column could refer to", () => {
  let diagram: ErdDiagram;
  before(async () => {
    await loadSqlParser();
    diagram = sqlDiagram(`CREATE TABLE companies (id bigint PRIMARY KEY);
      CREATE TABLE people (id bigint PRIMARY KEY, "companyId" bigint, boss bigint REFERENCES people, born date);
      CREATE TABLE countries (code char(2) PRIMARY KEY, company_id integer);
      CREATE TABLE seats (row int, number int, PRIMARY KEY (row, number));
      CREATE VIEW names AS SELECT id FROM people;`);
  });
  const tables = (name: string, column: string): readonly string[] => {
    const table = diagram.tables.find((one) => one.name === name);
    const found = table?.columns.find((one) => one.name === column);
    assert.ok(table !== undefined && found !== undefined);
    return tablesFor(diagram, table, found).map((one) => one.name);
  };

  it("is a table with a key of one column of its type, first the one that it is named after", () => {
    assert.deepEqual(tables("people", "companyId"), ["companies", "people"]);
    assert.deepEqual(tables("people", "born"), []);
    assert.deepEqual(tables("countries", "company_id"), []);
  });

  it("is never itself", () => {
    assert.deepEqual(tables("companies", "id"), ["people"]);
    assert.deepEqual(tables("countries", "code"), []);
  });

  it("is asked of columns that refer to nothing yet", () => {
    const people = diagram.tables.find(({ name }) => name === "people");
    assert.deepEqual(people === undefined ? [] : tieableColumns(diagram, people).map(({ name }) => name), ["id", "companyId"]);
  });
});
