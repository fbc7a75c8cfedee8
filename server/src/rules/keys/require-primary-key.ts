/** Tables without a primary key. */
import { plainColumns } from "../../model/indexQueries.ts";
import { doubtAbout, parentOf, usualKeyType } from "../../model/queries.ts";
import type { Index, Schema, Table } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const requirePrimaryKey = defineRule({
  id: "require-primary-key",
  aliases: ["no-primary-key", "unique-not-null-instead-of-pk"],
  group: "schema",
  category: "keys",
  severity: "warning",
  since: "0.1.0",
  summary: "Give every table a primary key.",
  why: `Without one a row cannot be named: duplicates cannot be told apart, foreign keys have nothing to point at, and
logical replication refuses updates and deletes, because the table has no replica identity.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS",
    "https://www.postgresql.org/docs/current/logical-replication-publication.html",
  ],
  *checkTable(table, schema) {
    if (table.primaryKey !== undefined || !table.complete) return;
    if (table.kind === "foreign" || table.persistence === "temporary") return;
    if (parentOf(schema, table) !== undefined) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: `Table ${say(table)} has no primary key.`,
      doubt: doubtAbout(schema, table),
      fix: (whole) => fixFor(whole, table),
    };
  },
  examples: {
    bad: [
      {
        title: "A unique criterion is enough for Prisma, not for PostgreSQL",
        prisma: `model Membership {
//    ^^^^^^^^^^ Table Membership has no primary key.
  teamId Int
  userId Int

  @@unique([teamId, userId])
}
`,
        fixed: `model Membership {
  teamId Int
  userId Int

  @@id([teamId, userId])
}
`,
      },
      {
        title: "A unique column that is never null can be the key",
        sql: `CREATE TABLE country (
--           ^^^^^^^ Table country has no primary key.
  code char(2) NOT NULL UNIQUE,
  name text NOT NULL
);
`,
        fixed: `CREATE TABLE country (
  code char(2) NOT NULL PRIMARY KEY,
  name text NOT NULL
);
`,
      },
      {
        title: "Nothing can: the table gets a key of its own",
        sql: `CREATE TABLE visit (
--           ^^^^^ Table visit has no primary key.
  url text NOT NULL,
  seen_at timestamptz NOT NULL
);
`,
        fixed: `CREATE TABLE visit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  url text NOT NULL,
  seen_at timestamptz NOT NULL
);
`,
      },
      {
        title: "A partial unique index holds for some rows only",
        sql: `CREATE TABLE visit (
--           ^^^^^ Table visit has no primary key.
  id int NOT NULL, -- from the tracker
  url text -- as typed
);
CREATE UNIQUE INDEX ON visit (id) WHERE url IS NOT NULL;
`,
        fixed: `CREATE TABLE visit (
  id int NOT NULL, -- from the tracker
  url text, -- as typed
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ON visit (id) WHERE url IS NOT NULL;
`,
      },
    ],
    good: [
      {
        title: "The key may be added later",
        sql: `CREATE TABLE visit (id int NOT NULL, url text);
ALTER TABLE visit ADD PRIMARY KEY (id);
`,
      },
      {
        title: "Partitions have their parent's key; what lives for a session needs none",
        sql: `CREATE TABLE visit (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TEMPORARY TABLE import (line text);
`,
      },
      {
        title: "Only changes of the table are known, not what it is",
        sql: `ALTER TABLE visit ADD COLUMN url text;
`,
      },
    ],
  },
});

function fixFor(schema: Schema, table: Table): Fix {
  const key = candidateKey(table);
  if (key !== undefined) {
    return {
      title: `Make ${key.columns.join(", ")} the primary key`,
      safety: "review",
      intent: { do: "addPrimaryKey", table, columns: key.columns, replaces: key.index },
    };
  }
  const id = table.columns.get("id");
  if (id !== undefined) {
    return {
      title: "Make id the primary key",
      safety: "review",
      intent: { do: "addPrimaryKey", table, columns: [id.name] },
    };
  }
  return {
    title: "Add a column id as the primary key",
    safety: "review",
    intent: { do: "addPrimaryKeyColumn", table, column: "id", type: usualKeyType(schema) },
  };
}

/** The unique index with the fewest columns that could be the primary key as it is: whole, plain, never null. */
function candidateKey(table: Table): { readonly index: Index; readonly columns: readonly string[] } | undefined {
  let best: { index: Index; columns: readonly string[] } | undefined;
  for (const index of table.indexes) {
    const columns = plainColumns(index);
    if (!index.unique || !index.valid || index.predicate !== undefined || index.include.length > 0 || columns === undefined) continue;
    if (!columns.every((column) => table.columns.get(column)?.notNull === true)) continue;
    if (best === undefined || columns.length < best.columns.length) best = { index, columns };
  }
  return best;
}
