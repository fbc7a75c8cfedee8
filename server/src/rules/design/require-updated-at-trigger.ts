/** Columns that say when a row changed last, and are told only by those who remember to. */
import { doubtAbout, parentOf } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { namedBy } from "../options.ts";
import { defineRule } from "../rule.ts";

export const requireUpdatedAtTrigger = defineRule({
  id: "require-updated-at-trigger",
  aliases: ["updated-at-not-database-kept"],
  group: "schema",
  category: "design",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Let a trigger keep the time of the last change.",
  why: `Prisma Client sets @updatedAt, a default of now() on INSERT only: an UPDATE in plain SQL, a migration or another
service leaves the old time, and whoever copies what changed since then misses the row.`,
  sources: [
    "https://www.postgresql.org/docs/current/plpgsql-trigger.html",
    "https://www.prisma.io/docs/orm/reference/prisma-schema-reference#updatedat",
  ],
  options: {
    columns: {
      default: ["updated_at", "modified_at", "changed_at", "last_updated", "last_modified", "last_modified_at", "last_update"],
      description: "Names of columns that keep the time of the last change; case and underscores do not matter.",
    },
  },
  *checkTable(table, schema, context) {
    let column: Column | undefined;
    for (const other of table.columns.values()) {
      if (isTimeOfChange(other, namedBy(context, "columns"))) column ??= other;
    }
    if (column === undefined || table.kind === "foreign" || table.triggers.some(isOnUpdate)) return;
    if (parentOf(schema, table) !== undefined) return;
    const { name, clientDefault } = column;
    const who = clientDefault === "updatedAt" ? "only Prisma Client keeps it" : "no trigger keeps it";
    yield {
      at: column.origins,
      subject: subjectOfColumns(table, [name]),
      message: `${sayColumns(table, [name])} is not the time of the last change: ${who}.`,
      doubt: doubtAbout(schema, table),
      fix: { title: `Add a trigger that sets ${name}`, safety: "review", intent: { do: "addUpdateTrigger", table, column } },
    };
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
  id        BigInt   @id
  updatedAt DateTime @updatedAt @db.Timestamptz(3)
//^^^^^^^^^ Account(updatedAt) is not the time of the last change: only Prisma Client keeps it.
}
`,
      },
      {
        sql: `CREATE TABLE account (
  id bigint PRIMARY KEY,
  updated_at timestamptz NOT NULL DEFAULT now()
--^^^^^^^^^^ account(updated_at) is not the time of the last change: no trigger keeps it.
);
`,
        fixed: `CREATE TABLE account (
  id bigint PRIMARY KEY,
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE OR REPLACE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;
CREATE TRIGGER set_updated_at BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION set_updated_at();
`,
      },
    ],
    good: [
      {
        title: "A trigger sets it; what the application alone writes has no default",
        sql: `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TABLE account (id bigint PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT now());
CREATE TRIGGER touch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE feed (id bigint PRIMARY KEY, updated_at timestamptz);
`,
      },
    ],
  },
});

/** Set by the client, or by a default that looks like it was meant to be kept. */
function isTimeOfChange({ name, type, clientDefault, default: value }: Column, isNamed: (name: string) => boolean): boolean {
  if (clientDefault !== undefined) return clientDefault === "updatedAt";
  if (type.name !== "timestamptz" && type.name !== "timestamp") return false;
  return value !== undefined && isNamed(name) && /now\(\)|_timestamp/i.test(value.text);
}

function isOnUpdate({ timing, events, forEach }: Table["triggers"][number]): boolean {
  return timing === "before" && forEach === "row" && events.includes("update");
}
