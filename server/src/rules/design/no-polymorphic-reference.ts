/** References that say in one column which table the other column refers to. */
import { lookup } from "../../model/lookup.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import { onlyKeyColumn, tablesOfStem } from "../namedTables.ts";
import { sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";
import { singular, stemOf, stemOfWords } from "../words.ts";

export const noPolymorphicReference = defineRule({
  id: "no-polymorphic-reference",
  aliases: ["polymorphic-reference"],
  group: "schema",
  category: "design",
  severity: "warning",
  since: "0.1.0",
  summary: "Refer to rows of several tables by a foreign key for each, of which exactly one is set.",
  why: `No foreign key can say "the table that the other column names": rows that are referred to can be deleted, ids that
never were can be written, and the types can be misspelt. Every join needs one branch for each table. A column with a
foreign key for each table, and CHECK (num_nonnulls(account_id, contact_id) = 1), is checked, cascades and is indexed.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    "https://www.postgresql.org/docs/current/functions-comparison.html#FUNCTIONS-COMPARISON-FUNC-TABLE",
  ],
  *checkTable(table, schema) {
    for (const column of columnsWhere(table, isNamedType)) {
      const prefix = column.name.slice(0, -"type".length);
      const id = idBeside(table, column, prefix);
      if (id === undefined || table.foreignKeys.some(({ columns }) => columns.includes(id.name))) continue;
      const named = tablesNamed(schema, table, column);
      if (named.length < 2 && !(isGeneric(prefix) && !isLog(table) && mayBeSeveral(schema, prefix, id))) continue;
      const columns = [column.name, id.name];
      const where = named.length < 2 ? "several tables" : shortly(named);
      yield {
        at: id.origins,
        subject: subjectOfColumns(table, columns),
        message: `${sayColumns(table, columns)} refers to rows of ${where}: no foreign key can check it.`,
        related: [{ at: column.origins, message: `${column.name} says which table it is.` }],
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Activity {
  id         Int    @id
  entityType String
  entityId   String
//^^^^^^^^ Activity(entityType, entityId) refers to rows of several tables: no foreign key can check it.

  @@index([entityType, entityId])
}
`,
      },
      {
        title: "The values of the type are tables",
        sql: `CREATE TABLE posts (id int PRIMARY KEY);
CREATE TABLE photos (id int PRIMARY KEY);
CREATE TYPE media_type AS ENUM ('post', 'photo');
CREATE TABLE reaction (
  id int PRIMARY KEY,
  media_type media_type NOT NULL,
  media_id int NOT NULL
--^^^^^^^^ reaction(media_type, media_id) refers to rows of posts, photos: no foreign key can check it.
);
`,
      },
    ],
    good: [
      {
        title: "The type of the row that the id refers to, ids of other systems, and logs, which outlive what they tell of",
        sql: `CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE device (id int PRIMARY KEY);
CREATE TABLE reading (
  id int PRIMARY KEY,
  parent_id int REFERENCES parent,
  parent_type text,
  device_id int,
  device_type text,
  event_type text NOT NULL,
  event_id text NOT NULL UNIQUE,
  target_type text,
  target_id bigint
);
CREATE TABLE audit_log (id bigint PRIMARY KEY, entity_type text NOT NULL, entity_id uuid NOT NULL);
`,
      },
      {
        title: "A foreign key for each",
        sql: `CREATE TABLE post (id int PRIMARY KEY);
CREATE TABLE photo (id int PRIMARY KEY);
CREATE TABLE reaction (
  id int PRIMARY KEY,
  post_id int REFERENCES post,
  photo_id int REFERENCES photo,
  CHECK (num_nonnulls(post_id, photo_id) = 1)
);
`,
      },
    ],
  },
});

function isNamedType(column: Column): boolean {
  return /(?:_type|[a-z]Type)$/.test(column.name) && !column.type.isArray && !isImplied(column);
}

const idTypes = new Set(["uuid", "int4", "int8", "text", "varchar", "bpchar", "citext"]);

/** `entity_id` beside `entity_type`, both written in one way. */
function idBeside(table: Table, type: Column, prefix: string): Column | undefined {
  const id = table.columns.get(`${prefix}${type.name.endsWith("Type") ? "Id" : "id"}`);
  return id !== undefined && idTypes.has(id.type.name) && !id.type.isArray ? id : undefined;
}

/** Words that stand for any row there is. */
const generic = new Set(
  (
    "entity object subject target resource owner parent item record source related reference ref content model context associated " +
    "association morph actor trackable host holder node linked attached"
  ).split(" "),
);

function isGeneric(prefix: string): boolean {
  const last = wordsOf(prefix).at(-1) ?? "";
  return generic.has(last) || /..able$/.test(last);
}

/** No table has this name, and several have keys that the column can hold. Texts can hold any. */
function mayBeSeveral(schema: Schema, prefix: string, { type }: Column): boolean {
  return tablesOfStem(schema, stemOf(prefix)).length === 0 && (textTypes.has(type.name) || keysOfType(schema, type.name) > 1);
}

const textTypes = new Set(["text", "varchar", "bpchar", "citext"]);

/** How many tables have a key of a type, by its name. */
const keysOfType = lookup((schema) => {
  const counts = new Map<string, number>();
  for (const table of schema.tables.values()) {
    const name = onlyKeyColumn(table)?.type.name;
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return (name) => counts.get(name) ?? 0;
});

/** They may name what is gone. */
const logs = new Set(["log", "audit", "history", "event", "changelog", "outbox", "webhook", "revision", "version", "trail", "archive", "queue", "job", "trash"]);

function isLog(table: Table): boolean {
  return wordsOf(table.name).some((word) => logs.has(singular(word)));
}

/** Names of the tables that the values of an enum, or a check of the type, name. */
function tablesNamed(schema: Schema, table: Table, type: Column): readonly string[] {
  const values = type.type.kind === "enum" ? schema.enums.get(`${type.type.schema}.${type.type.name}`)?.values : valuesInCheck(table, type);
  const keys = (values ?? []).flatMap((value) => tablesOfStem(schema, stemOfWords(wordsOf(value)))[0] ?? []);
  return [...new Set(keys)].map((key) => schema.tables.get(key)?.name ?? key);
}

function valuesInCheck({ checks }: Table, { name }: Column): readonly string[] {
  const check = checks.find(({ expression }) => expression.columns.length === 1 && expression.columns[0] === name);
  return check === undefined ? [] : [...check.expression.text.matchAll(/'([^']+)'/g)].map(([, value]) => value ?? "");
}

function shortly(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more` : names.join(", ");
}
