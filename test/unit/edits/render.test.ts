import assert from "node:assert/strict";
import { renderIntent, renderIntents } from "../../../server/src/edits/render.ts";
import type { RenderContext } from "../../../server/src/edits/renderContext.ts";
import type { Intent } from "../../../server/src/edits/intent.ts";
import { fixIn } from "../../../server/src/rules/rule.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { applyEdits, type FileEdit } from "../../../server/src/text/edit.ts";
import { differenceOf, unexplained } from "../../support/facts.ts";
import { type CheckedText, checkText, inPlace, type Language } from "../../support/ruleExamples.ts";
import { parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

const migrationUri = "file:///workspace/migrations/2/migration.sql";
const nextUri = "file:///workspace/migrations/3/migration.sql";

describe("a fix as a new migration", () => {
  const account = "CREATE TABLE account (id int PRIMARY KEY);\n";
  const cases: readonly { readonly rule: string; readonly sql: string; readonly migration: string; readonly next?: string }[] = [
    {
      rule: "require-index-on-foreign-key",
      sql: `${account}CREATE TABLE "Deal" (id int PRIMARY KEY, "accountId" int REFERENCES account ON DELETE CASCADE);`,
      migration: 'CREATE INDEX CONCURRENTLY "Deal_accountId_idx" ON "Deal" ("accountId");\n',
    },
    {
      rule: "require-index-on-foreign-key",
      sql: `${account}CREATE SCHEMA crm; CREATE TABLE crm.order (id int PRIMARY KEY, "user" int REFERENCES account ON DELETE CASCADE);`,
      migration: 'CREATE INDEX CONCURRENTLY order_user_idx ON crm."order" ("user");\n',
    },
    {
      rule: "no-duplicate-index",
      sql: "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE INDEX x ON a (b); CREATE INDEX y ON a (b);",
      migration: "DROP INDEX CONCURRENTLY y;\n",
    },
    {
      rule: "require-primary-key",
      sql: "CREATE TABLE a (b int NOT NULL, c int NOT NULL); CREATE UNIQUE INDEX a_b_c ON a (b, c);",
      migration: "ALTER TABLE a ADD CONSTRAINT a_b_c PRIMARY KEY USING INDEX a_b_c;\n",
    },
    {
      rule: "require-primary-key",
      sql: "CREATE TABLE a (b int NOT NULL UNIQUE);",
      migration: "ALTER TABLE a DROP CONSTRAINT a_b_key, ADD PRIMARY KEY (b);\n",
    },
    {
      rule: "require-primary-key",
      sql: "CREATE TABLE a (b int);",
      migration: "ALTER TABLE a ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;\n",
    },
    {
      rule: "require-primary-key",
      sql: "CREATE TABLE a (b int); CREATE TABLE k (id uuid PRIMARY KEY);",
      migration: "ALTER TABLE a ADD COLUMN id uuid DEFAULT gen_random_uuid() PRIMARY KEY;\n",
    },
    {
      rule: "prefer-timestamptz",
      sql: "CREATE TABLE a (id int PRIMARY KEY, at timestamp(3) DEFAULT now());",
      migration: "ALTER TABLE a ALTER COLUMN at TYPE timestamptz(3) USING at AT TIME ZONE 'UTC';\n",
    },
    {
      rule: "no-float-money",
      sql: "CREATE TABLE a (id int PRIMARY KEY, price float8);",
      migration: "ALTER TABLE a ALTER COLUMN price TYPE numeric(19, 4);\n",
    },
    {
      rule: "prefer-uuid-type",
      sql: "CREATE TABLE a (id text PRIMARY KEY DEFAULT gen_random_uuid()::text); CREATE TABLE b (id int PRIMARY KEY, a text CONSTRAINT b_a REFERENCES a ON DELETE CASCADE DEFERRABLE);",
      migration: `ALTER TABLE b DROP CONSTRAINT b_a;
ALTER TABLE a ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id TYPE uuid USING id::uuid, ALTER COLUMN id SET DEFAULT gen_random_uuid();
ALTER TABLE b ALTER COLUMN a TYPE uuid USING a::uuid;
ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE DEFERRABLE NOT VALID;
`,
      next: "ALTER TABLE b VALIDATE CONSTRAINT b_a;\n",
    },
    {
      rule: "no-cascade-gap",
      sql: `${account}CREATE TABLE deal (id int PRIMARY KEY, a int REFERENCES account ON DELETE CASCADE); CREATE TABLE note (id int PRIMARY KEY, deal_id int NOT NULL REFERENCES deal ON UPDATE CASCADE);`,
      migration:
        "ALTER TABLE note DROP CONSTRAINT note_deal_id_fkey, ADD CONSTRAINT note_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES deal (id) ON DELETE CASCADE ON UPDATE CASCADE NOT VALID;\n",
      next: "ALTER TABLE note VALIDATE CONSTRAINT note_deal_id_fkey;\n",
    },
    {
      rule: "no-soft-delete-unique",
      sql: "CREATE TABLE a (id int PRIMARY KEY, email text UNIQUE, deleted_at date);",
      migration: "ALTER TABLE a DROP CONSTRAINT a_email_key;\nCREATE UNIQUE INDEX a_email_key ON a (email) WHERE deleted_at IS NULL;\n",
    },
    {
      rule: "no-soft-delete-unique",
      sql: 'CREATE TABLE a (id int PRIMARY KEY, email text, "deletedAt" date); CREATE UNIQUE INDEX e ON a (email text_pattern_ops DESC);',
      migration: 'DROP INDEX e;\nCREATE UNIQUE INDEX e ON a (email text_pattern_ops DESC) WHERE "deletedAt" IS NULL;\n',
    },
    {
      rule: "require-tenant-in-foreign-key",
      sql: "CREATE TABLE a (id int PRIMARY KEY, org_id int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, org_id int NOT NULL, a int REFERENCES a ON DELETE CASCADE);",
      migration: `ALTER TABLE a ADD UNIQUE (org_id, id);
ALTER TABLE b DROP CONSTRAINT b_a_fkey, ADD CONSTRAINT b_a_fkey FOREIGN KEY (org_id, a) REFERENCES a (org_id, id) ON DELETE CASCADE NOT VALID;
`,
      next: "ALTER TABLE b VALIDATE CONSTRAINT b_a_fkey;\n",
    },
    {
      rule: "no-required-cycle",
      sql: "CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;",
      migration: "ALTER TABLE a ALTER CONSTRAINT a_b_id_fkey DEFERRABLE INITIALLY DEFERRED;\n",
    },
    {
      rule: "no-duplicate-foreign-key",
      sql: `${account}CREATE TABLE deal (id int PRIMARY KEY, a int REFERENCES account, CONSTRAINT "Again" FOREIGN KEY (a) REFERENCES account);`,
      migration: 'ALTER TABLE deal DROP CONSTRAINT "Again";\n',
    },
    {
      rule: "no-pointless-on-update-cascade",
      sql: "CREATE TABLE a (id uuid PRIMARY KEY DEFAULT gen_random_uuid()); CREATE TABLE b (id int PRIMARY KEY, a uuid REFERENCES a ON UPDATE CASCADE ON DELETE SET NULL);",
      migration:
        "ALTER TABLE b DROP CONSTRAINT b_a_fkey, ADD CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES a (id) ON DELETE SET NULL NOT VALID;\n",
      next: "ALTER TABLE b VALIDATE CONSTRAINT b_a_fkey;\n",
    },
    {
      rule: "no-btree-on-array-or-json",
      sql: `CREATE TABLE a (id int PRIMARY KEY, "someTags" text[]); CREATE INDEX "Tags" ON a ("someTags") WHERE id > 5;`,
      migration: 'DROP INDEX "Tags";\nCREATE INDEX "Tags" ON a USING gin ("someTags") WHERE id > 5;\n',
    },
    {
      rule: "prefer-time-last-in-index",
      sql: "CREATE TABLE a (id int PRIMARY KEY, at timestamptz NOT NULL, kind text); CREATE INDEX i ON a (at DESC, kind) INCLUDE (id);",
      migration: "DROP INDEX i;\nCREATE INDEX i ON a (kind, at DESC) INCLUDE (id);\n",
    },
    {
      rule: "no-constant-index-predicate",
      sql: "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE UNIQUE INDEX i ON a (b) WHERE b IS NOT NULL;",
      migration: "DROP INDEX i;\nCREATE UNIQUE INDEX i ON a (b);\n",
    },
    {
      rule: "require-text-search-index",
      sql: "CREATE TABLE a (id int PRIMARY KEY, words tsvector);",
      migration: "CREATE INDEX CONCURRENTLY a_words_idx ON a USING gin (words);\n",
    },
  ];
  for (const { rule, sql, migration, next } of cases) {
    it(`of ${rule} for ${sql.split("\n").at(-1)}`, () => {
      const checked = checkText(sql, "sql");
      const intent = intentOf(checked, rule);
      const edits = renderIntent(intent, { ...inPlace(checked), sqlPlacement: () => ({ kind: "newMigration", uri: migrationUri }) });
      assert.deepEqual(edits, [{ kind: "create", uri: migrationUri, text: migration }, ...(next === undefined ? [] : [{ kind: "create", uri: nextUri, text: next }])]);
      const after = parseSqlText(`${sql}\n${migration}${next ?? ""}`);
      assert.deepEqual(after.problems, []);
      assert.deepEqual(unexplained(differenceOf(checked.schema, after.schema), intent), []);
    });
  }

  it("is not written for a type below a view", () => {
    const checked = checkText("CREATE TABLE a (id int PRIMARY KEY, price float8); CREATE VIEW v AS SELECT id FROM a;", "sql");
    const edits = renderIntent(intentOf(checked, "no-float-money"), {
      ...inPlace(checked),
      sqlPlacement: () => ({ kind: "newMigration", uri: migrationUri }),
    });
    assert.ok("ok" in edits && edits.reason.includes("view public.v"));
  });

  it("is not written where it would only state what the database has", () => {
    const checked = checkText(`${account}CREATE TABLE deal (id int PRIMARY KEY, a int REFERENCES account);`, "sql");
    const edits = renderIntent(intentOf(checked, "require-on-delete"), {
      ...inPlace(checked),
      sqlPlacement: () => ({ kind: "newMigration", uri: migrationUri }),
    });
    assert.ok("ok" in edits && edits.reason.includes("already has NO ACTION"));
  });

  it("says in SQL what Prisma cannot, and takes it out of the schema", () => {
    const text = "model User {\n  id        Int       @id\n  email     String    @unique\n  deletedAt DateTime? @db.Timestamptz(3)\n}\n";
    const checked = checkText(text, "prisma");
    const edits = renderIntent(intentOf(checked, "no-soft-delete-unique"), {
      ...inPlace(checked),
      sqlPlacement: () => ({ kind: "newMigration", uri: migrationUri }),
    });
    assert.equal(applied(checked, edits), text.replace(/ {4}@unique/, ""));
    assert.ok(!("ok" in edits));
    assert.deepEqual(edits.at(-1), {
      kind: "create",
      uri: migrationUri,
      text: 'DROP INDEX "User_email_key";\nCREATE UNIQUE INDEX "User_email_key" ON "User" (email) WHERE "deletedAt" IS NULL;\n',
    });
  });

  it("is refused where Prisma cannot say it and SQL has no place", () => {
    const checked = checkText(
      "model User {\n  id        Int       @id\n  email     String    @unique\n  deletedAt DateTime? @db.Timestamptz(3)\n}\n",
      "prisma",
    );
    const edits = renderIntent(intentOf(checked, "no-soft-delete-unique"), inPlace(checked));
    assert.ok("ok" in edits && edits.reason.includes("partialIndexes"));
  });
});

describe("a fix in place", () => {
  it("keeps the line breaks of the file", () => {
    const text =
      "model A {\r\n  id Int @id\r\n  bs B[]\r\n}\r\n\r\nmodel B {\r\n  id  Int @id\r\n  aId Int\r\n  a   A   @relation(fields: [aId], references: [id], onDelete: Cascade)\r\n}\r\n";
    const checked = checkText(text, "prisma");
    const after = applied(checked, renderIntent(intentOf(checked, "require-index-on-foreign-key"), inPlace(checked)));
    assert.equal(after, text.replace("Cascade)\r\n}", "Cascade)\r\n\r\n  @@index([aId])\r\n}"));
  });

  const places: readonly {
    readonly what: string;
    readonly language: Language;
    readonly rule: string;
    readonly before: string;
    readonly after: string;
  }[] = [
    {
      what: "puts an index behind the model's other keys, before @@map",
      language: "prisma",
      rule: "require-index-on-foreign-key",
      before: `model A {\n\tid Int @id\n\tbs B[]\n}\nmodel B {\n\tid Int @id\n\taId Int\n\tn Int\n\ta A @relation(fields: [aId], references: [id], onDelete: Cascade)\n\t@@index([n]) // by number\n\t@@map("b")\n}`,
      after: `model A {\n\tid Int @id\n\tbs B[]\n}\nmodel B {\n\tid Int @id\n\taId Int\n\tn Int\n\ta A @relation(fields: [aId], references: [id], onDelete: Cascade)\n\t@@index([n]) // by number\n\t@@index([aId])\n\t@@map("b")\n}`,
    },
    {
      what: "names an index that Prisma would give a name that is taken",
      language: "prisma",
      rule: "require-index-on-foreign-key",
      before: `model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id], onDelete: Cascade)\n  @@index([aId], type: Brin)\n}`,
      after: `model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id], onDelete: Cascade)\n  @@index([aId], type: Brin)\n  @@index([aId], map: "B_aId_idx1")\n}`,
    },
    {
      what: "puts the first index before the model's other attributes",
      language: "prisma",
      rule: "require-index-on-foreign-key",
      before: `model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id], onDelete: Cascade)\n\n  @@map("b")\n}`,
      after: `model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id], onDelete: Cascade)\n\n  @@index([aId])\n  @@map("b")\n}`,
    },
    {
      what: "parts an index from the table by an empty line where the file does",
      language: "sql",
      rule: "require-index-on-foreign-key",
      before:
        "CREATE TABLE a (id int PRIMARY KEY);\n\nCREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE);\n\nSELECT 1;\n",
      after:
        "CREATE TABLE a (id int PRIMARY KEY);\n\nCREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE);\n\nCREATE INDEX b_a_idx ON b (a);\n\nSELECT 1;\n",
    },
    {
      what: "puts an index behind the column that was added later, and closes an open statement",
      language: "sql",
      rule: "require-index-on-foreign-key",
      before: "CREATE TABLE a (id int PRIMARY KEY);\nALTER TABLE a ADD COLUMN parent int REFERENCES a ON DELETE CASCADE",
      after:
        "CREATE TABLE a (id int PRIMARY KEY);\nALTER TABLE a ADD COLUMN parent int REFERENCES a ON DELETE CASCADE;\nCREATE INDEX a_parent_idx ON a (parent);",
    },
    {
      what: "names a table as the file does, and as it is called by then",
      language: "sql",
      rule: "require-index-on-foreign-key",
      before:
        "CREATE TABLE public.a (id int PRIMARY KEY, p int REFERENCES public.a ON DELETE CASCADE);\nALTER TABLE public.a RENAME TO b;\n",
      after:
        "CREATE TABLE public.a (id int PRIMARY KEY, p int REFERENCES public.a ON DELETE CASCADE);\nALTER TABLE public.a RENAME TO b;\nCREATE INDEX b_p_idx ON public.b (p);\n",
    },
    {
      what: "appends what cannot join a table whose column got its name later, before the part that undoes",
      language: "sql",
      rule: "require-primary-key",
      before: "-- +goose Up\nCREATE TABLE a (b int NOT NULL);\nALTER TABLE a RENAME b TO id\n\n-- +goose Down\nDROP TABLE a;\n",
      after:
        "-- +goose Up\nCREATE TABLE a (b int NOT NULL);\nALTER TABLE a RENAME b TO id;\nALTER TABLE a ADD PRIMARY KEY (id);\n\n-- +goose Down\nDROP TABLE a;\n",
    },
    {
      what: "changes a default where it was set last",
      language: "sql",
      rule: "prefer-uuid-type",
      before: "CREATE TABLE a (id text PRIMARY KEY);\nALTER TABLE a ALTER COLUMN id SET DEFAULT gen_random_uuid()::text;\n",
      after: "CREATE TABLE a (id uuid PRIMARY KEY);\nALTER TABLE a ALTER COLUMN id SET DEFAULT gen_random_uuid();\n",
    },
    {
      what: "gives ON DELETE its place in a foreign key that is added later",
      language: "sql",
      rule: "require-on-delete",
      before:
        "CREATE TABLE a (id int PRIMARY KEY, p int);\nALTER TABLE ONLY a\n  ADD CONSTRAINT a_p FOREIGN KEY (p) REFERENCES a(id) ON UPDATE CASCADE NOT VALID;\nCREATE INDEX ON a (p);\n",
      after:
        "CREATE TABLE a (id int PRIMARY KEY, p int);\nALTER TABLE ONLY a\n  ADD CONSTRAINT a_p FOREIGN KEY (p) REFERENCES a(id) ON DELETE NO ACTION ON UPDATE CASCADE NOT VALID;\nCREATE INDEX ON a (p);\n",
    },
    {
      what: "turns a constraint that is added later into a partial index",
      language: "sql",
      rule: "no-soft-delete-unique",
      before: "CREATE TABLE a (id int PRIMARY KEY, e text, deleted_at date);\nALTER TABLE a ADD CONSTRAINT a_e UNIQUE (e);\nSELECT 1;\n",
      after:
        "CREATE TABLE a (id int PRIMARY KEY, e text, deleted_at date);\nCREATE UNIQUE INDEX a_e ON a (e) WHERE deleted_at IS NULL;\nSELECT 1;\n",
    },
    {
      what: "widens a foreign key that is added later",
      language: "sql",
      rule: "require-tenant-in-foreign-key",
      before:
        'CREATE TABLE "A" (id int PRIMARY KEY, org_id int NOT NULL);\nCREATE TABLE b (id int PRIMARY KEY, org_id int NOT NULL, a int);\nALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a) REFERENCES public."A" ON DELETE CASCADE;\n',
      after:
        'CREATE TABLE "A" (id int PRIMARY KEY, org_id int NOT NULL, UNIQUE (org_id, id));\nCREATE TABLE b (id int PRIMARY KEY, org_id int NOT NULL, a int);\nALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (org_id, a) REFERENCES public."A" (org_id, id) ON DELETE CASCADE;\n',
    },
    {
      what: "changes the type where it was set last",
      language: "sql",
      rule: "prefer-timestamptz",
      before: "CREATE TABLE a (id int PRIMARY KEY, at date);\nALTER TABLE a ALTER COLUMN at TYPE timestamp;\n",
      after: "CREATE TABLE a (id int PRIMARY KEY, at date);\nALTER TABLE a ALTER COLUMN at TYPE timestamptz;\n",
    },
    {
      what: "lines a new field up with the first one",
      language: "prisma",
      rule: "require-primary-key",
      before: "model Visit {\n  url    String\n  seenAt DateTime @db.Timestamptz(3)\n}\n",
      after: "model Visit {\n  id     BigInt @id @default(autoincrement())\n  url    String\n  seenAt DateTime @db.Timestamptz(3)\n}\n",
    },
  ];
  for (const { what, language, rule, before: text, after } of places) {
    it(what, () => {
      const checked = checkText(text, language);
      const intent = intentOf(checked, rule);
      const fixed = applied(checked, renderIntent(intent, inPlace(checked)));
      assert.equal(fixed, after);
      assert.deepEqual(unexplained(differenceOf(checked.schema, checkText(fixed, language).schema), intent), []);
    });
  }
});

describe("many fixes at once", () => {
  it("are all of a file, each once, and fit together", () => {
    const text = `model A {
  id String @id @default(uuid())
  bs B[]
}

model B {
  id  Int    @id
  aId String
  bId Int?
  a   A      @relation(fields: [aId], references: [id], onDelete: Cascade)
  b   B?     @relation("tree", fields: [bId], references: [id], onDelete: Cascade)
  bs  B[]    @relation("tree")
}
`;
    const checked = checkText(text, "prisma");
    const rules = ["prefer-uuid-type", "require-index-on-foreign-key"];
    const intents = intentsOf(checked, rules);
    assert.equal(intents.length, 4);
    const { edits, refused } = renderIntents(intents, inPlace(checked));
    assert.deepEqual(refused, []);
    const fixed = applied(checked, edits);
    assert.equal(
      fixed,
      text
        .replace("@default(uuid())", "@default(uuid()) @db.Uuid")
        .replace("aId String\n", "aId String @db.Uuid\n")
        .replace(/\}\n$/, "\n  @@index([aId])\n  @@index([bId])\n}\n"),
    );
    assert.deepEqual(intentsOf(checkText(fixed, "prisma"), rules), []);
  });

  it("leave out one that changes what an earlier one changed", () => {
    const checked = checkText("CREATE TABLE a (id int PRIMARY KEY, b int); CREATE INDEX x ON a (b); CREATE INDEX y ON a (b);", "sql");
    const span = { start: 0, end: 5 };
    const intents: readonly Intent[] = [
      { do: "replaceText", uri: checked.uri, span, text: "one" },
      { do: "replaceText", uri: checked.uri, span, text: "two" },
      { do: "replaceText", uri: checked.uri, span, text: "one" },
    ];
    const { edits, refused } = renderIntents(intents, inPlace(checked));
    assert.deepEqual(edits, [{ kind: "change", uri: checked.uri, edits: [{ span, text: "one" }] }]);
    assert.deepEqual(
      refused.map(({ intent }) => intent),
      [intents[1]],
    );
  });

  it("go into new migrations, each index in one of its own where it must be", () => {
    const checked = checkText(
      "CREATE TABLE a (id int PRIMARY KEY, p int REFERENCES a ON DELETE CASCADE, q int REFERENCES a ON DELETE CASCADE);",
      "sql",
    );
    const context: RenderContext = { ...inPlace(checked), sqlPlacement: () => ({ kind: "newMigration", uri: migrationUri }) };
    const { edits } = renderIntents(intentsOf(checked, ["require-index-on-foreign-key"]), context);
    assert.deepEqual(edits, [
      { kind: "create", uri: migrationUri, text: "CREATE INDEX CONCURRENTLY a_p_idx ON a (p);\n" },
      { kind: "create", uri: nextUri, text: "CREATE INDEX CONCURRENTLY a_q_idx ON a (q);\n" },
    ]);
    const textsFor = (sending: "each" | "transaction"): readonly string[] => renderIntents(intentsOf(checked, ["require-index-on-foreign-key"]), { ...context, sqlPlacement: () => ({ kind: "newMigration", uri: migrationUri, sending }) }).edits.flatMap((edit) => (edit.kind === "create" ? [edit.text] : []));
    assert.deepEqual(textsFor("each"), ["CREATE INDEX CONCURRENTLY a_p_idx ON a (p);\nCREATE INDEX CONCURRENTLY a_q_idx ON a (q);\n"]);
    assert.deepEqual(textsFor("transaction"), ["CREATE INDEX a_p_idx ON a (p);\nCREATE INDEX a_q_idx ON a (q);\n"]);
  });
});

describe("a fix that cannot be written", () => {
  it("says why when the element stands in no file", () => {
    const checked = checkText("CREATE TABLE a (id int PRIMARY KEY, price float8);", "sql");
    const edits = renderIntent(intentOf(checked, "no-float-money"), { ...inPlace(checked), readText: () => undefined });
    assert.deepEqual(edits, { ok: false, reason: `${checked.uri} cannot be read.` });
  });

  it("says so in a model that is not closed yet", () => {
    const checked = checkText(
      "model A {\n  id Int @id\n  bs B[]\n}\nmodel B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id], onDelete: Cascade)\n",
      "prisma",
    );
    const edits = renderIntent(intentOf(checked, "require-index-on-foreign-key"), inPlace(checked));
    assert.deepEqual(edits, { ok: false, reason: "The model of B is not closed yet." });
  });
});

function intentsOf(checked: CheckedText, rules: readonly string[]): readonly Intent[] {
  return checked.findings.flatMap((finding) => (rules.includes(finding.rule) ? (fixIn(checked.schema, finding)?.intent ?? []) : []));
}

function intentOf(checked: CheckedText, rule: string): Intent {
  const fix = checked.findings.filter((found) => found.rule === rule).flatMap((found) => fixIn(checked.schema, found) ?? [])[0];
  assert.ok(fix !== undefined, `${rule} finds nothing to fix: ${checked.findings.map((found) => found.message).join(" ")}`);
  return fix.intent;
}

function applied({ uri, text }: CheckedText, edits: readonly FileEdit[] | { readonly ok: false; readonly reason: string }): string {
  assert.ok(!("ok" in edits), "ok" in edits ? edits.reason : "");
  return edits.reduce((before, edit) => (edit.kind === "change" && edit.uri === uri ? applyEdits(before, edit.edits) : before), text);
}
