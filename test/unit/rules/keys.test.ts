/** What examples cannot show of the rules about keys: options, and what depends on PostgreSQL's version. */
import assert from "node:assert/strict";
import { type Finding, fixIn, type OptionValues } from "../../../server/src/rules/rule.ts";
import { runRules } from "../../../server/src/rules/run.ts";
import { ruleNamed } from "../../../server/src/rules/registry.ts";
import { defaultRuleSettings } from "../../../server/src/rules/settings.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import type { Schema } from "../../../server/src/model/schema.ts";
import { parsePrismaText, parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

describe("rules about keys", () => {
  it("report values that may be null in a key where the option says so", () => {
    const { schema } = parseSqlText("CREATE TABLE contact (id bigint PRIMARY KEY, org text NOT NULL, email text, UNIQUE (org, email));");
    assert.deepEqual(found(schema, "no-nullable-unique"), []);
    assert.deepEqual(found(schema, "no-nullable-unique", { options: { values: true } }).map(({ subject }) => subject), [
      "public.contact.contact_org_email_key",
    ]);
  });

  it("count the columns of a key as the option says", () => {
    const { schema } = parseSqlText("CREATE TABLE line (invoice bigint, position int, PRIMARY KEY (invoice, position));");
    assert.deepEqual(found(schema, "no-wide-primary-key", { options: { columns: 2 } }), []);
    assert.equal(found(schema, "no-wide-primary-key", { options: { columns: 1 } }).length, 1);
  });

  it("let nulls collide where PostgreSQL can: since 15", () => {
    const { schema } = parseSqlText(
      "CREATE TABLE folder (id bigint PRIMARY KEY, parent bigint REFERENCES folder, name text NOT NULL, UNIQUE (parent, name));",
    );
    assert.deepEqual(fixesOf(schema, "no-nullable-unique", 14), []);
    assert.deepEqual(fixesOf(schema, "no-nullable-unique", 15), ["Let nulls collide: NULLS NOT DISTINCT"]);
  });

  it("let the database make UUIDs in order where it can: since 18", () => {
    const { schema } = parseSqlText("CREATE TABLE event (id uuid PRIMARY KEY DEFAULT gen_random_uuid());");
    assert.deepEqual(fixesOf(schema, "no-random-uuid-key", 17), []);
    assert.deepEqual(fixesOf(schema, "no-random-uuid-key", 18), ["Make its values by uuidv7()"]);
    const { schema: prisma } = parsePrismaText('model Event {\n  id String @id @default(uuid(7)) @db.Uuid\n}\n');
    assert.deepEqual(fixesOf(prisma, "prefer-database-default", 17), []);
    assert.deepEqual(fixesOf(prisma, "prefer-database-default", 18), ["Let the database make it by uuidv7()"]);
  });

  it("change no key that a foreign key points at", () => {
    const { schema } = parseSqlText(`CREATE TABLE product (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, sku text NOT NULL UNIQUE);
CREATE TABLE stock (id bigint PRIMARY KEY, sku text REFERENCES product (sku));
CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);
CREATE TABLE login (id bigint PRIMARY KEY, email text REFERENCES users (email));`);
    for (const rule of ["require-tenant-in-unique", "no-case-sensitive-email"]) {
      assert.ok(found(schema, rule).length > 0, rule);
      assert.deepEqual(fixesOf(schema, rule, 15), [], rule);
    }
  });
});

interface Asked {
  readonly options?: OptionValues;
  readonly postgresVersion?: number;
}

function found(schema: Schema, id: string, { options, postgresVersion }: Asked = {}): readonly Finding[] {
  const rule = ruleNamed(id);
  assert.ok(rule?.group === "schema");
  const defaults = Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));
  const settings = new Map([...defaultRuleSettings, [id, { severity: "warning", options: { ...defaults, ...options } }]] as const);
  return runRules(schema, { settings, postgresVersion, rules: [rule] });
}

function fixesOf(schema: Schema, id: string, postgresVersion: number): readonly string[] {
  return found(schema, id, { postgresVersion }).flatMap((finding) => fixIn(schema, finding)?.title ?? []);
}
