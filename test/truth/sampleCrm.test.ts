/**
 * The sample crm practises what it preaches: the house rules of `prisma/schema/datasource.prisma` hold in the catalog of
 * PostgreSQL, and triggers, policies and functions do what their migrations say.
 */
import assert from "node:assert/strict";
import type pg from "pg";
import { failureOf, migrated } from "../support/migratedSample.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { crm } from "../support/samples.ts";

/** Each finds what breaks a rule of `prisma/schema/datasource.prisma`, in the catalog. */
const brokenHouseRules = {
  "keeps tenants apart in every foreign key": `
    SELECT conname FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace
      AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = conrelid AND attname = 'organization_id')
      AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = confrelid AND attname = 'organization_id')
      AND NOT EXISTS (
        SELECT FROM unnest(conkey, confkey) AS pair (child, parent)
        JOIN pg_attribute AS c ON c.attrelid = conrelid AND c.attnum = pair.child AND c.attname = 'organization_id'
        JOIN pg_attribute AS p ON p.attrelid = confrelid AND p.attnum = pair.parent AND p.attname = 'organization_id'
      )`,
  "serves every foreign key with an index": `
    SELECT conname FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace
      AND NOT EXISTS (
        SELECT FROM pg_index
        WHERE indrelid = conrelid AND indisvalid AND indpred IS NULL
          AND (string_to_array(indkey::text, ' ')::int2[])[1:cardinality(conkey)] @> conkey
          AND indnkeyatts >= cardinality(conkey)
      )`,
  "lets every delete work or say why not": `
    SELECT cascading.conname, blocking.conname FROM pg_constraint AS cascading
    JOIN pg_constraint AS blocking ON blocking.contype = 'f' AND blocking.confrelid = cascading.conrelid AND blocking.confdeltype IN ('r', 'a')
    WHERE cascading.contype = 'f' AND cascading.confdeltype = 'c'`,
  "refuses updates of keys": `SELECT conname FROM pg_constraint WHERE contype = 'f' AND confupdtype <> 'r'`,
  "has validated all constraints": `SELECT conname FROM pg_constraint WHERE NOT convalidated`,
  "gives every table a primary key": `
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisprimary)`,
  "writes no index twice": `
    SELECT shorter.indexrelid::regclass::text FROM pg_index AS shorter
    JOIN pg_index AS longer ON longer.indrelid = shorter.indrelid AND longer.indexrelid <> shorter.indexrelid
    WHERE NOT shorter.indisunique AND shorter.indpred IS NULL AND longer.indpred IS NULL
      AND shorter.indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
      AND (SELECT relam FROM pg_class WHERE oid = shorter.indexrelid) = (SELECT relam FROM pg_class WHERE oid = longer.indexrelid)
      AND longer.indkey::text || ' ' LIKE shorter.indkey::text || ' %'`,
  "keeps tenants apart by row-level security, of the owner too": `
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid))`,
  "uses timestamptz, exact numbers, text and jsonb": `
    SELECT attrelid::regclass::text, attname FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid AND relnamespace = 'public'::regnamespace AND relkind = 'r'
    WHERE attnum > 0 AND NOT attisdropped
      AND atttypid IN ('timestamp'::regtype, 'float4'::regtype, 'float8'::regtype, 'money'::regtype, 'bpchar'::regtype, 'varchar'::regtype, 'json'::regtype)`,
  "lets a deleted record give its names free": `
    SELECT indexrelid::regclass::text FROM pg_index
    JOIN pg_attribute ON attrelid = indrelid AND attname = 'deleted_at'
    JOIN pg_attribute AS id ON id.attrelid = indrelid AND id.attname = 'id'
    WHERE indisunique AND indpred IS NULL AND NOT id.attnum = ANY (indkey::int2[])`,
};

describe("The sample crm", function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let client: pg.Client;

  before(async () => {
    database = await migrated(crm, 15);
    client = await database.client();
  });

  after(() => database.drop());

  for (const [rule, sql] of Object.entries(brokenHouseRules)) {
    it(rule, async () => {
      assert.deepEqual((await client.query(sql)).rows, []);
    });
  }

  it("names in its queries indexes that exist", async () => {
    const { rows } = await client.query<{ name: string }>("SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public'");
    const existing = new Set(rows.map((row) => row.name));
    for (const query of crm.queries) {
      const named = namedIndexes(query.text);
      assert.ok(named.length > 0, `${query.name} names no index`);
      assert.deepEqual(
        named.filter((index) => !existing.has(index)),
        [],
        query.name,
      );
    }
  });

  it("writes down the moves of a deal, checks custom fields, erases a person, keeps tenants apart", async () => {
    await seed(client);
    await movesOfADealAreWrittenDown(client);
    await unknownCustomFieldsAreRefused(client);
    await erasureLeavesNothingPersonal(client);
    await tenantsSeeOnlyTheirOwn(client);
  });
});

/** From the header's "-- Index:" on. */
function namedIndexes(query: string): readonly string[] {
  const header = /^-- Index: (?:.*\n--)*.*$/m.exec(query)?.[0] ?? "";
  return header.replace(/\([^)]*\)/g, "").match(/\b[a-z_]+_(?:idx|key|pkey)\b/g) ?? [];
}

/** UUIDs that are easy to tell apart. */
const ours = {
  organization: uuid(1),
  user: uuid(2),
  role: uuid(3),
  membership: uuid(4),
  account: uuid(5),
  contact: uuid(6),
  pipeline: uuid(7),
  first: uuid(8),
  second: uuid(9),
  deal: uuid(10),
};
const theirs = { organization: uuid(101), account: uuid(105) };

function uuid(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

async function seed(client: pg.Client): Promise<void> {
  const { organization } = ours;
  await client.query(`
    INSERT INTO organizations (id, name, slug) VALUES ('${organization}', 'Ours', 'ours'), ('${theirs.organization}', 'Theirs', 'theirs');
    INSERT INTO users (id, email, display_name) VALUES ('${ours.user}', 'ann@example.com', 'Ann');
    INSERT INTO roles (id, organization_id, name) VALUES ('${ours.role}', '${organization}', 'Sales');
    INSERT INTO memberships (id, organization_id, user_id, role_id) VALUES ('${ours.membership}', '${organization}', '${ours.user}', '${ours.role}');
    INSERT INTO accounts (id, organization_id, name) VALUES ('${ours.account}', '${organization}', 'Customer'), ('${theirs.account}', '${theirs.organization}', 'Customer');
    INSERT INTO contacts (id, organization_id, given_name, family_name, email) VALUES ('${ours.contact}', '${organization}', 'Jo', 'Smithson', 'jo@example.com');
    INSERT INTO contact_phones (id, organization_id, contact_id, number) VALUES (uuid_v7(), '${organization}', '${ours.contact}', '+4912345678');
    INSERT INTO pipelines (id, organization_id, name) VALUES ('${ours.pipeline}', '${organization}', 'Sales');
    INSERT INTO pipeline_stages (id, organization_id, pipeline_id, name, position, probability)
    VALUES ('${ours.first}', '${organization}', '${ours.pipeline}', 'First', 1, 10), ('${ours.second}', '${organization}', '${ours.pipeline}', 'Second', 2, 50);`);
}

async function movesOfADealAreWrittenDown(client: pg.Client): Promise<void> {
  await client.query(`
    SET app.membership_id = '${ours.membership}';
    INSERT INTO opportunities (id, organization_id, account_id, pipeline_id, stage_id, owner_id, name, currency, expected_close_on)
    VALUES ('${ours.deal}', '${ours.organization}', '${ours.account}', '${ours.pipeline}', '${ours.first}', '${ours.membership}', 'Deal', 'EUR', '2026-01-01');
    UPDATE opportunities SET stage_id = '${ours.second}';
    UPDATE opportunities SET name = 'Big deal';
    RESET app.membership_id;`);
  const moves = await client.query(
    "SELECT from_stage_id, to_stage_id, changed_by_id FROM opportunity_stage_changes ORDER BY from_stage_id NULLS FIRST",
  );
  assert.deepEqual(moves.rows, [
    { from_stage_id: null, to_stage_id: ours.first, changed_by_id: ours.membership },
    { from_stage_id: ours.first, to_stage_id: ours.second, changed_by_id: ours.membership },
  ]);
  const audit = await client.query(
    "SELECT action, before, after FROM audit_entries WHERE table_name = 'opportunities' AND after ? 'name' AND action = 'UPDATE'",
  );
  assert.deepEqual(audit.rows, [{ action: "UPDATE", before: { name: "Deal" }, after: { name: "Big deal" } }]);
}

async function unknownCustomFieldsAreRefused(client: pg.Client): Promise<void> {
  assert.equal(await failureOf(client, `UPDATE accounts SET custom_values = '{"tier": "gold"}'`), "23514");
  await client.query(
    `INSERT INTO custom_fields (id, organization_id, entity, key, label, type) VALUES (uuid_v7(), '${ours.organization}', 'ACCOUNT', 'tier', 'Tier', 'TEXT')`,
  );
  await client.query(`UPDATE accounts SET custom_values = '{"tier": "gold"}' WHERE id = '${ours.account}'`);
}

async function erasureLeavesNothingPersonal(client: pg.Client): Promise<void> {
  await client.query(`SELECT erase_contact('${ours.organization}', '${ours.contact}')`);
  const left = await client.query("SELECT given_name, family_name, email, erased_at IS NOT NULL AS erased FROM contacts");
  assert.deepEqual(left.rows, [{ given_name: null, family_name: "erased", email: null, erased: true }]);
  const traces = await client.query(
    "SELECT 1 FROM audit_entries WHERE audit_entries::text LIKE '%Smithson%' UNION ALL SELECT 1 FROM contact_phones",
  );
  assert.deepEqual(traces.rows, []);
}

async function tenantsSeeOnlyTheirOwn(client: pg.Client): Promise<void> {
  const count = async (): Promise<unknown> => (await client.query("SELECT array_agg(id) AS ids FROM accounts")).rows[0];
  await client.query("SET ROLE crm_app");
  assert.deepEqual(await count(), { ids: null });
  await client.query(`SET app.organization_id = '${ours.organization}'`);
  assert.deepEqual(await count(), { ids: [ours.account] });
  assert.equal(
    await failureOf(
      client,
      `INSERT INTO accounts (id, organization_id, name) VALUES (gen_random_uuid(), '${theirs.organization}', 'Mine now')`,
    ),
    "42501",
  );
  assert.equal(await failureOf(client, "DELETE FROM audit_entries"), "42501");
  await client.query("RESET ROLE; RESET app.organization_id");
  const stray = `INSERT INTO contacts (id, organization_id, account_id, family_name) VALUES (gen_random_uuid(), '${ours.organization}', '${theirs.account}', 'Stray')`;
  assert.equal(await failureOf(client, stray), "23503 contacts_organization_id_account_id_fkey");
}
