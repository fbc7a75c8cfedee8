/** Names and numbers that one tenant takes from all the others. */
import { plainColumns } from "../../model/indexQueries.ts";
import { isImplied, referencingKeys } from "../../model/queries.ts";
import { tenantColumn } from "../../model/tenants.ts";
import type { Column, ForeignKey, Index, IndexKey, Schema, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfPart, wordsOf } from "../names.ts";
import { namesIn } from "../options.ts";
import { defineRule, type Fix, type Related } from "../rule.ts";
import { tenantColumns } from "../tenantColumns.ts";

export const requireTenantInUnique = defineRule({
  id: "require-tenant-in-unique",
  aliases: ["tenant-missing-in-unique"],
  group: "schema",
  category: "keys",
  severity: "warning",
  since: "0.1.0",
  summary: "Put the tenant's column into unique keys over what each tenant names for itself.",
  why: `A unique key without the tenant holds across all of them: the second customer who calls a product A-100 is refused,
and the error tells him that another customer has one.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-UNIQUE-CONSTRAINTS"],
  options: { columns: tenantColumns },
  *checkTable(table, schema, { options }) {
    for (const index of table.indexes) {
      if (!index.unique || index.primary || !index.valid || isImplied(index)) continue;
      const columns = plainColumns(index);
      if (columns === undefined || !isChosenByTenant(table, columns)) continue;
      const tenant = tenantOf(schema, table, namesIn(options, "columns"));
      if (tenant === undefined || columns.includes(tenant.column.name)) continue;
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Unique ${sayColumns(table, columns)} holds across all tenants.`,
        related: [howItBelongs(table, tenant)],
        fix: (whole) => (tenant.by === undefined ? fixFor(whole, table, index, tenant.column) : undefined),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Organization {
  id       BigInt    @id
  products Product[]
}

model Product {
  id             BigInt       @id
  organizationId BigInt
  sku            String       @unique
//                            ^^^^^^^ Unique Product(sku) holds across all tenants.
  organization   Organization @relation(fields: [organizationId], references: [id], onDelete: Cascade)
}
`,
        fixed: `model Organization {
  id       BigInt    @id
  products Product[]
}

model Product {
  id             BigInt       @id
  organizationId BigInt
  sku            String
  organization   Organization @relation(fields: [organizationId], references: [id], onDelete: Cascade)

  @@unique([organizationId, sku])
}
`,
      },
      {
        sql: `CREATE TABLE invoice (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  year int NOT NULL,
  number int NOT NULL,
  UNIQUE (year, number)
--^^^^^^ Unique invoice(year, number) holds across all tenants.
);
`,
        fixed: `CREATE TABLE invoice (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  year int NOT NULL,
  number int NOT NULL,
  UNIQUE (tenant_id, year, number)
);
`,
      },
      {
        title: "A quote belongs to the tenant of its deal",
        sql: `CREATE TABLE deal (id bigint PRIMARY KEY, tenant_id bigint NOT NULL);
CREATE TABLE quote (
  id bigint PRIMARY KEY,
  deal_id bigint NOT NULL REFERENCES deal ON DELETE CASCADE,
  number text NOT NULL UNIQUE
--^^^^^^ Unique quote(number) holds across all tenants.
);
`,
      },
    ],
    good: [
      {
        title: "The key names what belongs to a tenant; what the world gives out is unique in the world; so is what one logs in with",
        sql: `CREATE TABLE project (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  name text NOT NULL,
  api_key text NOT NULL UNIQUE,
  domain text NOT NULL UNIQUE,
  stripe_customer_id text UNIQUE,
  UNIQUE (tenant_id, name)
);
CREATE TABLE task (
  id bigint PRIMARY KEY,
  tenant_id bigint NOT NULL,
  project_id bigint NOT NULL REFERENCES project ON DELETE CASCADE,
  number int NOT NULL,
  UNIQUE (project_id, number)
);
CREATE TABLE users (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, email text NOT NULL);
CREATE UNIQUE INDEX ON users (lower(email));
CREATE TABLE plan (id bigint PRIMARY KEY, name text NOT NULL UNIQUE);
`,
      },
    ],
  },
});

/** By a column of its own, or by what it points at. */
interface Tenancy {
  readonly column: Column;
  readonly by: ForeignKey | undefined;
}

function tenantOf(schema: Schema, table: Table, names: readonly string[]): Tenancy | undefined {
  const column = tenantColumn(schema, table.key, names);
  if (column !== undefined) return { column, by: undefined };
  for (const by of table.foreignKeys) {
    if (by.references.key === table.key || !by.columns.every((name) => table.columns.get(name)?.notNull === true)) continue;
    const theirs = tenantColumn(schema, by.references.key, names);
    if (theirs !== undefined) return { column: theirs, by };
  }
  return undefined;
}

function howItBelongs(table: Table, { column, by }: Tenancy): Related {
  if (by === undefined) return { at: column.origins, message: `${say(table)} belongs to a tenant by ${column.name}.` };
  return { at: by.origins, message: `${say(table)} belongs to the tenant of its ${by.references.table}.` };
}

/** Whether the key is over a name or a number that people choose, and nothing in it points at what belongs to a tenant. */
function isChosenByTenant(table: Table, columns: readonly string[]): boolean {
  if (!columns.some((name) => isChosen(table, name))) return false;
  return !table.foreignKeys.some((key) => key.columns.some((name) => columns.includes(name)));
}

function isChosen(table: Table, name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  if (words.some((word) => given.has(word))) return false;
  return chosen.has(last) || (last === "email" && /(?:contact|customer|lead|client|patient|student|subscriber|supplier|vendor)s?$/i.test(table.name));
}

const chosen = new Set(["name", "title", "label", "code", "sku", "number", "no", "nr", "num", "reference", "ref"]);

/** Numbers and names that somebody outside gives out, or that are addresses on the net. */
const given = new Set(
  "external stripe phone mobile serial imei isbn ean gtin vin iban account tax vat passport license licence tracking host domain sub bucket schema database user login display country currency language locale invite invitation referral coupon promo gift verification access auth token secret".split(
    " ",
  ),
);

/** None where a foreign key points at the key as it is. */
function fixFor(schema: Schema, table: Table, index: Index, tenant: Column): Fix | undefined {
  const columns = plainColumns(index) ?? [];
  const isTarget = referencingKeys(schema, table.key).some(
    ({ foreignKey }) => foreignKey.references.columns.join() === columns.join(),
  );
  if (isTarget) return undefined;
  const first: IndexKey = {
    column: tenant.name,
    expression: undefined,
    operatorClass: undefined,
    collation: undefined,
    direction: "asc",
    nulls: "last",
  };
  return {
    title: `Make it unique by ${tenant.name} too`,
    safety: "review",
    intent: { do: "replaceUnique", table, index, keys: [first, ...index.keys], nullsNotDistinct: index.nullsNotDistinct },
  };
}
