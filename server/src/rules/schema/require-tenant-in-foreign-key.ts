/** Foreign keys between two tables of a tenant that leave the tenant out. */
import { foreignKeysOf, isUniqueBy, pointedAt, tenantColumn } from "../../model/queries.ts";
import type { Column, ForeignKey, Schema, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns } from "../names.ts";
import { namesIn } from "../options.ts";
import { defineRule, type Fix } from "../rule.ts";

export const requireTenantInForeignKey = defineRule({
  id: "require-tenant-in-foreign-key",
  aliases: ["tenant-missing-in-fk"],
  group: "schema",
  severity: "warning",
  since: "0.1.0",
  summary: "Put the tenant's column into foreign keys between a tenant's tables.",
  why: `A foreign key on the id alone lets a row of one tenant point at a row of another: one wrong id in a request, and
the database keeps a link across tenants that no row-level policy undoes. A key over (tenant, id) cannot.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  options: {
    columns: {
      default: ["tenant_id", "organization_id", "organisation_id", "org_id", "workspace_id"],
      description: "Names of columns that say which tenant a row belongs to; case and underscores do not matter.",
    },
  },
  *check(schema, options) {
    const names = namesIn(options, "columns");
    for (const { table, foreignKey } of foreignKeysOf(schema)) {
      const parent = schema.tables.get(foreignKey.references.key);
      const own = tenantColumn(schema, table, names);
      if (parent === undefined || own === undefined || foreignKey.columns.includes(own.name)) continue;
      const theirs = tenantColumn(schema, parent, names);
      if (theirs === undefined || foreignKey.references.columns.includes(theirs.name)) continue;
      if (!isSameTenant(schema, { table, column: own }, { table: parent, column: theirs })) continue;
      const fix = fixFor(table, foreignKey, own, parent, theirs);
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `${sayColumns(table, foreignKey.columns)} can point at a row of ${say(parent)} of another ${own.name}.`,
        related: [{ at: theirs.origins, message: `${say(parent)} belongs to a tenant by ${theirs.name}.` }],
        ...(fix === undefined ? {} : { fix }),
      };
    }
  },
  examples: { bad: [], good: [] },
});

/** Two columns name the same thing when they reference the same table, or, where neither references any, bear one name. */
function isSameTenant(schema: Schema, a: { table: Table; column: Column }, b: { table: Table; column: Column }): boolean {
  if (a.table.key === b.table.key) return true;
  const targets = (at: { table: Table; column: Column }): string[] => pointedAt(schema, at).map(({ table }) => table.key);
  const [first, second] = [targets(a), targets(b)];
  if (first.length === 0 && second.length === 0) return a.column.name === b.column.name;
  return first.some((target) => second.includes(target));
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
