/** Columns that the house wants every table to have. */
import { lookup } from "../../model/lookup.ts";
import { anyOfNames } from "../../model/names.ts";
import { doubtAbout, isImplied, type PlacedColumn } from "../../model/queries.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import { say, subjectOfColumns } from "../names.ts";
import { namedBy, namesIn } from "../options.ts";
import { defineRule, type Fix } from "../rule.ts";

export const requireColumns = defineRule({
  id: "require-columns",
  aliases: ["mandatory-columns"],
  group: "schema",
  category: "design",
  severity: "warning",
  since: "0.1.0",
  summary: "Give every table the columns that all tables are to have.",
  why: `What every table has, tools can rely on: who owns a row, when it was made, when it changed. One table without them
is the one that the export, the audit or the nightly job forgets. The rule asks for nothing until its option names columns.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-basics.html"],
  options: {
    columns: { default: [], description: "Names of the columns; case and underscores do not matter. None are asked for by default." },
    exceptions: { default: [], description: "Names of tables that need none of them." },
  },
  *checkTable(table, schema, context) {
    const wanted = namesIn(context.options, "columns");
    if (wanted.length === 0 || !table.complete || table.partitionOf !== undefined || table.kind === "foreign") return;
    if (namedBy(context, "exceptions")(table.name)) return;
    for (const name of wanted) {
      const isIt = anyOfNames([name]);
      if ([...table.columns.values()].some((column) => isIt(column.name) || (column.prismaName !== undefined && isIt(column.prismaName)))) continue;
      yield {
        at: table.origins,
        subject: subjectOfColumns(table, [name]),
        message: `${say(table)} has no column ${name}.`,
        doubt: doubtAbout(schema, table),
        fix: (whole) => fixFor(whole, table, name),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Added as other tables have it",
        options: { columns: ["created_at"] },
        prisma: `model Account {
  id        Int      @id
  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3)
}

model Contact {
//    ^^^^^^^ Contact has no column created_at.
  id   Int    @id
  name String
}
`,
        fixed: `model Account {
  id        Int      @id
  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3)
}

model Contact {
  id   Int    @id
  name String
  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3)
}
`,
      },
      {
        options: { columns: ["created_at"] },
        sql: `CREATE TABLE account (id int PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE contact (
--           ^^^^^^^ contact has no column created_at.
  id int PRIMARY KEY,
  name text
);
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE contact (
  id int PRIMARY KEY,
  name text,
  created_at timestamptz NOT NULL DEFAULT now()
);
`,
      },
    ],
    good: [
      {
        title: "Written another way, excepted, and a partition of one that has it",
        options: { columns: ["created_at"], exceptions: ["currency"] },
        sql: `CREATE TABLE account (id int, "createdAt" timestamptz NOT NULL) PARTITION BY RANGE ("createdAt");
CREATE TABLE account_2026 PARTITION OF account FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE currency (code char(3) PRIMARY KEY);
`,
      },
      {
        title: "Nothing is asked for",
        prisma: `model Account {
  id Int @id
}
`,
      },
    ],
  },
});

/** As most other tables have it; none where no other table does, or where the column is a key there. */
function fixFor(schema: Schema, table: Table, name: string): Fix | undefined {
  const like = usualColumn(schema, name);
  if (like === undefined) return undefined;
  return { title: `Add ${like.column.name} as ${like.table.name} has it`, safety: "review", intent: { do: "addColumn", table, like } };
}

const usualColumn = lookup((schema) => (name): PlacedColumn | undefined => {
  const isIt = anyOfNames([name]);
  const counts = new Map<string, { readonly first: PlacedColumn; count: number }>();
  for (const table of schema.tables.values()) {
    if (isImplied(table) || table.partitionOf !== undefined) continue;
    for (const column of table.columns.values()) {
      if (!isIt(column.name) || !canBeCopied(table, column)) continue;
      const shape = [column.name, column.type.name, column.type.modifiers.join(), column.notNull, column.default?.canonical, column.clientDefault].join();
      const known = counts.get(shape);
      if (known === undefined) counts.set(shape, { first: { table, column }, count: 1 });
      else known.count += 1;
    }
  }
  let most: { readonly first: PlacedColumn; readonly count: number } | undefined;
  for (const each of counts.values()) if (most === undefined || each.count > most.count) most = each;
  return most?.first;
});

function canBeCopied({ foreignKeys, primaryKey }: Table, { name, identity, generated, default: value, origins: [origin] }: Column): boolean {
  if (identity !== undefined || generated !== undefined || origin.kind === "implied") return false;
  if (value !== undefined && /\bnextval\(/i.test(value.text)) return false;
  return primaryKey?.columns.includes(name) !== true && !foreignKeys.some(({ columns }) => columns.includes(name));
}
