/** Foreign keys between two tables of a tenant that leave the tenant out. */
import { isUniqueBy } from "../../model/indexQueries.ts";
import { foreignKeysOf, type PlacedColumn } from "../../model/queries.ts";
import { tenantColumn } from "../../model/tenants.ts";
import { pointedAt } from "../../model/tiedColumns.ts";
import type { Column, ForeignKey, Schema, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns } from "../names.ts";
import { namesIn } from "../options.ts";
import { defineRule, type Fix } from "../rule.ts";
import { tenantColumns } from "../tenantColumns.ts";

export const requireTenantInForeignKey = defineRule({
  id: "require-tenant-in-foreign-key",
  aliases: ["tenant-missing-in-fk"],
  group: "schema",
  category: "security",
  severity: "warning",
  since: "0.1.0",
  summary: "Put the tenant's column into foreign keys between a tenant's tables.",
  why: `A foreign key on the id alone lets a row of one tenant point at a row of another: one wrong id in a request, and
the database keeps a link across tenants that no row-level policy undoes. A key over (tenant, id) cannot.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  options: { columns: tenantColumns },
  *checkTable(table, schema, { options }) {
    const names = namesIn(options, "columns");
    const own = tenantColumn(schema, table.key, names);
    if (own === undefined) return;
    for (const foreignKey of foreignKeysOf(schema, table)) {
      const parent = schema.tables.get(foreignKey.references.key);
      const theirs = tenantColumn(schema, foreignKey.references.key, names);
      if (parent === undefined || theirs === undefined) continue;
      if (foreignKey.columns.includes(own.name) || foreignKey.references.columns.includes(theirs.name)) continue;
      if (own !== theirs && !isSameTenant(schema, { table, column: own }, { table: parent, column: theirs })) continue;
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `${sayColumns(table, foreignKey.columns)} can point at a row of ${say(parent)} of another ${own.name}.`,
        related: [{ at: theirs.origins, message: `${say(parent)} belongs to a tenant by ${theirs.name}.` }],
        fix: fixFor(table, foreignKey, own, parent, theirs),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Organization {
  id       Int       @id
  accounts Account[]
  deals    Deal[]
}

model Account {
  id    Int          @id
  orgId Int          @map("org_id")
  org   Organization @relation(fields: [orgId], references: [id], onDelete: Cascade)
  deals Deal[]
}

model Deal {
  id        Int          @id
  orgId     Int          @map("org_id")
  org       Organization @relation(fields: [orgId], references: [id], onDelete: Cascade)
  accountId Int          @map("account_id")
  account   Account      @relation(fields: [accountId], references: [id], onDelete: Cascade)
//^^^^^^^ Deal(account_id) can point at a row of Account of another org_id.
}
`,
        fixed: `model Organization {
  id       Int       @id
  accounts Account[]
  deals    Deal[]
}

model Account {
  id    Int          @id
  orgId Int          @map("org_id")
  org   Organization @relation(fields: [orgId], references: [id], onDelete: Cascade)
  deals Deal[]

  @@unique([orgId, id])
}

model Deal {
  id        Int          @id
  orgId     Int          @map("org_id")
  org       Organization @relation(fields: [orgId], references: [id], onDelete: Cascade)
  accountId Int          @map("account_id")
  account   Account      @relation(fields: [orgId, accountId], references: [orgId, id], onDelete: Cascade)
}
`,
      },
      {
        sql: `CREATE TABLE tenant (id int PRIMARY KEY);
CREATE TABLE account (
  id int PRIMARY KEY,
  tenant_id int NOT NULL REFERENCES tenant ON DELETE CASCADE
);
CREATE TABLE deal (
  id int PRIMARY KEY,
  tenant_id int NOT NULL REFERENCES tenant ON DELETE CASCADE,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE,
--^^^^^^^^^^ deal(account_id) can point at a row of account of another tenant_id.
  name text
);
`,
        fixed: `CREATE TABLE tenant (id int PRIMARY KEY);
CREATE TABLE account (
  id int PRIMARY KEY,
  tenant_id int NOT NULL REFERENCES tenant ON DELETE CASCADE,
  UNIQUE (tenant_id, id)
);
CREATE TABLE deal (
  id int PRIMARY KEY,
  tenant_id int NOT NULL REFERENCES tenant ON DELETE CASCADE,
  account_id int NOT NULL,
  name text,
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id) ON DELETE CASCADE
);
`,
      },
    ],
    good: [
      {
        title: "The key holds the tenant; the tenant itself, and what all tenants share, need none",
        sql: `CREATE TABLE tenant (id int PRIMARY KEY);
CREATE TABLE country (id int PRIMARY KEY);
CREATE TABLE account (
  id int PRIMARY KEY,
  tenant_id int NOT NULL REFERENCES tenant ON DELETE CASCADE,
  country_id int REFERENCES country ON DELETE RESTRICT,
  UNIQUE (tenant_id, id)
);
CREATE TABLE deal (
  id int PRIMARY KEY,
  tenant_id int NOT NULL REFERENCES tenant ON DELETE CASCADE,
  account_id int,
  FOREIGN KEY (account_id, tenant_id) REFERENCES account (id, tenant_id) ON DELETE CASCADE
);
CREATE TABLE note (
  id int PRIMARY KEY,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE
);
`,
      },
      {
        title: "A column of the same name means something else here",
        prisma: `model Workspace {
  id   Int   @id
  docs Doc[]
}

model Office {
  id    Int    @id
  desks Desk[]
}

model Doc {
  id          Int       @id
  workspaceId Int
  workspace   Workspace @relation(fields: [workspaceId], references: [id])
  desks       Desk[]
}

model Desk {
  id          Int    @id
  workspaceId Int
  office      Office @relation(fields: [workspaceId], references: [id])
  docId       Int
  doc         Doc    @relation(fields: [docId], references: [id])
}
`,
      },
    ],
  },
});

/** Two columns name the same thing when they reference the same table, or, where one of them references none, bear one name. */
function isSameTenant(schema: Schema, a: PlacedColumn, b: PlacedColumn): boolean {
  const [first, second] = [pointedAt(schema, a), pointedAt(schema, b)];
  if (first.length === 0 || second.length === 0) return a.column.name === b.column.name;
  return first.some(({ table }) => second.some((other) => other.table === table));
}

/**
 * None is offered where the wider key would mean something else: SET NULL would empty the tenant too, and a relation of
 * one to one needs a wider unique key besides.
 */
function fixFor(table: Table, foreignKey: ForeignKey, own: Column, parent: Table, theirs: Column): Fix | undefined {
  if (foreignKey.onDelete === "setNull" || foreignKey.onDelete === "setDefault" || isUniqueBy(table, foreignKey.columns)) return undefined;
  return {
    title: `Reference (${[theirs.name, ...foreignKey.references.columns].join(", ")})`,
    safety: "review",
    intent: {
      do: "widenForeignKey",
      table,
      foreignKey,
      columns: [own.name, ...foreignKey.columns],
      referenced: parent,
      referencedColumns: [theirs.name, ...foreignKey.references.columns],
    },
  };
}
