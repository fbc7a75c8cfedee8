import assert from "node:assert/strict";
import fc from "fast-check";
import { fromPrisma } from "../../../server/src/model/fromPrisma.ts";
import { Places } from "../../../server/src/model/places.ts";
import type { Column, Element, ForeignKey, Index, Schema, Table, TextOrigin } from "../../../server/src/model/schema.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { inconsistencies } from "../../support/inconsistencies.ts";
import { prisma6Sample, prismaSamples } from "../../support/prismaSchemas.ts";

const uri = "file:///schema.prisma";
const text = `datasource db {
  provider = "postgresql"
}

/// A person.
model User {
  id        String   @id(map: "user_key") @default(uuid(7)) @db.Uuid
  email     String   @unique
  updated   DateTime @default(now()) @updatedAt
  token     String   @default(nanoid())
  teamId    Int?     @map("team_id")
  team      Team?    @relation(fields: [teamId], references: [id], onDelete: Cascade)
  mentor    User?    @relation("mentor", fields: [mentorId], references: [id])
  mentorId  String?  @db.Uuid
  pupils    User[]   @relation("mentor")
  tags      Tag[]

  @@unique([email, teamId], name: "emailAndTeam")
  @@index([teamId])
  @@map("users")
}

model Team {
  id    Int    @id @default(autoincrement())
  users User[]
}

model Tag {
  id    Int    @id
  users User[]
}

enum Role {
  ADMIN @map("admin")
}

view Totals {
  id Int @unique @map("the_id")
}
`;

describe("fromPrisma", () => {
  before(() => loadSqlParser());

  it("says where everything stands, by database name and Prisma's", () => {
    const schema = read(text);
    const users = table(schema, "public.users");
    assert.equal(users.prismaName, "User");
    assert.equal(at(users.origins), "User");
    assert.equal(spanText(users.origins).startsWith("model User {") && spanText(users.origins).endsWith("}"), true);
    assert.deepEqual(parts(users.origins), {
      close: "}",
      lastField: "tags      Tag[]",
      lastAttribute: '@@map("users")',
    });
    const team = column(users, "team_id");
    assert.deepEqual([team.prismaName, at(team.origins), spanText(team.origins)], ["teamId", "teamId", 'teamId    Int?     @map("team_id")']);
    const id = column(users, "id");
    assert.deepEqual(parts(id.origins), { type: "String", nativeType: "@db.Uuid", id: '@id(map: "user_key")', default: "@default(uuid(7))" });
    assert.deepEqual([at(schema.enums.get("public.Role")?.origins), schema.enums.get("public.Role")?.values], ["Role", ["admin"]]);
    assert.deepEqual([at(schema.views.get("public.Totals")?.origins), schema.views.get("public.Totals")?.columns], ["Totals", ["the_id"]]);
  });

  it("places keys and indexes at their attributes", () => {
    const users = table(read(text), "public.users");
    assert.deepEqual([users.primaryKey?.name, at(users.primaryKey?.origins)], ["user_key", '@id(map: "user_key")']);
    assert.deepEqual(
      users.indexes.map((each) => [each.name, each.prismaName, at(each.origins)]),
      [
        ["user_key", undefined, '@id(map: "user_key")'],
        ["users_email_key", undefined, "@unique"],
        ["users_email_team_id_key", "emailAndTeam", '@@unique([email, teamId], name: "emailAndTeam")'],
        ["users_team_id_idx", undefined, "@@index([teamId])"],
      ],
    );
    assert.deepEqual(parts(index(users, "users_team_id_idx").origins), { attribute: "@@index([teamId])", fields: "[teamId]" });
    assert.deepEqual(users.uniqueConstraints, [], "Prisma makes unique indexes, not constraints");
  });

  it("places foreign keys at their relation fields, with the parts a fix replaces", () => {
    const users = table(read(text), "public.users");
    const team = foreignKey(users, "users_team_id_fkey");
    assert.deepEqual([team.prismaName, at(team.origins), team.onDelete, team.onDeleteStated, team.onUpdate], ["team", "team", "cascade", true, "cascade"]);
    assert.deepEqual(parts(team.origins), {
      attribute: "@relation(fields: [teamId], references: [id], onDelete: Cascade)",
      type: "Team?",
      fields: "[teamId]",
      references: "[id]",
      onDelete: "Cascade",
    });
    const mentor = foreignKey(users, "users_mentorId_fkey");
    assert.deepEqual([mentor.onDelete, mentor.onDeleteStated, parts(mentor.origins)["onDelete"]], ["setNull", false, undefined]);
  });

  it("tells defaults of the database from those of the client", () => {
    const users = table(read(text), "public.users");
    assert.deepEqual(
      ["id", "email", "updated", "token"].map((name) => [column(users, name).default?.text, column(users, name).clientDefault]),
      [
        [undefined, "uuid(7)"],
        [undefined, undefined],
        ["CURRENT_TIMESTAMP", "updatedAt"],
        [undefined, "nanoid()"],
      ],
    );
    const schema = read(text);
    assert.equal(column(table(schema, "public.Team"), "id").default?.text, `nextval('"Team_id_seq"'::regclass)`);
    assert.deepEqual(schema.sequences.get("public.Team_id_seq")?.ownedBy, "public.Team.id");
  });

  it("implies the join table of a many-to-many relation, with a primary key since Prisma 6", () => {
    const seven = table(read(text), "public._TagToUser");
    assert.deepEqual(seven.origins, [{ kind: "implied", by: "Tag.users" }]);
    assert.deepEqual([...seven.columns.values()].map(({ name, type }) => `${name} ${type.name}`), ["A int4", "B uuid"]);
    assert.deepEqual([seven.primaryKey?.name, ...seven.indexes.map(({ name }) => name)], ["_TagToUser_AB_pkey", "_TagToUser_AB_pkey", "_TagToUser_B_index"]);
    assert.deepEqual(seven.foreignKeys.map(({ name, references }) => [name, references.key]), [["_TagToUser_A_fkey", "public.Tag"], ["_TagToUser_B_fkey", "public.users"]]);
    const five = table(read(text, 5), "public._TagToUser");
    assert.equal(five.primaryKey, undefined);
    assert.deepEqual(five.indexes.map(({ name, unique, primary }) => [name, unique, primary]), [["_TagToUser_AB_unique", true, false], ["_TagToUser_B_index", false, false]]);
  });

  it("reads a schema over several files", () => {
    const files = text.split(/\n(?=model T)/).map((part, i) => parsePrisma(`file:///${i}.prisma`, part));
    const schema = fromPrisma(files);
    assert.deepEqual([...schema.tables.keys()].sort(), [...read(text).tables.keys()].sort());
    assert.deepEqual(schema.sources, [{ layer: "prisma", uris: ["file:///0.prisma", "file:///1.prisma", "file:///2.prisma"], complete: true, unread: [] }]);
    const origin = table(schema, "public.Tag").origins[0];
    assert.ok(origin.kind === "prisma");
    assert.equal(origin.uri, "file:///2.prisma");
  });

  it("says nothing of a schema for another database", () => {
    const schema = read(text.replace("postgresql", "mysql"));
    assert.equal(schema.tables.size + schema.enums.size + schema.namespaces.size, 0);
  });

  it("knows that it did not read a Prisma 8 file", () => {
    const schema = fromPrisma([parsePrisma(uri, "// use prisma-8\nmodel A {\n}\n")]);
    assert.deepEqual([schema.sources[0]?.complete, schema.sources[0]?.unread[0]?.what], [false, "Prisma 8 schema"]);
  });

  describe("with what is half typed", () => {
    it("keeps a relation to a missing model as a dangling reference", () => {
      const schema = read("model A {\n  id Int @id\n  bId Int\n  b Nope @relation(fields: [bId, gone], references: [key])\n}\n");
      const key = foreignKey(table(schema, "public.A"), "A_bId_gone_fkey");
      assert.deepEqual([key.columns, key.references], [["bId", "gone"], { schema: "public", table: "Nope", key: "public.Nope", columns: ["key"] }]);
    });

    it("gives a field of an unknown type an unknown type", () => {
      const a = table(read("model A {\n  id Int @id\n  b Strin?\n  c\n}\n"), "public.A");
      assert.deepEqual([...a.columns.keys()], ["id", "b"]);
      assert.deepEqual(column(a, "b").type, { schema: undefined, name: "Strin", modifiers: [], isArray: false, kind: "unknown" });
    });

    it("takes the first of two with the same name", () => {
      const schema = read("model A {\n  id Int @id\n}\nmodel A {\n  other Int @id\n}\nmodel B {\n  id Int @id\n  id String\n  @@map(\"A\")\n}\n");
      assert.deepEqual([...schema.tables.keys()], ["public.A"]);
      assert.deepEqual([...table(schema, "public.A").columns.keys()], ["id"]);
    });

    it("never throws, on any prefix or deletion of any sample", () => {
      for (const sample of [...prismaSamples, prisma6Sample]) {
        for (let end = 0; end <= sample.text.length; end += 31) read(sample.text.slice(0, end));
      }
      fc.assert(
        fc.property(fc.constantFrom(...prismaSamples), fc.nat(4000), fc.nat(4000), (sample, a, b) => {
          read(sample.text.slice(0, Math.min(a, b)) + sample.text.slice(Math.max(a, b)));
        }),
        { numRuns: 60 },
      );
      for (const odd of ['model A {\n  id Int @id @default(autoincrement()) @map("\\u0000")\n  @@map("\\u0000")\n  @@schema("")\n}', 'model constructor {\n  __proto__ Int @id @__proto__\n  toString constructor[]\n}']) read(odd);
    });
  });

  describe("after a keystroke", () => {
    it("builds what changed and what moved, and keeps the tables above", () => {
      const before = parsePrisma(uri, text);
      const schema = fromPrisma([before]);
      const edited = fromPrisma([parsePrisma(uri, text.replace("model Tag {\n  id    Int", "model Tag {\n  id    BigInt"), before)]);
      assert.equal(table(edited, "public.users"), table(schema, "public.users"));
      assert.equal(table(edited, "public.Team"), table(schema, "public.Team"));
      assert.notEqual(table(edited, "public.Tag"), table(schema, "public.Tag"));
      assert.equal(column(table(edited, "public._TagToUser"), "A").type.name, "int8");
    });

    it("moves the spans of what stands below", () => {
      const before = parsePrisma(uri, text);
      fromPrisma([before]);
      const moved = `// one line more\n${text}`;
      const file = parsePrisma(uri, moved, before);
      const { start, end } = new Places([file]).nameSpan(textOrigin(table(fromPrisma([file]), "public.users").origins));
      assert.equal(moved.slice(start, end), "User");
    });

    it("follows a change of what a model refers to", () => {
      const before = parsePrisma(uri, text);
      const old = fromPrisma([before]);
      const renamed = fromPrisma([parsePrisma(uri, text.replace("model Team {\n  id    Int    @id", 'model Team {\n  id    Int    @id @map("team_key")'), before)]);
      assert.deepEqual(foreignKey(table(old, "public.users"), "users_team_id_fkey").references.columns, ["id"]);
      assert.deepEqual(foreignKey(table(renamed, "public.users"), "users_team_id_fkey").references.columns, ["team_key"]);
      const gone = fromPrisma([parsePrisma(uri, text.replace("model Team {", "enum Team {"), before)]);
      assert.deepEqual(table(gone, "public.users").foreignKeys.map(({ name }) => name), ["users_mentorId_fkey"]);
    });

    it("gives a sequence its own name again once that is free", () => {
      const clash = 'model A {\n  id Int @id @default(autoincrement()) @map("b_c")\n}\nmodel A_b {\n  c Int @id @default(autoincrement())\n}\n';
      const before = parsePrisma(uri, clash);
      assert.deepEqual([...fromPrisma([before]).sequences.keys()], ["public.A_b_c_seq", "public.A_b_c_seq1"]);
      const after = parsePrisma(uri, clash.replace(" @default(autoincrement()) @map", " @map                         "), before);
      assert.deepEqual([...fromPrisma([after]).sequences.keys()], ["public.A_b_c_seq"]);
    });

    it("gives what building afresh gives, whatever was typed", () => {
      const sample = prismaSamples.filter(({ id }) => id === "relations" || id === "many-to-many").map((each) => each.text).join("\n");
      fc.assert(
        fc.property(fc.array(fc.record({ at: fc.nat(sample.length), remove: fc.nat(20), insert: fc.constantFrom("", "x", "?", "[]", " @id", "}\n", "\n") }), { minLength: 1, maxLength: 3 }), (edits) => {
          let current = sample;
          let file = parsePrisma(uri, current);
          fromPrisma([file]);
          for (const { at: from, remove, insert } of edits) {
            current = current.slice(0, from) + insert + current.slice(from + remove);
            file = parsePrisma(uri, current, file);
            assert.deepEqual(fromPrisma([file]), fromPrisma([parsePrisma(uri, current)]));
          }
        }),
        { numRuns: 20 },
      );
    });
  });
});

/** Of what was read last. */
let places = new Places([]);

function read(source: string, major = 7): Schema {
  const file = parsePrisma(uri, source);
  places = new Places([file]);
  const schema = fromPrisma([file], { major });
  for (const element of [...schema.tables.values(), ...schema.views.values(), ...schema.enums.values(), ...schema.sequences.values()]) assert.ok(element.origins.length > 0);
  for (const sentence of inconsistencies(schema)) assert.match(sentence, /has a key of|has no index/, "maps and keys agree");
  return schema;
}

function textOrigin(origins: Element["origins"] | undefined): TextOrigin {
  const origin = origins?.[0];
  assert.ok(origin?.kind === "prisma");
  return origin;
}

/** What the name's span covers in `text`. */
function at(origins: Element["origins"] | undefined): string {
  const nameSpan = places.nameSpan(textOrigin(origins));
  return text.slice(nameSpan.start, nameSpan.end);
}

function spanText(origins: Element["origins"] | undefined): string {
  const span = places.span(textOrigin(origins));
  return text.slice(span.start, span.end);
}

function parts(origins: Element["origins"] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(places.origin(textOrigin(origins)).parts ?? {}).map(([name, span]) => [name, text.slice(span.start, span.end)]));
}

function table(schema: Schema, key: string): Table {
  const found = schema.tables.get(key);
  assert.ok(found, `there is ${key} among ${[...schema.tables.keys()].join(", ")}`);
  return found;
}

function column(of: Table, name: string): Column {
  const found = of.columns.get(name);
  assert.ok(found, `there is ${name}`);
  return found;
}

function index(of: Table, name: string): Index {
  const found = of.indexes.find((each) => each.name === name);
  assert.ok(found, `there is ${name}`);
  return found;
}

function foreignKey(of: Table, name: string): ForeignKey {
  const found = of.foreignKeys.find((each) => each.name === name);
  assert.ok(found, `there is ${name} among ${of.foreignKeys.map((each) => each.name).join(", ")}`);
  return found;
}
