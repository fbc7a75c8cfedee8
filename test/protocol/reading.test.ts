/** Help while reading, through the real server over both samples: hovers, definitions, references, symbols, lenses, hints. */
import assert from "node:assert/strict";
import { Editor } from "../support/cursor.ts";
import { crm, crmLegacy } from "../support/samples.ts";

describe("Reading crm", function () {
  this.timeout(240_000);
  let editor: Editor;
  before(async () => {
    editor = await Editor.on(crm.folder);
  });
  after(() => editor.stop());

  it("a hover of a model is the data sheet of its table, in twelve lines at most", async () => {
    const sheet = await editor.hover("prisma/schema/sales.prisma", "model $0Opportunity {");
    assert.match(sheet, /^```sql\nTABLE opportunities -- 20 columns, model Opportunity\n```\n\nA deal: something an account may buy/);
    assert.match(sheet, /\*\*Primary key\*\* \[`\(id\)`\]/);
    assert.match(
      sheet,
      /\*\*References\*\* \[`accounts`\]\(file:[^)]*#L\d+\) by \[`\(organization_id, account_id\)`\]\([^)]*\) ON DELETE RESTRICT/,
    );
    assert.match(sheet, /\*\*Referenced by\*\* .*`activities \(organization_id, opportunity_id\)`/);
    assert.match(sheet, /\*\*Row-level security\*\* enabled, forced on the owner; \[`tenant_isolation`\]/);
    assert.match(sheet, /\*\*Last changed in\*\* \[`20251006073012_opportunities_closed_index`\]/);
    assert.ok(sheet.split("\n").filter((line) => line !== "" && !line.startsWith("```")).length <= 12, sheet);
  });

  it("a hover of a column in a query is the column's, through an alias and a subquery too", async () => {
    const own = await editor.hover("queries/03-account-360.sql", "accounts.own$0er_id");
    assert.match(own, /^```sql\nowner_id uuid -- accounts, field ownerId\n```/);
    assert.match(own, /\*\*References\*\* \[`memberships \(organization_id, id\)`\]/);
    assert.match(own, /\*\*Indexed by\*\* none that begins with it; also in \[`accounts_organization_id_owner_id_idx/);
    assert.match(await editor.hover("queries/03-account-360.sql", "latest.$0subject"), /^```sql\nsubject .* -- activities\n/);
  });

  it("a hover of a column of a migration is today's, though it was renamed since", async () => {
    assert.match(
      await editor.hover("prisma/migrations/20230911083012_init/migration.sql", 'CREATE TABLE "$0organizations"'),
      /TABLE organizations/,
    );
  });

  it("a name in SQL leads to Prisma, and from there to the migration that made it", async () => {
    const [model = ""] = await editor.definition("queries/03-account-360.sql", "accounts.own$0er_id");
    assert.match(model, /^prisma\/schema\/customers\.prisma:\d+$/);
    const [migration = ""] = await editor.definition("prisma/schema/customers.prisma", "model $0Account {");
    assert.match(migration, /^prisma\/migrations\/20230925141530_accounts_and_contacts\/migration\.sql:\d+$/);
    const [back = ""] = await editor.definition(
      "prisma/migrations/20230925141530_accounts_and_contacts/migration.sql",
      'CREATE TABLE "$0accounts"',
    );
    assert.match(back, /^prisma\/schema\/customers\.prisma:\d+$/);
  });

  it("the type of a relation leads to its model", async () => {
    const [model = ""] = await editor.definition("prisma/schema/sales.prisma", "account    $0Account       @relation");
    assert.match(model, /^prisma\/schema\/customers\.prisma:\d+$/);
  });

  it("references of a field are its lists in Prisma, the migrations and the queries", async () => {
    const found = await editor.references("prisma/schema/customers.prisma", "  $0ownerId        String?");
    assert.deepEqual(
      [...found.keys()],
      [
        "prisma/schema/customers.prisma",
        "prisma/migrations/20230925141530_accounts_and_contacts/migration.sql",
        "queries/03-account-360.sql",
      ],
    );
    assert.deepEqual(found.get("queries/03-account-360.sql"), ["AND memberships.id = accounts.owner_id"]);
    const uses = await editor.references("prisma/schema/customers.prisma", "  $0ownerId        String?", false);
    assert.equal(uses.get("prisma/schema/customers.prisma")?.length, 2);
  });

  it("symbols are found in both languages, the best first", async () => {
    const found = await editor.symbols("accounts");
    assert.equal(found[0], "accounts in prisma/migrations/20230925141530_accounts_and_contacts/migration.sql");
    assert.equal((await editor.symbols("Account.ownerId"))[0], "Account.ownerId in prisma/schema/customers.prisma");
    assert.deepEqual(await editor.symbols("no such thing"), []);
  });

  it("a lens says the relations of a model both ways, and leads to them", async () => {
    const lenses = await editor.lenses("prisma/schema/sales.prisma");
    const title = lenses.find((lens) => lens.includes("Relations: 5 out"));
    assert.ok(title !== undefined, lenses.join("\n"));
    const [uri, , places] = await editor.lensArguments("prisma/schema/sales.prisma", title.replace(/^\d+: /, ""));
    assert.equal(uri, editor.uri("prisma/schema/sales.prisma"));
    const [out, incoming] = (/(\d+) out, (\d+) in/.exec(title) ?? []).slice(1).map(Number);
    assert.ok(Array.isArray(places));
    assert.equal(places.length, (out ?? 0) + (incoming ?? 0));
  });

  it("no hint is shown where everything is said", async () => {
    assert.deepEqual(await editor.hints("prisma/schema/sales.prisma"), []);
  });
});

describe("Reading crm-legacy", function () {
  this.timeout(240_000);
  let editor: Editor;
  before(async () => {
    editor = await Editor.on(crmLegacy.folder, { inlayHintIndexes: true });
  });
  after(() => editor.stop());

  const schema = "prisma/schema.prisma";

  it("a hover of a finding says what is wrong first, then what it is", async () => {
    const hover = await editor.hover(schema, "  $0annualRevenue");
    assert.match(hover, /^\*\*no-float-money\*\*/);
    assert.match(hover, /\n---\n\n```sql\n"annualRevenue" double precision -- "Account"\n```/);
  });

  it("lenses count the findings of a model, and lead to them", async () => {
    const lenses = await editor.lenses(schema);
    assert.ok(
      lenses.some((lens) => lens.includes("1 many-to-many")),
      lenses.join("\n"),
    );
    const title = lenses.find((lens) => lens.endsWith(" findings"))?.replace(/^\d+: /, "") ?? "";
    const [, , places] = await editor.lensArguments(schema, title);
    assert.ok(Array.isArray(places));
    assert.equal(`${places.length} findings`, title);
  });

  it("hints say what happens on delete, which time a DateTime is, which index a key has", async () => {
    const hints = await editor.hints(schema);
    assert.ok(
      hints.some((hint) => /@relation\(fields: \[\w+\], references: \[id\]«, onDelete: Restrict»\)/.test(hint)),
      hints.join("\n"),
    );
    assert.ok(hints.some((hint) => /createdAt\s+DateTime«timestamp\(3\)»/.test(hint)));
    assert.ok(hints.some((hint) => hint.includes('@unique«index "User_email_key"»')));
  });

  it("a query's columns are known by their Prisma fields", async () => {
    const found = await editor.references(schema, "model $0Account {");
    assert.ok(
      [...found.keys()].some((path) => path.startsWith("queries/")),
      [...found.keys()].join("\n"),
    );
  });
});

describe("Reading with everything switched off", () => {
  it("shows no lens and no hint", async () => {
    const editor = await Editor.on(crmLegacy.folder, { codeLens: false, inlayHintActions: false, inlayHintTypes: "off" });
    try {
      assert.deepEqual(await editor.lenses("prisma/schema.prisma"), []);
      assert.deepEqual(await editor.hints("prisma/schema.prisma"), []);
    } finally {
      await editor.stop();
    }
  });
});
