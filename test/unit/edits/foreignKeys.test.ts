/** A new foreign key as text: a relation on both sides in Prisma, a constraint in SQL, behind everything it needs. */
import assert from "node:assert/strict";
import { renderIntent } from "../../../server/src/edits/render.ts";
import type { RenderContext } from "../../../server/src/edits/renderContext.ts";
import type { Intent } from "../../../server/src/edits/intent.ts";
import { fromSql } from "../../../server/src/model/fromSql.ts";
import { Places } from "../../../server/src/model/places.ts";
import type { Schema, Table } from "../../../server/src/model/schema.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { differenceOf, unexplained } from "../../support/facts.ts";
import { checkText, inPlace, type Language } from "../../support/ruleExamples.ts";

before(() => loadSqlParser());

describe("a new foreign key in Prisma", () => {
  const account = "model Account {\n  id   Int    @id\n  name String\n}\n\n";

  it("is a relation field below its column and a list in the parent", () => {
    assert.equal(
      withKey(`${account}model Deal {\n  id         Int  @id\n  account_id Int?\n}\n`, "prisma", "account_id"),
      `model Account {
  id   Int    @id
  name String
  deals Deal[]
}

model Deal {
  id         Int  @id
  account_id Int?
  account    Account? @relation(fields: [account_id], references: [id], onDelete: Restrict)
}
`,
    );
  });

  it("has a name where the models are related already, and other fields where theirs are taken", () => {
    assert.equal(
      withKey(
        `model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id])
  partnerId Int
}
`,
        "prisma",
        "partnerId",
      ),
      `model Account {
  id    Int    @id
  deals Deal[]
  dealsByPartner Deal[] @relation("Deal_partner")
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id])
  partnerId Int
  partner   Account @relation("Deal_partner", fields: [partnerId], references: [id], onDelete: Restrict)
}
`,
    );
  });

  it("is refused where every name it could have is taken", () => {
    const text = `${account}model Deal {\n  id        Int @id\n  accountId Int\n  account   String\n}\n`;
    const { checked, intent } = intentFor(text, "prisma", "accountId");
    const edits = renderIntent(intent, inPlace(checked));
    assert.ok("ok" in edits && edits.reason.includes("Deal and Account"));
  });
});

describe("a new foreign key in SQL", () => {
  it("joins the table where the parent is there before it", () => {
    assert.equal(
      withKey(
        "CREATE TABLE account (id int PRIMARY KEY);\nCREATE TABLE deal (\n  id int PRIMARY KEY,\n  account_id int\n);\n",
        "sql",
        "account_id",
      ),
      "CREATE TABLE account (id int PRIMARY KEY);\nCREATE TABLE deal (\n  id int PRIMARY KEY,\n  account_id int,\n  FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT\n);\n",
    );
  });

  it("is a statement at the end where the parent comes later", () => {
    assert.equal(
      withKey("CREATE TABLE deal (id int PRIMARY KEY, account_id int);\nCREATE TABLE account (id int PRIMARY KEY);\n", "sql", "account_id"),
      "CREATE TABLE deal (id int PRIMARY KEY, account_id int);\nCREATE TABLE account (id int PRIMARY KEY);\nALTER TABLE deal ADD FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT;\n",
    );
  });

  for (const [what, names] of [
    ["the parent's", ["1_deal.sql", "2_account.sql"]],
    ["the child's", ["2_deal.sql", "1_account.sql"]],
  ] as const) {
    it(`stands in the later one of two files: ${what}`, () => {
      const texts = new Map([
        [`file:///${names[0]}`, "CREATE TABLE deal (id int PRIMARY KEY, account_id int);\n"],
        [`file:///${names[1]}`, "CREATE TABLE account (id int PRIMARY KEY);\n"],
      ]);
      const files = [...texts.keys()].sort().map((uri) => parseSql(uri, texts.get(uri) ?? ""));
      const schema = fromSql(files);
      const context: RenderContext = {
        places: new Places(files),
        readText: (uri) => texts.get(uri),
        sqlPlacement: () => ({ kind: "inPlace" }),
      };
      const edits = renderIntent(keyOver(schema, "account_id"), context);
      assert.ok(!("ok" in edits));
      assert.deepEqual(
        edits.map(({ uri }) => uri),
        [[...texts.keys()].sort().at(-1)],
      );
    });
  }
});

function withKey(text: string, language: Language, column: string): string {
  const { checked, intent } = intentFor(text, language, column);
  const edits = renderIntent(intent, inPlace(checked));
  assert.ok(!("ok" in edits), "ok" in edits ? edits.reason : "");
  const [edit, ...others] = edits;
  assert.ok(edit?.kind === "change" && others.length === 0);
  const changed = applyEdits(text, edit.edits);
  const after = checkText(changed, language);
  assert.deepEqual(after.problems, []);
  assert.deepEqual(unexplained(differenceOf(checked.schema, after.schema), intent), []);
  return changed;
}

function intentFor(
  text: string,
  language: Language,
  column: string,
): { readonly checked: ReturnType<typeof checkText>; readonly intent: Intent } {
  const checked = checkText(text, language);
  return { checked, intent: keyOver(checked.schema, column) };
}

function keyOver(schema: Schema, column: string): Intent {
  const table = tableNamed(schema, "deal");
  const referenced = tableNamed(schema, "account");
  return { do: "addForeignKey", table, columns: [column], referenced, referencedColumns: ["id"], onDelete: "restrict" };
}

function tableNamed(schema: Schema, name: string): Table {
  const table = [...schema.tables.values()].find((each) => each.name.toLowerCase() === name);
  assert.ok(table !== undefined);
  return table;
}
