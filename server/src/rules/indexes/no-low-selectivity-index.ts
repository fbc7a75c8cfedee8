/** Indexes over one column that has only a few values. */
import { isIndexOfParent } from "../../model/indexQueries.ts";
import { isImplied } from "../../model/queries.ts";
import { keyOf, sqlIdentifier } from "../../model/names.ts";
import type { Column, Index, Schema, Table } from "../../model/schema.ts";
import { say, subjectOfPart, wordsOf } from "../names.ts";
import { numberIn } from "../options.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noLowSelectivityIndex = defineRule({
  id: "no-low-selectivity-index",
  aliases: ["low-selectivity-index"],
  group: "schema",
  category: "indexes",
  severity: "information",
  since: "0.1.0",
  summary: "Do not index a column alone that has only a few values.",
  why: `A value that a third of the rows have is found faster by reading the table, so the planner leaves the index alone,
and every write still keeps it. Where one value is rare and looked for, such as what is not done yet, a partial index
over those rows is small and used; otherwise the column belongs into an index behind another one.`,
  sources: [
    "https://www.postgresql.org/docs/current/indexes-partial.html",
    "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
  ],
  options: { values: { default: 3, description: "An enum of at most so many values is reported too." } },
  *checkTable(table, schema, { options }) {
    for (const index of table.indexes) {
      const column = onlyColumn(table, index);
      if (column === undefined || isImplied(index)) continue;
      const count = valuesOf(schema, column);
      if (count === undefined || count > Math.max(2, numberIn(options, "values")) || isIndexOfParent(schema, table, index)) continue;
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Index ${index.name} on ${say(table)} is over ${column.name} alone, which has ${count === 1 ? "one value" : `${count} values`}.`,
        fix: fixFor(table, index, column),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}

enum Priority {
  low
  high
}

model Task {
  id       Int      @id
  done     Boolean  @default(false)
  priority Priority

  @@index([done])
//^^^^^^^^^^^^^^^ Index Task_done_idx on Task is over done alone, which has 2 values.
  @@index([priority])
//^^^^^^^^^^^^^^^^^^^ Index Task_priority_idx on Task is over priority alone, which has 2 values.
}
`,
        fixed: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}

enum Priority {
  low
  high
}

model Task {
  id       Int      @id
  done     Boolean  @default(false)
  priority Priority

  @@index([done], where: raw("NOT done"))
  @@index([priority])
}
`,
      },
      {
        sql: `CREATE TABLE mail (id int PRIMARY KEY, is_sent boolean, urgent boolean NOT NULL);
CREATE INDEX mail_sent ON mail (is_sent);
--           ^^^^^^^^^ Index mail_sent on mail is over is_sent alone, which has 2 values.
CREATE INDEX mail_urgent ON mail (urgent);
--           ^^^^^^^^^^^ Index mail_urgent on mail is over urgent alone, which has 2 values.
`,
        fixed: `CREATE TABLE mail (id int PRIMARY KEY, is_sent boolean, urgent boolean NOT NULL);
CREATE INDEX mail_sent ON mail (is_sent) WHERE is_sent IS NOT TRUE;
CREATE INDEX mail_urgent ON mail (urgent);
`,
      },
    ],
    good: [
      {
        title: "A partial index, one that goes on behind the flag or includes what is read, a unique one, and an enum with many values",
        sql: `CREATE TYPE stage AS ENUM ('new', 'open', 'won', 'lost');
CREATE TABLE deal (id int PRIMARY KEY, owner_id int, done boolean NOT NULL, only_one boolean UNIQUE, stage stage NOT NULL);
CREATE INDEX ON deal (done) WHERE NOT done;
CREATE INDEX ON deal (done, owner_id);
CREATE INDEX ON deal (done) INCLUDE (owner_id);
CREATE INDEX ON deal (stage);
`,
      },
    ],
  },
});

function onlyColumn(table: Table, index: Index): Column | undefined {
  if (index.keys.length !== 1 || index.method !== "btree" || index.unique || index.predicate !== undefined || index.include.length > 0)
    return undefined;
  const [key] = index.keys;
  return key?.column === undefined ? undefined : table.columns.get(key.column);
}

/** How many values a column can have, where its type says so. */
function valuesOf(schema: Schema, { type }: Column): number | undefined {
  if (type.isArray) return undefined;
  if (type.name === "bool") return 2;
  return type.kind === "enum" && type.schema !== undefined ? schema.enums.get(keyOf(type.schema, type.name))?.values.length : undefined;
}

/** Flags that end up true for nearly every row: what is looked for is the rest. */
const finished = new Set(
  "completed delivered done exported finished handled imported indexed migrated notified paid processed read reviewed seen sent settled synced".split(
    " ",
  ),
);

function fixFor(table: Table, index: Index, column: Column): Fix | undefined {
  const last = wordsOf(column.name).at(-1);
  if (column.type.name !== "bool" || last === undefined || !finished.has(last)) return undefined;
  const name = sqlIdentifier(column.name);
  const predicate = column.notNull ? `NOT ${name}` : `${name} IS NOT TRUE`;
  return { title: `Index only rows where ${predicate}`, safety: "review", intent: { do: "replaceIndex", table, index, predicate } };
}
