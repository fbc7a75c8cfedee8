/** ON DELETE SET NULL over a column that cannot be null. */
import { foreignKeysOf } from "../../model/queries.ts";
import type { ForeignKey, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noSetNullOnRequired = defineRule({
  id: "no-set-null-on-required",
  aliases: ["set-null-on-required", "set-null-part-of-key"],
  group: "schema",
  severity: "error",
  since: "0.1.0",
  summary: "Do not set a column to null on delete when it must not be null.",
  why: `The constraint is accepted, and every delete of a parent with children then fails with error 23502. In a foreign
key over several columns SET NULL empties all of them, the tenant's column too, unless it names the ones it means.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES"],
  *check(schema) {
    for (const { table, foreignKey } of foreignKeysOf(schema)) {
      if (foreignKey.onDelete !== "setNull") continue;
      const emptied = foreignKey.onDeleteSetColumns ?? foreignKey.columns;
      const required = emptied.filter((column) => table.columns.get(column)?.notNull === true);
      if (required.length === 0) continue;
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `ON DELETE SET NULL cannot empty ${sayColumns(table, required)}: NOT NULL.`,
        fix: fixFor(table, foreignKey, emptied.filter((column) => !required.includes(column))),
      };
    }
  },
  examples: { bad: [], good: [] },
});

/** Emptying the columns that may be empty is what was meant, and only SQL can say it; Prisma gets a plain refusal. */
function fixFor(table: Table, foreignKey: ForeignKey, nullable: readonly string[]): Fix {
  const isPrisma = foreignKey.origins[0].kind === "prisma";
  if (nullable.length === 0 || isPrisma) {
    return {
      title: "Refuse the delete (RESTRICT)",
      safety: "review",
      intent: { do: "setOnDelete", table, foreignKey, action: "restrict" },
    };
  }
  return {
    title: `Set only ${nullable.join(", ")} to null (PostgreSQL 15)`,
    safety: "review",
    intent: { do: "setOnDelete", table, foreignKey, action: "setNull", setColumns: nullable },
  };
}
