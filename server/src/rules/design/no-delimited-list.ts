/** Texts that hold a list of values. */
import { columnsWhere } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";
import { singular } from "../words.ts";

export const noDelimitedList = defineRule({
  id: "no-delimited-list",
  aliases: ["delimited-list-in-text"],
  group: "schema",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "Keep one value in a text, and several in an array or a table of their own.",
  why: `A list in a text cannot be searched by an index for one of its values: LIKE '%,red,%' reads the whole table, and
LIKE '%red%' finds bored as well. Nothing checks the values, keeps them from standing there twice, or says what becomes
of one that holds the delimiter. An array has a GIN index, a table of their own has foreign keys too.`,
  sources: ["https://www.postgresql.org/docs/current/arrays.html", "https://www.postgresql.org/docs/current/gin.html"],
  *checkTable(table) {
    for (const column of columnsWhere(table, isFreeText)) {
      const evidence = evidenceOf(table, column);
      if (evidence === undefined) continue;
      const columns = [column.name];
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, columns),
        message: `${sayColumns(table, columns)} keeps a list in a text: ${evidence}.`,
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
  id       Int     @id
  labels   String?
//^^^^^^ Account(labels) keeps a list in a text: its name is a plural.
  /// Comma separated
  industry String?
//^^^^^^^^ Account(industry) keeps a list in a text: its comment says so.
}
`,
      },
      {
        sql: `CREATE TABLE post (
  id int PRIMARY KEY,
  category_ids varchar(200),
--^^^^^^^^^^^^ post(category_ids) keeps a list in a text: its name is a plural.
  links text NOT NULL DEFAULT '[]'
--^^^^^ post(links) keeps a list in a text: its default is one.
);
`,
      },
    ],
    good: [
      {
        title: "Plurals that are one text, one value of a set, a key, and an array",
        sql: `CREATE TABLE post (
  id int PRIMARY KEY,
  notes text,
  details text,
  terms text,
  keyword text,
  tags text[],
  roles text CHECK (roles IN ('reader', 'writer')),
  news text
);
COMMENT ON COLUMN post.notes IS 'Separated from details since 2020';
`,
      },
    ],
  },
});

const texts = new Set(["text", "varchar", "citext"]);

function isFreeText({ type, generated, origins: [origin] }: Column): boolean {
  return texts.has(type.name) && !type.isArray && generated === undefined && origin.kind !== "implied";
}

function evidenceOf(table: Table, column: Column): string | undefined {
  if (saysList.test(column.comment ?? "") || saysList.test(column.doc ?? "")) return "its comment says so";
  if (column.default !== undefined && isListLiteral.test(column.default.text)) return "its default is one";
  return isNamedAsList(column.name) && !isOneOfASet(table, column) ? "its name is a plural" : undefined;
}

const saysList = /\b(?:comma|semicolon|colon|pipe|space|newline|tab|delimiter)s?[\s-](?:separated|delimited)\b|\bcsv list\b/i;
const isListLiteral = /^'\[\]'(?:::[\w\s]+)?$/;

/** What people have several of, and what nobody calls one text by. */
const things = new Set(
  (
    "tag label keyword hashtag category topic skill language id uuid email recipient phone permission role group member user " +
    "attendee participant assignee watcher domain hostname ip country currency color colour"
  ).split(" "),
);

function isNamedAsList(name: string): boolean {
  if (!name.endsWith("s") && !name.endsWith("S")) return false;
  const last = wordsOf(name).at(-1) ?? "";
  const one = singular(last);
  return one !== last && things.has(one);
}

/** A foreign key, a unique key or a check of its values makes it one value. */
function isOneOfASet(table: Table, { name }: Column): boolean {
  return (
    table.foreignKeys.some(({ columns }) => columns.includes(name)) ||
    table.indexes.some(({ unique, keys }) => unique && keys.some(({ column }) => column === name)) ||
    table.checks.some(({ expression }) => expression.columns.includes(name))
  );
}
