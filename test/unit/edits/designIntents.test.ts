/** Comments, names, and house style: what the intents write, and that they change nothing but what they say. */
import assert from "node:assert/strict";
import type { DesignIntent } from "../../../server/src/edits/intents/designIntent.ts";
import { renderIntent } from "../../../server/src/edits/render.ts";
import type { RenderContext } from "../../../server/src/edits/renderContext.ts";
import type { Column, Schema, Table } from "../../../server/src/model/schema.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { differenceOf, unexplained } from "../../support/facts.ts";
import { inPlace, type Language } from "../../support/ruleExamples.ts";
import { parsePrismaText, parseSqlText, prismaUri, sqlUri } from "../../support/schemas.ts";

before(() => loadSqlParser());

const migration = { kind: "newMigration", uri: "file:///workspace/migrations/2/migration.sql" } as const;

describe("a comment", () => {
  const model = "model User {\n  id    Int    @id\n  email String // plain\n}\n";

  it("stands above the model", () => {
    assert.equal(
      changed("prisma", model, (schema) => commentOn(schema, undefined, "People.\nWho sign in.")),
      `/// People.\n/// Who sign in.\n${model}`,
    );
  });

  it("stands above the field, and takes the place of what was said above and behind it", () => {
    assert.equal(
      changed("prisma", model, (schema) => commentOn(schema, "email", "@pii")),
      "model User {\n  id    Int    @id\n  /// @pii\n  email String // plain\n}\n",
    );
    const said = "model User {\n  id    Int    @id\n  /// Where\n  // TODO\n  /// to write to\n  email String /// lower case\n}\n";
    assert.equal(
      changed("prisma", said, (schema) => commentOn(schema, "email", "@pii")),
      "model User {\n  id    Int    @id\n  /// @pii\n  // TODO\n  email String\n}\n",
    );
  });

  it("is a statement behind the table, with its quotes doubled", () => {
    assert.equal(
      changed("sql", 'CREATE TABLE "User" (id int PRIMARY KEY, "e-mail" text);\n', (schema) => commentOn(schema, "e-mail", "The user's")),
      `CREATE TABLE "User" (id int PRIMARY KEY, "e-mail" text);\nCOMMENT ON COLUMN "User"."e-mail" IS 'The user''s';\n`,
    );
  });

  it("takes the place of the last one that says it now", () => {
    const text = "CREATE TABLE a (id int);\nCOMMENT ON TABLE a IS 'One';\nCOMMENT ON TABLE public.a IS 'Two';\nCOMMENT ON COLUMN a.id IS 'Two';\n";
    assert.equal(
      changed("sql", text, (schema) => commentOn(schema, undefined, "Three")),
      text.replace("COMMENT ON TABLE public.a IS 'Two';", "COMMENT ON TABLE a IS 'Three';"),
    );
  });

  it("of what has been migrated is a new migration, for a Prisma schema too where the database is to have it", () => {
    const sql = { ...parseSqlText("CREATE TABLE a (id int);"), text: "CREATE TABLE a (id int);" };
    assert.deepEqual(renderIntent(commentOn(sql.schema, "id", "Key"), { ...inPlace(sql), sqlPlacement: () => migration }), [
      { kind: "create", uri: migration.uri, text: "COMMENT ON COLUMN a.id IS 'Key';\n" },
    ]);
    const prisma = { ...parsePrismaText(model), text: model };
    const intent: DesignIntent = { ...commentOn(prisma.schema, "email", "@pii"), inDatabase: true };
    assert.deepEqual(renderIntent(intent, { ...inPlace(prisma), sqlPlacement: () => migration }), [
      { kind: "create", uri: migration.uri, text: `COMMENT ON COLUMN "User".email IS '@pii';\n` },
    ]);
    assert.ok("ok" in renderIntent(intent, inPlace(prisma)));
  });
});

describe("another name in Prisma", () => {
  const text = `model team_member {
  id       Int     @id
  team_id  Int     @map("team")
  user_ref Int
  boss_ref Int?
  boss     team_member?  @relation("boss", fields: [boss_ref], references: [id])
  team_member team_member[] @relation("boss") // of team_member user_ref
  user     User    @relation(fields: [user_ref], references: [id_ref])

  @@unique([team_id, user_ref(sort: Desc)], map: "user_ref")
  @@index(user_ref, map: "team_member_user_ref_idx2")
  @@index(fields: [user_ref], type: Hash)
}

model User {
  id_ref   Int           @id
  user_ref String
  members  team_member[]
}
`;

  it("of a model is said wherever it is the type of a field, and @@map keeps the table", () => {
    assert.equal(
      changed("prisma", text, (schema) => rename(schema, "team_member", undefined, "TeamMember")),
      text
        .replace("model team_member {", "model TeamMember {")
        .replace("team_member?", "TeamMember?")
        .replaceAll("team_member[]", "TeamMember[]")
        .replace("type: Hash)\n", 'type: Hash)\n  @@map("team_member")\n'),
    );
    const bare = "model user {\n  id Int @id\n}\n";
    assert.equal(
      changed("prisma", bare, (schema) => rename(schema, "user", undefined, "User")),
      'model User {\n  id Int @id\n\n  @@map("user")\n}\n',
    );
    const known = 'model user {\n  id Int @id\n  @@map("u")\n}\n';
    assert.equal(
      changed("prisma", known, (schema) => rename(schema, "u", undefined, "User")),
      'model User {\n  id Int @id\n  @@map("u")\n}\n',
    );
  });

  it("of a field is said in keys, indexes and relations, and in no other model's", () => {
    assert.equal(
      changed("prisma", text, (schema) => rename(schema, "team_member", "user_ref", "userId")),
      text
        .replace("user_ref Int\n", 'userId Int @map("user_ref")\n')
        .replace("fields: [user_ref], references: [id_ref]", "fields: [userId], references: [id_ref]")
        .replace("user_ref(sort", "userId(sort")
        .replace("@@index(user_ref", "@@index(userId")
        .replace("fields: [user_ref], type", "fields: [userId], type"),
    );
    assert.equal(
      changed("prisma", text, (schema) => rename(schema, "User", "id_ref", "id")),
      text.replace("references: [id_ref]", "references: [id]").replace("id_ref   Int           @id", 'id   Int           @id @map("id_ref")'),
    );
    assert.equal(
      changed("prisma", text, (schema) => rename(schema, "team_member", "team", "teamId")),
      text.replace("team_id  Int", "teamId  Int").replace("[team_id,", "[teamId,"),
    );
  });

  it("is said in every file of the schema", () => {
    const files = new Map([
      [prismaUri, "model user {\n  id Int @id\n  notes note[]\n}\n"],
      ["file:///workspace/note.prisma", "model note {\n  id Int @id\n  user_id Int\n  user user @relation(fields: [user_id], references: [id])\n}\n"],
    ]);
    const parsed = parsePrismaText(files.get(prismaUri) ?? "");
    const context: RenderContext = { ...inPlace({ ...parsed, text: "" }), readText: (uri) => files.get(uri) };
    const intent = { ...rename(parsed.schema, "user", undefined, "User"), files: [...files.keys()] };
    const edits = renderIntent(intent, context);
    assert.ok(!("ok" in edits));
    assert.deepEqual(
      edits.map((edit) => (edit.kind === "change" ? applyEdits(files.get(edit.uri) ?? "", edit.edits) : "")),
      [
        'model User {\n  id Int @id\n  notes note[]\n\n  @@map("user")\n}\n',
        "model note {\n  id Int @id\n  user_id Int\n  user User @relation(fields: [user_id], references: [id])\n}\n",
      ],
    );
  });

  it("is nothing that SQL could say", () => {
    const sql = { ...parseSqlText("CREATE TABLE a (id int);"), text: "" };
    assert.ok("ok" in renderIntent(rename(sql.schema, "a", undefined, "B"), inPlace(sql)));
  });
});

describe("a column as another table has it", () => {
  it("is written as that model writes it, without what makes a key of it", () => {
    const text = `model A {
  id        Int      @id
  /// When it was made
  createdAt DateTime @unique @default(now()) @map("created_at") @db.Timestamptz(3)
}

model B {
  id Int @id // its key

  @@map("b")
}
`;
    assert.equal(
      changedWithout(["index", "unique"], "prisma", text, (schema) => likeIn(schema, "b", "A", "created_at")),
      text.replace("// its key\n", '// its key\n  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3)\n'),
    );
  });

  it("joins CREATE TABLE, or is added by a migration", () => {
    const text = "CREATE TABLE a (id int, created_at timestamptz(3) NOT NULL DEFAULT now());\nCREATE TABLE b (\n  id int\n);\n";
    assert.equal(
      changed("sql", text, (schema) => likeIn(schema, "b", "a", "created_at")),
      text.replace("  id int\n", "  id int,\n  created_at timestamptz(3) NOT NULL DEFAULT now()\n"),
    );
    const parsed = { ...parseSqlText(text), text };
    assert.deepEqual(renderIntent(likeIn(parsed.schema, "b", "a", "created_at"), { ...inPlace(parsed), sqlPlacement: () => migration }), [
      { kind: "create", uri: migration.uri, text: "ALTER TABLE b ADD COLUMN created_at timestamptz(3) NOT NULL DEFAULT now();\n" },
    ]);
  });
});

describe("the order of fields", () => {
  it("moves fields with the comments above them, and leaves the rest of the model where it is", () => {
    const text = `model A {
  // when
  createdAt DateTime
  b         B        @relation(fields: [bId], references: [id])

  id        Int      @id // key
  /// of B
  bId       Int
}

model B {
  id Int @id
  a  A[]
}
`;
    assert.equal(
      changed("prisma", text, (schema) => ({ do: "orderFields", table: tableIn(schema, "A"), columns: ["id", "bId", "createdAt"] })),
      `model A {
  id        Int      @id // key
  b         B        @relation(fields: [bId], references: [id])

  /// of B
  bId       Int
  // when
  createdAt DateTime
}

model B {
  id Int @id
  a  A[]
}
`,
    );
  });

  it("is left alone where two fields share a line", () => {
    const text = "model A { id Int @id }\n";
    const parsed = { ...parsePrismaText(text), text };
    assert.ok("ok" in renderIntent({ do: "orderFields", table: tableIn(parsed.schema, "A"), columns: ["id"] }, inPlace(parsed)));
  });
});

/** The text after the intent; fails when the intent changes anything that it does not say. */
function changed(language: Language, text: string, intentOf: (schema: Schema) => DesignIntent): string {
  return changedWithout([], language, text, intentOf);
}

/** `aside` are words of facts that do not count. */
function changedWithout(
  aside: readonly string[],
  language: Language,
  text: string,
  intentOf: (schema: Schema) => DesignIntent,
): string {
  const parse = language === "prisma" ? parsePrismaText : parseSqlText;
  const before = { ...parse(text), text };
  assert.deepEqual(before.problems, []);
  const intent = intentOf(before.schema);
  const edits = renderIntent(intent, inPlace(before));
  assert.ok(!("ok" in edits), "ok" in edits ? edits.reason : "");
  const [edit, ...others] = edits;
  assert.ok(edit?.kind === "change" && edit.uri === (language === "prisma" ? prismaUri : sqlUri) && others.length === 0);
  const after = applyEdits(text, edit.edits);
  const parsed = parse(after);
  assert.deepEqual(parsed.problems, []);
  const rest = unexplained(differenceOf(before.schema, parsed.schema), intent);
  assert.deepEqual(rest.filter((fact) => !aside.some((word) => fact.includes(word))), []);
  return after;
}

function tableIn(schema: Schema, name: string): Table {
  const table = schema.tables.get(`public.${name}`);
  assert.ok(table !== undefined, name);
  return table;
}

function columnIn(table: Table, name: string): Column {
  const column = table.columns.get(name);
  assert.ok(column !== undefined, name);
  return column;
}

function commentOn(schema: Schema, column: string | undefined, text: string): DesignIntent & { readonly do: "setComment" } {
  const [table] = schema.tables.values();
  assert.ok(table !== undefined);
  return { do: "setComment", table, column: column === undefined ? undefined : columnIn(table, column), text };
}

function rename(schema: Schema, table: string, column: string | undefined, name: string): DesignIntent & { readonly do: "mapName" } {
  const renamed = tableIn(schema, table);
  return { do: "mapName", table: renamed, column: column === undefined ? undefined : columnIn(renamed, column), name, files: [] };
}

function likeIn(schema: Schema, table: string, other: string, column: string): DesignIntent {
  const like = tableIn(schema, other);
  return { do: "addColumn", table: tableIn(schema, table), like: { table: like, column: columnIn(like, column) } };
}
