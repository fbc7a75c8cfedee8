/** Unique keys of several columns that null takes rows out of. */
import { plainColumns } from "../../model/indexQueries.ts";
import { isImplied, referencingKeys } from "../../model/queries.ts";
import type { Column, Index, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfPart } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noNullableUnique = defineRule({
  id: "no-nullable-unique",
  aliases: ["unique-with-nullable"],
  group: "schema",
  category: "keys",
  severity: "warning",
  since: "0.1.0",
  summary: "Say what null means in a unique key of several columns.",
  why: `Null equals nothing, not even null: where one column of the key is null, the key holds for nothing. Of two root
folders with parent_id null both may have one name. NULLS NOT DISTINCT lets nulls collide, and a partial unique index
WHERE parent_id IS NULL says it for these rows alone; a column that is never null needs neither.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-UNIQUE-CONSTRAINTS",
    "https://www.postgresql.org/docs/current/indexes-unique.html",
  ],
  *checkTable(table, _schema, { postgresVersion }) {
    for (const index of table.indexes) {
      if (!index.unique || index.nullsNotDistinct || index.primary || index.keys.length < 2 || isImplied(index)) continue;
      const columns = plainColumns(index);
      const column = columns === undefined ? undefined : nullableOf(table, index, columns);
      if (columns === undefined || column === undefined) continue;
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Unique ${sayColumns(table, columns)} lets rows repeat where ${column.name} is null.`,
        related: [{ at: column.origins, message: `${column.name} may be null.` }],
        doubt: isScope(table, column) ? undefined : `Null in ${column.name} may mean that there is nothing to be unique.`,
        fix: (schema) => {
          const isTarget = referencingKeys(schema, table.key).some(({ foreignKey }) =>
            foreignKey.references.columns.includes(column.name),
          );
          return postgresVersion < 15 || isTarget ? undefined : fixFor(table, index);
        },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Folders at the root",
        sql: `CREATE TABLE folder (
  id bigint PRIMARY KEY,
  parent_id bigint REFERENCES folder ON DELETE CASCADE,
  name text NOT NULL,
  UNIQUE (parent_id, name)
--^^^^^^ Unique folder(parent_id, name) lets rows repeat where parent_id is null.
);
`,
        fixed: `CREATE TABLE folder (
  id bigint PRIMARY KEY,
  parent_id bigint REFERENCES folder ON DELETE CASCADE,
  name text NOT NULL,
  UNIQUE NULLS NOT DISTINCT (parent_id, name)
);
`,
      },
      {
        sql: `CREATE TABLE team (id bigint PRIMARY KEY);
CREATE TABLE quota (id bigint PRIMARY KEY, team_id bigint REFERENCES team ON DELETE CASCADE, resource text NOT NULL, most int);
CREATE UNIQUE INDEX quota_once ON quota (team_id, resource) INCLUDE (most);
--                  ^^^^^^^^^^ Unique quota(team_id, resource) lets rows repeat where team_id is null.
`,
        fixed: `CREATE TABLE team (id bigint PRIMARY KEY);
CREATE TABLE quota (id bigint PRIMARY KEY, team_id bigint REFERENCES team ON DELETE CASCADE, resource text NOT NULL, most int);
CREATE UNIQUE INDEX quota_once ON quota (team_id, resource) INCLUDE (most) NULLS NOT DISTINCT;
`,
      },
    ],
    good: [
      {
        title: "A key of one column: what has no number may well come twice",
        prisma: `model Invoice {
  id     BigInt @id
  orgId  BigInt
  number Int?   @unique
  year   Int

  @@unique([orgId, year])
}
`,
      },
      {
        title: "Another index holds for the rows with null; or the key is for the others only; or nulls collide",
        sql: `CREATE TABLE folder (id bigint PRIMARY KEY, parent_id bigint, name text NOT NULL);
CREATE UNIQUE INDEX ON folder (parent_id, name);
CREATE UNIQUE INDEX ON folder (name) WHERE parent_id IS NULL;
CREATE TABLE page (id bigint PRIMARY KEY, parent_id bigint, name text NOT NULL);
CREATE UNIQUE INDEX ON page (parent_id, name) WHERE parent_id IS NOT NULL;
CREATE TABLE card (id bigint PRIMARY KEY, list_id bigint, name text NOT NULL, UNIQUE NULLS NOT DISTINCT (list_id, name));
`,
      },
    ],
  },
});

/** The column that may be null, where nothing says what that is to mean. A key that holds the primary key is unique anyway. */
function nullableOf(table: Table, index: Index, columns: readonly string[]): Column | undefined {
  let found: Column | undefined;
  for (const name of columns) {
    const column = table.columns.get(name);
    if (column?.notNull === false && found === undefined) found = column;
  }
  if (found === undefined || isTold(table, index, found.name)) return undefined;
  const key = table.primaryKey?.columns ?? [];
  return key.length > 0 && key.every((name) => columns.includes(name)) ? undefined : found;
}

/** Whether the key's own predicate, another unique index or a check says something about null in the column. */
function isTold(table: Table, index: Index, column: string): boolean {
  if (index.predicate?.columns.includes(column) === true) return true;
  return (
    table.indexes.some((other) => other !== index && other.unique && other.predicate?.columns.includes(column) === true) ||
    table.checks.some(({ expression }) => expression.columns.includes(column) && /\bnull\b|num_nonnulls|num_nulls/i.test(expression.text))
  );
}

/** What the row belongs to, as a parent or a team is: null there is a place of its own. */
function isScope(table: Table, { name }: Column): boolean {
  return table.foreignKeys.some(({ columns }) => columns.includes(name));
}

function fixFor(table: Table, index: Index): Fix {
  return {
    title: "Let nulls collide: NULLS NOT DISTINCT",
    safety: "review",
    intent: { do: "replaceUnique", table, index, keys: index.keys, nullsNotDistinct: true },
  };
}
