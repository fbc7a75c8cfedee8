/** Random UUIDs as keys of tables that only grow. */
import { isRandomUuid } from "../../model/generatedValues.ts";
import { parentOf } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { namesIn } from "../options.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noRandomUuidKey = defineRule({
  id: "no-random-uuid-key",
  aliases: ["random-uuid-primary-key"],
  group: "schema",
  category: "keys",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Give tables that only grow keys that grow too: UUIDs of version 7.",
  why: `Random keys send every INSERT to another page of the index: once the index is larger than memory each one reads a
page and writes a whole one to the log, and half-full pages make the index larger still. UUIDs of version 7 begin with
the time, so new rows stay together. For small tables it makes no difference.`,
  sources: ["https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7", "https://www.postgresql.org/docs/current/functions-uuid.html"],
  options: {
    tables: {
      default: [
        "event",
        "log",
        "audit",
        "message",
        "notification",
        "activity",
        "metric",
        "measurement",
        "reading",
        "history",
        "delivery",
        "transaction",
        "visit",
        "click",
        "impression",
        "trace",
        "span",
      ],
      description: "Last words of the names of tables that get rows all the time, in the singular.",
    },
  },
  *checkTable(table, schema, { options, postgresVersion }) {
    const [name, ...others] = table.primaryKey?.columns ?? [];
    const column = name === undefined || others.length > 0 ? undefined : table.columns.get(name);
    if (column === undefined || !isRandomUuid(column)) return;
    if (!growsAllTheTime(table, namesIn(options, "tables")) || parentOf(schema, table) !== undefined) return;
    yield {
      at: column.origins,
      subject: subjectOfColumns(table, [column.name]),
      message: `Key ${sayColumns(table, [column.name])} is drawn at random: every INSERT lands elsewhere in the index.`,
      fix: fixFor(table, column, postgresVersion),
    };
  },
  examples: {
    bad: [
      {
        prisma: `model AuditEvent {
  id String @id @default(uuid()) @db.Uuid
//^^ Key AuditEvent(id) is drawn at random: every INSERT lands elsewhere in the index.
}
`,
        fixed: `model AuditEvent {
  id String @id @default(uuid(7)) @db.Uuid
}
`,
      },
      {
        sql: `CREATE TABLE messages (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
--^^ Key messages(id) is drawn at random: every INSERT lands elsewhere in the index.
  body text NOT NULL
);
`,
      },
    ],
    good: [
      {
        title: "Few organizations come a day; a token must not be guessed",
        sql: `CREATE TABLE organization (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE TABLE login_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token uuid UNIQUE DEFAULT gen_random_uuid()
);
`,
      },
      {
        prisma: `model AuditEvent {
  id String @id @default(uuid(7)) @db.Uuid
}
`,
      },
    ],
  },
});

function growsAllTheTime(table: Table, names: readonly string[]): boolean {
  const last = wordsOf(table.name).at(-1) ?? "";
  return names.includes(last) || names.includes(last.replace(/s$/, "")) || names.includes(last.replace(/ies$/, "y"));
}

/** PostgreSQL makes them since 18, Prisma Client at any time. */
function fixFor(table: Table, column: Column, postgresVersion: number): Fix | undefined {
  const madeBy = column.clientDefault === undefined ? "database" : "client";
  if (column.type.name !== "uuid" || (madeBy === "database" && postgresVersion < 18)) return undefined;
  const value = madeBy === "client" ? "uuid(7)" : "uuidv7()";
  return { title: `Make its values by ${value}`, safety: "review", intent: { do: "setDefault", table, column, value, madeBy } };
}
