import assert from "node:assert/strict";
import { finish } from "../../../server/src/workspace/steps.ts";
import { schemaKey } from "../../../server/src/workspace/schemaKey.ts";
import type { TypeCheck } from "../../../server/src/workspace/typeChecks.ts";
import { TestWorkspace } from "../../support/workspaceOf.ts";

const migration = "migrations/0001_init.sql";
const schema = "CREATE TABLE people (id int PRIMARY KEY, name text);\nCREATE SCHEMA other;\nCREATE TABLE other.things (id int);\n";
const query = "queries/a.sql";
const unknownFunction = refused("42883", "function f(integer) does not exist", "f(");

describe("What a database said about queries", () => {
  it("is asked for the queries of open documents that define nothing, once for each text", async () => {
    const own = await TestWorkspace.of({ [migration]: schema, [query]: "SELECT 1;\nSELECT 1;\nBEGIN;\nSELECT name FROM people WHERE id = :id;\nSELECT FROM WHERE", "src/a.ts": "sql`SELECT ${x}`; sql`WHERE a`; sql`SELECT ${sql(names)}`" });
    assert.deepEqual(tasks(own), []);
    for (const path of [migration, query, "src/a.ts"]) own.open(path);
    assert.deepEqual(tasks(own), ["SELECT 1", "SELECT name FROM people WHERE id = $1", "SELECT FROM WHERE", "SELECT $1"]);
    answer(own, new Map([["SELECT 1", described]]));
    assert.ok(!tasks(own).includes("SELECT 1"));
    own.settings({ typeCheck: false });
    assert.deepEqual(tasks(own), []);
  });

  it("is asked for again when the schema has changed, and what was said before is not shown", async () => {
    const own = await opened("SELECT f(1) FROM people;");
    answer(own, answers(own, unknownFunction));
    assert.deepEqual(said(own), ["42883 f"]);
    own.open(migration);
    own.type(migration, `${schema}CREATE TABLE more ();\n`);
    assert.deepEqual(said(own), []);
    assert.equal(tasks(own).length, 1);
  });

  it("moves with its query, and goes when the query changes", async () => {
    const own = await opened("SELECT f(1) FROM people;");
    answer(own, answers(own, unknownFunction));
    own.type(query, "-- first\nSELECT 2;\n\nSELECT f(1) FROM people;");
    assert.deepEqual(said(own), ["42883 f"]);
    own.type(query, "SELECT f(12) FROM people;");
    assert.deepEqual(said(own), []);
  });

  const doubts: readonly (readonly [string, string, TypeCheck | Faults])[] = [
    ["a name, in a file that makes names", "SET search_path = other; SELECT f(1);", unknownFunction],
    ["a table that is in another schema", "SELECT 1; SELECT * FROM things;", refused("42P01", 'relation "things" does not exist', "things")],
    ["a table, in a file that has nothing of this database", "SELECT * FROM elsewhere;", refused("42P01", 'relation "elsewhere" does not exist', "elsewhere")],
    ["the type of a value that is put in as text", "SELECT now() - :a FROM people;", refused("42725", "operator is not unique", "-")],
    ["SQL that is put in as text", "SELECT name || {{b}} FROM people WHERE id > {{a}};", refused("42883", "operator does not exist: integer > text", ">")],
    ["a fault of the embedded PostgreSQL", "SELECT 1 FROM people;", refused("XX000", "cache lookup failed", "1")],
  ];
  for (const [what, text, fault] of doubts) {
    it(`is not shown where it may be ignorance: ${what}`, async () => {
      const own = await opened(text);
      answer(own, answers(own, fault));
      assert.deepEqual(said(own), []);
    });
  }

  it("shows an operator that no extension brings, and no function, while something is lacking", async () => {
    const own = await opened("SELECT f(1) FROM people;\nSELECT id > name FROM people;");
    const all = new Map<string, TypeCheck>([
      ["SELECT f(1) FROM people", unknownFunction("SELECT f(1) FROM people")],
      ["SELECT id > name FROM people", refused("42883", "operator does not exist: integer > text", ">")("SELECT id > name FROM people")],
    ]);
    answer(own, all, true);
    assert.deepEqual(said(own), ["42883 >"]);
  });

  it("says of what only the Prisma schema has that no migration makes it yet", async () => {
    const prisma = 'datasource db {\n  provider = "postgresql"\n}\nmodel people {\n  id   Int @id\n  name String?\n  born DateTime?\n}\n';
    const folder = "prisma/migrations/20240101000000_init/migration.sql";
    const own = await TestWorkspace.of({ "prisma/schema.prisma": prisma, [folder]: "CREATE TABLE people (id int PRIMARY KEY, name text);", [query]: "SELECT born FROM people;" });
    own.open(query);
    answer(own, answers(own, refused("42703", 'column "born" does not exist', "born")));
    const [problem] = own.report(query)?.problems ?? [];
    assert.equal(problem?.severity, "information");
    assert.match(problem.message, /no migration makes it yet/);
  });

  it("belongs to the nearest project for cells of notebooks, and to the only one for texts that were never saved", async () => {
    const own = await TestWorkspace.of({ [migration]: schema });
    const { workspace } = own;
    for (const uri of ["vscode-notebook-cell:/workspace/book.ipynb#W0sZmlsZQ%3D%3D", "untitled:Untitled-1"]) {
      workspace.applyChange({ kind: "opened", uri, language: "sql", version: 1, text: "SELECT name FROM people" });
      assert.equal(finish(workspace.snapshot().projectsQueriedBy(uri)).length, 1, uri);
    }
    assert.deepEqual(tasks(own), ["SELECT name FROM people"]);
  });
});

type Faults = (text: string) => TypeCheck;

const described: TypeCheck = { kind: "described", parameters: [], columns: [] };

function refused(sqlState: string, message: string, at: string): Faults {
  return (text) => (text.includes(at) ? { kind: "refused", sqlState, message, at: text.indexOf(at), detail: undefined, hint: undefined } : described);
}

async function opened(text: string): Promise<TestWorkspace> {
  const own = await TestWorkspace.of({ [migration]: schema, [query]: text });
  own.open(query);
  return own;
}

function answers(own: TestWorkspace, fault: TypeCheck | Faults): Map<string, TypeCheck> {
  return new Map(tasks(own).map((text) => [text, typeof fault === "function" ? fault(text) : fault]));
}

function tasks(own: TestWorkspace): readonly string[] {
  return finish(own.workspace.snapshot().typeCheckTasks()).flatMap(({ texts }) => texts);
}

function answer(own: TestWorkspace, all: ReadonlyMap<string, TypeCheck>, isLacking = false): void {
  const snapshot = own.workspace.snapshot();
  const [project] = finish(snapshot.projects());
  assert.ok(project !== undefined);
  const key = schemaKey(finish(snapshot.check(project)));
  own.workspace.applyChange({ kind: "typeChecked", project: project.id, typeChecked: { key, answers: all, isLacking, isUnavailable: false, notices: [] } });
}

/** SQLSTATE and the text it is shown at. */
function said(own: TestWorkspace): readonly string[] {
  const report = own.report(query);
  return (report?.problems ?? []).filter(({ source }) => source === "PostgreSQL").map(({ code, span }) => `${code} ${report?.file.text.slice(span.start, span.end) ?? ""}`);
}
