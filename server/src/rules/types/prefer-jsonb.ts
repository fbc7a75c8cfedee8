/** Columns of type json. */
import { baseType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const preferJsonb = defineRule({
  id: "prefer-jsonb",
  aliases: ["json-not-jsonb"],
  group: "schema",
  category: "types",
  severity: "warning",
  since: "0.1.0",
  summary: "Keep JSON in jsonb.",
  why: `A json column keeps the text and parses it again at every access. It has no equality, so DISTINCT, GROUP BY and
UNION fail on it (42883), and no operator that an index could serve. What json alone keeps is blanks and the order of keys.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-json.html"],
  *checkTable(table) {
    for (const column of columnsWhere(table, isJson)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is json: no equality, no index.`,
        fix: (schema) => {
          const changed = { table, column, default: defaultOfJsonb(column) };
          const type = baseType("jsonb", [], column.type.isArray);
          return changedType(schema, { columns: [changed], type, title: "Change the type to jsonb" });
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Event {
  id      Int   @id
  payload Json  @default("{}") @db.Json
//^^^^^^^ Event(payload) is json: no equality, no index.
  extra   Json? @db.Json
//^^^^^ Event(extra) is json: no equality, no index.
}
`,
        fixed: `model Event {
  id      Int   @id
  payload Json  @default("{}")
  extra   Json? @db.Json
}
`,
      },
      {
        sql: `CREATE TABLE event (
  id int PRIMARY KEY,
  payload json NOT NULL DEFAULT '{}'::json,
--^^^^^^^ event(payload) is json: no equality, no index.
  parts json[]
--^^^^^ event(parts) is json: no equality, no index.
);
`,
        fixed: `CREATE TABLE event (
  id int PRIMARY KEY,
  payload jsonb NOT NULL DEFAULT '{}'::jsonb,
  parts json[]
);
`,
      },
      {
        sql: `CREATE TABLE event (
  id int PRIMARY KEY,
  payload json NOT NULL DEFAULT '{}'
--^^^^^^^ event(payload) is json: no equality, no index.
);
`,
        fixed: `CREATE TABLE event (
  id int PRIMARY KEY,
  payload jsonb NOT NULL DEFAULT '{}'
);
`,
      },
    ],
    good: [
      {
        title: "Json alone is jsonb in Prisma 5 to 7",
        prisma: `model Event {
  id      Int  @id
  payload Json
}
`,
      },
      {
        sql: `CREATE TABLE event (id int PRIMARY KEY, payload jsonb DEFAULT '{}', json text);
`,
      },
    ],
  },
});

function isJson(column: Column): boolean {
  return column.type.name === "json" && column.type.kind === "base" && !isImplied(column);
}

/** A default that names the type names the new one. */
function defaultOfJsonb({ default: value }: Column): string | undefined {
  return value !== undefined && castToJson.test(value.text) ? value.text.replace(castToJson, "$1jsonb") : undefined;
}

const castToJson = /(::\s*|\bas\s+)json\b/gi;
