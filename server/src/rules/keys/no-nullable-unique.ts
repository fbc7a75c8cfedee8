/** Unique keys of several columns that null takes rows out of. */
import { plainColumns } from "../../model/indexQueries.ts";
import { isImplied, referencingKeys } from "../../model/queries.ts";
import type { Column, Index, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfPart } from "../names.ts";
import { isOn } from "../options.ts";
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
  options: {
    values: {
      default: false,
      description: "Report columns that are no foreign key too. Null there mostly means that there is nothing to be unique.",
    },
  },
  *checkTable(table, _schema, { options, postgresVersion }) {
    for (const index of table.indexes) {
      if (!index.unique || index.nullsNotDistinct || index.primary || index.keys.length < 2 || isImplied(index)) continue;
      const columns = plainColumns(index);
      const column = columns === undefined ? undefined : nullableOf(table, columns);
      if (columns === undefined || column === undefined || isTold(table, index, column.name)) continue;
      if (!isOn(options, "values") && !isScope(table, column)) continue;
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Unique ${sayColumns(table, columns)} lets rows repeat where ${column.name} is null.`,
        related: [{ at: column.origins, message: `${column.name} may be null.` }],
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
        title: "Prisma has no words for NULLS NOT DISTINCT: a migration says it, and the attribute stays",
        prisma: `model Folder {
  id       BigInt   @id
  parentId BigInt?
  name     String
  parent   Folder?  @relation("children", fields: [parentId], references: [id], onDelete: Cascade)
  children Folder[] @relation("children")

  @@unique([parentId, name])
//^^^^^^^^^^^^^^^^^^^^^^^^^^ Unique Folder(parentId, name) lets rows repeat where parentId is null.
}
`,
      },
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
      {
        title: "Either one or the other; a contact without an address is nobody's double; a run without a parent has no place in it",
        sql: `CREATE TABLE account (id bigint PRIMARY KEY);
CREATE TABLE contact (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  email text,
  UNIQUE (account_id, email)
);
CREATE TABLE favourite (
  user_id bigint NOT NULL,
  account_id bigint REFERENCES account ON DELETE CASCADE,
  contact_id bigint REFERENCES contact ON DELETE CASCADE,
  UNIQUE (user_id, account_id),
  UNIQUE (user_id, contact_id)
);
CREATE TABLE run (
  id bigint PRIMARY KEY,
  parent_id bigint REFERENCES run ON DELETE CASCADE,
  place_in_parent int,
  UNIQUE (parent_id, place_in_parent)
);
`,
      },
    ],
  },
});

/** The only column that may be null. Where several may, the key is for rows that have all; one that holds the primary key is unique anyway. */
function nullableOf(table: Table, columns: readonly string[]): Column | undefined {
  let found: Column | undefined;
  for (const name of columns) {
    const column = table.columns.get(name);
    if (column?.notNull !== false) continue;
    if (found !== undefined) return undefined;
    found = column;
  }
  const key = table.primaryKey?.columns ?? [];
  return key.length > 0 && key.every((name) => columns.includes(name)) ? undefined : found;
}

/** Whether something says what null is to mean: the key's own predicate, a check, another unique key for the other case. */
function isTold(table: Table, index: Index, column: string): boolean {
  if (index.predicate?.columns.includes(column) === true) return true;
  return (
    table.indexes.some((other) => other !== index && other.unique && isForOtherCase(table, other, column)) ||
    table.checks.some(({ expression }) => expression.columns.includes(column) && /\bnull\b|num_n/i.test(expression.text))
  );
}

/** A key for rows where the column is null, or for rows that belong to something else instead. */
function isForOtherCase(table: Table, { keys, predicate }: Index, column: string): boolean {
  if (predicate?.columns.includes(column) === true) return true;
  if (keys.length < 2 || keys.some((key) => key.column === column)) return false;
  return keys.some((key) => table.columns.get(key.column ?? "")?.notNull === false);
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
