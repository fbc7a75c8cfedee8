import assert from "node:assert/strict";
import { completePrisma } from "../../../server/src/editing/completePrisma.ts";
import type { Completion } from "../../../server/src/editing/completion.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";

const rest = `
enum Stage {
  OPEN
  WON
}

model Other {
  key Int @id
  ms  M[]
}
`;

/** What is offered at the `$0` of a text, which stands above an enum Stage and a model Other. */
function offered(marked: string): readonly Completion[] {
  const text = `${marked.replace("$0", "")}${rest}`;
  return completePrisma([parsePrisma("file:///a.prisma", text)], text, marked.indexOf("$0"));
}

const labels = (marked: string): readonly string[] => offered(marked).map(({ label }) => label);

/** In a model M with a field before the cursor's line. */
const inModel = (line: string): readonly string[] => labels(`model M {\n  id    Int @id\n  title String\n  other Other\n  ${line}\n}\n`);

describe("completePrisma", () => {
  it("offers blocks between blocks and nothing in comments and strings", () => {
    assert.deepEqual(labels("$0\n"), ["model", "enum", "view", "generator", "datasource"]);
    assert.deepEqual(labels("mo$0\n"), ["model", "enum", "view", "generator", "datasource"]);
    assert.deepEqual(labels("model M {\n  id Int // @$0\n}\n"), []);
    assert.deepEqual(labels('model M {\n  id Int @map("@$0")\n}\n'), []);
    assert.deepEqual(labels("// $0\n"), []);
  });

  it("offers scalars, models and enums as types", () => {
    const types = inModel("x $0");
    for (const name of ["String", "DateTime", "M", "Other", "Stage", "Unsupported"]) assert.ok(types.includes(name), name);
    assert.deepEqual(inModel("x St$0"), types);
  });

  it("offers attributes that fit the type, and native types of the scalar", () => {
    const strings = inModel("x String $0");
    assert.ok(
      strings.includes("@default") &&
        strings.includes("@db.VarChar") &&
        !strings.includes("@db.Timestamptz") &&
        !strings.includes("@relation"),
    );
    assert.ok(inModel("x DateTime? @$0").includes("@updatedAt"));
    assert.deepEqual(inModel("x DateTime @db.Ti$0"), ["@db.Timestamptz", "@db.Timestamp", "@db.Date", "@db.Time", "@db.Timetz"]);
    assert.deepEqual(inModel("x Other? @$0"), ["@relation", "@ignore"]);
    assert.ok(!inModel("x Int @unique @$0").includes("@unique"));
  });

  it("offers arguments of a relation, its fields and its actions", () => {
    assert.deepEqual(inModel("o Other @relation($0"), ["fields", "references", "onDelete", "onUpdate", "name", "map"]);
    assert.deepEqual(inModel("o Other @relation(fields: [$0"), ["id", "title"]);
    assert.deepEqual(inModel("o Other @relation(fields: [id], references: [$0"), ["key"]);
    assert.deepEqual(inModel("o Other @relation(fields: [id], references: [key], onDelete: $0)"), [
      "Cascade",
      "Restrict",
      "NoAction",
      "SetNull",
      "SetDefault",
    ]);
  });

  it("offers the fields of the model in keys, also over several lines", () => {
    assert.deepEqual(inModel("@@index([$0"), ["id", "title"]);
    assert.deepEqual(inModel("@@index([\n    id,\n    t$0"), ["id", "title"]);
    assert.deepEqual(inModel("@@unique(fields: [id, $0])"), ["id", "title"]);
    assert.deepEqual(inModel("@@index([title(sort: $0"), ["Asc", "Desc"]);
    assert.deepEqual(inModel("@@index([title], type: $0"), ["BTree", "Hash", "Gin", "Gist", "SpGist", "Brin"]);
    assert.ok(inModel("@@$0").includes("@@unique"));
  });

  it("offers the values of an enum and functions as defaults", () => {
    assert.deepEqual(inModel("s Stage @default($0)"), ["OPEN", "WON"]);
    assert.deepEqual(inModel("n Int @default($0"), ["autoincrement()", 'dbgenerated("")']);
  });

  it("is not led astray by a list that was never closed above", () => {
    assert.deepEqual(labels("model M {\n  id Int @id\n  a Other @relation(fields: [id\n  b Other @relation(fields: [$0\n}\n"), ["id"]);
  });

  it("replaces what is typed, the attribute's signs included", () => {
    const marked = "model M {\n  id Int @de$0\n}\n";
    const found = offered(marked).find(({ label }) => label === "@default");
    assert.deepEqual(found?.span, { start: marked.indexOf("@de"), end: marked.indexOf("$0") });
    assert.equal(found?.insert, "@default($1)");
    assert.equal(found?.isSnippet, true);
  });

  it("answers at every place of a half-typed schema", () => {
    const text = `model M {\n  id Int @id @default(autoincrement())\n  o Other? @relation("x", fields: [id], references: [key], onDelete: Cascade)\n  @@index([id(sort: Desc)], map: "a", type: Gin)\n${rest}`;
    for (let end = 0; end <= text.length; end++) {
      const half = text.slice(0, end);
      completePrisma([parsePrisma("file:///a.prisma", half)], half, end);
    }
  });
});
