/** What a diagram says of a schema. */
import assert from "node:assert/strict";
import type { ErdDiagram, ErdRelation } from "../../../protocol/src/erd.ts";
import { diagramOf } from "../../../server/src/erd/diagramOf.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { prismaDiagram, sqlDiagram } from "../../support/diagrams.ts";
import { parseSqlText } from "../../support/schemas.ts";

describe("the diagram of a schema", () => {
  before(loadSqlParser);

  it("says how many rows belong to how many: many to one, many to at most one, one to one", () => {
    const diagram = sqlDiagram(`CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (required int NOT NULL REFERENCES p, optional int REFERENCES p, single int NOT NULL UNIQUE REFERENCES p);`);
    assert.deepEqual(
      ["required", "optional", "single"].map((column) => endsOf(relation(diagram, `public.c.c_${column}_fkey`))),
      ["many? to one", "many? to one?", "one? to one"],
    );
  });

  it("takes a part of a unique key for many, the whole of it in any order for one", () => {
    const diagram = sqlDiagram(`CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE whole (x int NOT NULL, y int NOT NULL, UNIQUE (y, x), FOREIGN KEY (x, y) REFERENCES p);
CREATE TABLE part (x int NOT NULL, y int NOT NULL, z int, UNIQUE (x, y, z), FOREIGN KEY (x, y) REFERENCES p);`);
    assert.equal(endsOf(relation(diagram, "public.whole.whole_x_y_fkey")), "one? to one");
    assert.equal(endsOf(relation(diagram, "public.part.part_x_y_fkey")), "many? to one");
  });

  it("knows which foreign keys have no index, and says the actions in SQL's words", () => {
    const diagram = sqlDiagram(`CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (a int REFERENCES p ON DELETE SET NULL, b int REFERENCES p ON DELETE CASCADE ON UPDATE RESTRICT); CREATE INDEX ON c (a);`);
    const [a, b] = [relation(diagram, "public.c.c_a_fkey"), relation(diagram, "public.c.c_b_fkey")];
    assert.deepEqual([a.hasIndex, a.onDelete, a.onUpdate], [true, "SET NULL", "NO ACTION"]);
    assert.deepEqual([b.hasIndex, b.onDelete, b.onUpdate], [false, "CASCADE", "RESTRICT"]);
    assert.equal(b.accessibleName, "c.b refers to p.id, many to at most one, on delete cascade, no index");
  });

  it("draws an implicit many-to-many relation as one line, from Prisma and from the SQL behind it alike", () => {
    const fromPrisma = prismaDiagram("model Post {\n  id Int @id\n  tags Tag[]\n}\n\nmodel Tag {\n  id Int @id\n  posts Post[]\n}\n");
    const fromSql = sqlDiagram(`CREATE TABLE "Post" (id int PRIMARY KEY); CREATE TABLE "Tag" (id int PRIMARY KEY);
CREATE TABLE "_PostToTag" ("A" int NOT NULL REFERENCES "Post", "B" int NOT NULL REFERENCES "Tag", PRIMARY KEY ("A", "B"));`);
    for (const diagram of [fromPrisma, fromSql]) {
      assert.deepEqual(
        diagram.tables.map(({ key }) => key),
        ["public.Post", "public.Tag"],
      );
      assert.equal(endsOf(relation(diagram, "public._PostToTag")), "many? to many?");
    }
  });

  it("draws no line to a table that is not there", () => {
    const diagram = prismaDiagram("model A {\n  id Int @id\n  bId Int\n  b B @relation(fields: [bId], references: [id])\n}\n");
    assert.deepEqual(diagram.relations, []);
  });

  it("shows partitions as a number, and their foreign keys as their parent's", () => {
    const diagram = sqlDiagram(`CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE log (id int, p_id int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE log_1 PARTITION OF log (FOREIGN KEY (p_id) REFERENCES p) FOR VALUES FROM (0) TO (10);
CREATE TABLE log_2 PARTITION OF log (FOREIGN KEY (p_id) REFERENCES p) FOR VALUES FROM (10) TO (20);`);
    assert.deepEqual(
      diagram.tables.map(({ key, partitions }) => [key, partitions]),
      [
        ["public.log", 2],
        ["public.p", undefined],
      ],
    );
    assert.deepEqual(
      diagram.relations.map(({ from, to }) => [from.table, to.table]),
      [["public.log", "public.p"]],
    );
  });

  it("puts findings on the table and column they are about, the gravest first", () => {
    const finding = (subject: string, severity: "error" | "hint") => ({ rule: "r", message: subject, subject, severity });
    const { tables } = diagramOf(parseSqlText("CREATE TABLE t (a int);").schema, {
      title: "",
      findings: [
        finding("public.t.a", "hint"),
        finding("public.t(a)", "error"),
        finding("public.t", "hint"),
        finding("public.gone", "error"),
      ],
    });
    assert.deepEqual(
      tables[0]?.findings.map(({ message, column }) => [message, column]),
      [
        ["public.t(a)", "a"],
        ["public.t", undefined],
        ["public.t.a", "a"],
      ],
    );
  });

  it("groups by schema, and a large schema by domain and by what is tied", () => {
    const tables = ["invoice", "invoice_line", "invoice_note", "ship", "ship_log", "ship_crew"].map(
      (name) => `CREATE TABLE ${name} (id int PRIMARY KEY, up int);`,
    );
    const others = Array.from(
      { length: 10 },
      (_, i) => `CREATE TABLE thing${i}x (id int PRIMARY KEY${i === 0 ? "" : ", hub int REFERENCES thing0x"});`,
    );
    const diagram = sqlDiagram([...tables, ...others, "CREATE SCHEMA auth; CREATE TABLE auth.login (id int);"].join("\n"));
    assert.deepEqual(
      diagram.groups.map(({ key, kind }) => [key, kind]),
      [
        ["auth", "schema"],
        ["public/invoice", "domain"],
        ["public/ship", "domain"],
        ["public/thing", "domain"],
      ],
    );
  });
});

function relation(diagram: ErdDiagram, key: string): ErdRelation {
  const found = diagram.relations.find((each) => each.key === key);
  assert.ok(found !== undefined, `no ${key} among ${diagram.relations.map((each) => each.key).join(", ")}`);
  return found;
}

function endsOf({ from, to }: ErdRelation): string {
  return [from, to].map(({ cardinality, optional }) => `${cardinality}${optional ? "?" : ""}`).join(" to ");
}
