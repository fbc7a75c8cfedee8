import assert from "node:assert/strict";
import { fromPrisma } from "../../../server/src/model/fromPrisma.ts";
import { occurrenceAt, prismaOccurrences, type PrismaTarget } from "../../../server/src/prisma/occurrences.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import { renamePrisma } from "../../../server/src/prisma/rename.ts";
import type { PrismaFile } from "../../../server/src/prisma/syntax.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { crm, crmLegacy } from "../../support/samples.ts";

const uri = "file:///a.prisma";
const parse = (text: string, at = uri): PrismaFile => parsePrisma(at, text);

function after(files: readonly PrismaFile[], target: PrismaTarget, newName: string): readonly PrismaFile[] {
  const renaming = renamePrisma(files, target, newName);
  assert.ok(renaming.ok, renaming.ok ? "" : renaming.reason);
  return files.map((file) => {
    const edit = renaming.edits.find((one) => one.uri === file.uri);
    return edit?.kind === "change" ? parse(applyEdits(file.text, edit.edits), file.uri) : file;
  });
}

const renamed = (text: string, target: PrismaTarget, newName: string): string => after([parse(text)], target, newName)[0]?.text ?? "";

/** Why it is refused; empty when it is not. */
function refusal(text: string, target: PrismaTarget, newName: string): string {
  const renaming = renamePrisma([parse(text)], target, newName);
  return renaming.ok ? "" : renaming.reason;
}

/** What the database has, without places and the names that only Prisma knows. */
function databaseOf(files: readonly PrismaFile[]): string {
  return JSON.stringify(fromPrisma(files, { major: 7 }), (name, value: unknown) => {
    if (name === "origins" || name === "prismaName") return undefined;
    if (typeof value === "bigint") return String(value);
    return value instanceof Map ? [...value.values()] : value;
  });
}

describe("renamePrisma", () => {
  it("renames a model in its relations and keeps its table", () => {
    const text =
      "model A {\n  id Int @id\n  b  B[]\n}\n\nmodel B {\n  id  Int @id\n  aId Int\n  a   A   @relation(fields: [aId], references: [id])\n}\n";
    assert.equal(
      renamed(text, { kind: "model", name: "A" }, "Account"),
      'model Account {\n  id Int @id\n  b  B[]\n\n  @@map("A")\n}\n\nmodel B {\n  id  Int @id\n  aId Int\n  a   Account   @relation(fields: [aId], references: [id])\n}\n',
    );
  });

  it("adds @@map below other attributes, and none where there is one", () => {
    const text = "model A {\n  id Int @id\n\n  @@index([id]) // why\n}\n";
    assert.equal(renamed(text, { kind: "model", name: "A" }, "B"), 'model B {\n  id Int @id\n\n  @@index([id]) // why\n  @@map("A")\n}\n');
    const mapped = 'model A {\n  id Int @id\n\n  @@map("as")\n}\n';
    assert.equal(renamed(mapped, { kind: "model", name: "A" }, "B"), mapped.replace("model A", "model B"));
  });

  it("renames a field in lists, in both ends of relations and in predicates, and keeps its column", () => {
    const text = `model A {
  id  Int @id
  key Int // the key
  b   B[]

  @@unique([key(sort: Desc), id])
  @@index(fields: [key], where: { key: null })
}

model B {
  id  Int @id
  key Int
  a   A   @relation(fields: [key], references: [key])
}
`;
    assert.equal(
      renamed(text, { kind: "field", block: "A", name: "key" }, "code"),
      text
        .replace("key Int // the key", 'code Int @map("key") // the key')
        .replace("[key(", "[code(")
        .replace("fields: [key], where: { key:", "fields: [code], where: { code:")
        .replace("references: [key]", "references: [code]"),
    );
    assert.equal(
      renamed(text, { kind: "field", block: "B", name: "key" }, "code"),
      text.replace("  key Int\n  a", '  code Int @map("key")\n  a').replace("@relation(fields: [key]", "@relation(fields: [code]"),
    );
  });

  it("gives a relation field, which has no column, no @map", () => {
    const text =
      "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n}\n";
    assert.equal(renamed(text, { kind: "field", block: "B", name: "a" }, "owner"), text.replace("  a A", "  owner A"));
  });

  it("renames an enum and its values where they are defaults", () => {
    const text =
      'enum E {\n  A\n  B\n}\n\nmodel M {\n  id Int @id\n  e  E   @default(A)\n  es E[] @default([A, B])\n  x  String @default("A")\n}\n';
    assert.equal(
      renamed(text, { kind: "value", block: "E", name: "A" }, "First"),
      text.replace("  A\n", '  First @map("A")\n').replace("@default(A)", "@default(First)").replace("[A, B]", "[First, B]"),
    );
    assert.equal(
      renamed(text, { kind: "enum", name: "E" }, "F"),
      text.replace("enum E", "enum F").replace("  B\n}", '  B\n\n  @@map("E")\n}').replace("e  E ", "e  F ").replace("es E[]", "es F[]"),
    );
  });

  it("keeps the table of a many-to-many relation by the relation's name", () => {
    const text = "model Post {\n  id Int @id\n  tags Tag[]\n}\nmodel Tag {\n  id Int @id\n  posts Post[] // all\n}\n";
    assert.equal(
      renamed(text, { kind: "model", name: "Tag" }, "Topic"),
      'model Post {\n  id Int @id\n  tags Topic[] @relation("PostToTag")\n}\nmodel Topic {\n  id Int @id\n  posts Post[] @relation("PostToTag") // all\n\n  @@map("Tag")\n}\n',
    );
  });

  it("refuses a name that would exchange the columns of a many-to-many table", () => {
    const text = "model Post {\n  id Int @id\n  tags Tag[]\n}\nmodel Tag {\n  id Int @id\n  posts Post[]\n}\n";
    assert.match(refusal(text, { kind: "model", name: "Tag" }, "Label"), /A and B .* would change places/);
    const self = 'model P {\n  id Int @id\n  a P[] @relation("x")\n  b P[] @relation("x")\n}\n';
    assert.match(refusal(self, { kind: "field", block: "P", name: "a" }, "c"), /would change places/);
    assert.equal(refusal(self, { kind: "field", block: "P", name: "a" }, "aa"), "");
  });

  for (const [what, newName, reason] of [
    ["an empty name", "", /is no name in Prisma/],
    ["a name with a quote", 'a"b', /is no name in Prisma/],
    ["a name with another script", "Größe", /is no name in Prisma/],
    ["a name that begins with an underscore", "_a", /is no name in Prisma/],
    ["a name that is taken", "Other", /has a model Other already/],
    ["the name of an enum", "Kind", /has an enum Kind already/],
    ["a type of Prisma's", "String", /keeps for itself/],
    ["a word of JavaScript", "class", /keeps for itself/],
  ] as const) {
    it(`refuses ${what} for a model`, () => {
      const text = "model A {\n  id Int @id\n}\nmodel Other {\n  id Int @id\n}\nenum Kind {\n  A\n}\n";
      assert.match(refusal(text, { kind: "model", name: "A" }, newName), reason);
    });
  }

  it("refuses names that a field or a value has, and schemas that are half typed", () => {
    const text = "model A {\n  id Int @id\n  b Int\n}\nenum E {\n  X\n  Y\n}\n";
    assert.match(refusal(text, { kind: "field", block: "A", name: "id" }, "b"), /A has a field b already/);
    assert.match(refusal(text, { kind: "value", block: "E", name: "X" }, "Y"), /E has a value Y already/);
    assert.match(refusal(`${text}model B {`, { kind: "model", name: "A" }, "C"), /a\.prisma has a syntax error/);
  });

  it("ends lines as the file does", () => {
    assert.equal(
      renamed("model A {\r\n  id Int @id\r\n}\r\n", { kind: "model", name: "A" }, "B"),
      'model B {\r\n  id Int @id\r\n\r\n  @@map("A")\r\n}\r\n',
    );
  });

  it("changes nothing in the database, whatever in the samples gets another name", () => {
    for (const sample of [crm, crmLegacy]) {
      let files: readonly PrismaFile[] = sample.schema.map(({ uri: at, text }) => parse(text, at));
      const before = databaseOf(files);
      const targets = prismaOccurrences(files).filter(({ isDeclaration }) => isDeclaration);
      // Every third field and value; before the blocks, by whose names they are known.
      for (const { target } of targets.filter(({ target: one }, at) => "block" in one && at % 3 === 0))
        files = after(files, target, `${target.name}X`);
      assert.equal(databaseOf(files), before);
      for (const { target } of targets.filter(({ target: one }) => !("block" in one))) files = after(files, target, `${target.name}X`);
      assert.ok(files.every(({ problems }) => problems.length === 0));
      assert.equal(databaseOf(files), before);
      assert.ok(files.every(({ text }) => !/^(?:model|enum) \w+[^X] \{/m.test(text)));
    }
  }).timeout(120_000);
});

describe("occurrenceAt", () => {
  it("knows what stands in a list, in a type and in a default", () => {
    const text =
      "enum E {\n  V\n}\nmodel A {\n  id Int @id\n  e E @default(V)\n  b B @relation(fields: [id], references: [key])\n  @@index([id])\n}\nmodel B {\n  key Int @id\n  a A[]\n}\n";
    const at = (place: string): unknown => occurrenceAt([parse(text)], uri, text.indexOf(place) + 1)?.target;
    assert.deepEqual(at("V)"), { kind: "value", block: "E", name: "V" });
    assert.deepEqual(at("E @default"), { kind: "enum", name: "E" });
    assert.deepEqual(at("key]"), { kind: "field", block: "B", name: "key" });
    assert.deepEqual(at("id])\n}"), { kind: "field", block: "A", name: "id" });
    assert.deepEqual(at("B @relation"), { kind: "model", name: "B" });
    assert.equal(at("relation"), undefined);
  });
});
