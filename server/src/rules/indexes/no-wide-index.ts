/** B-tree indexes over many columns, or over columns with long texts. */
import { isIndexOfParent } from "../../model/indexQueries.ts";
import { isImplied } from "../../model/queries.ts";
import type { Column, Index, Table } from "../../model/schema.ts";
import { say, subjectOfPart, wordsOf } from "../names.ts";
import { namesIn, numberIn } from "../options.ts";
import { defineRule } from "../rule.ts";

export const noWideIndex = defineRule({
  id: "no-wide-index",
  aliases: ["wide-index"],
  group: "schema",
  category: "indexes",
  severity: "information",
  since: "0.1.0",
  summary: "Keep the keys of a B-tree few and short.",
  why: `Columns behind the third or fourth key hardly narrow a search, and make the index larger and its updates dearer. A
row of a B-tree holds at most 2,704 bytes: one longer text, and the insert fails with error 54000.`,
  sources: ["https://www.postgresql.org/docs/current/indexes-multicolumn.html", "https://www.postgresql.org/docs/current/btree.html"],
  options: {
    columns: { default: 4, description: "More key columns than this are reported, those of the primary key aside." },
    longTexts: {
      default: ["article", "body", "content", "contents", "description", "essay", "html", "markdown", "payload", "prompt", "transcript"],
      description: "Last words of the names of columns that hold long texts.",
    },
  },
  *checkTable(table, schema, { options }) {
    for (const index of table.indexes) {
      if (index.method !== "btree" || index.constraint !== undefined || isImplied(index)) continue;
      const problem = problemOf(table, index, numberIn(options, "columns"), namesIn(options, "longTexts"));
      if (problem === undefined || isIndexOfParent(schema, table, index)) continue;
      yield { at: index.origins, subject: subjectOfPart(table, index.name), message: `Index ${index.name} on ${say(table)} ${problem}` };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Deal {
  id          Int    @id
  description String
  a           Int
  b           Int
  c           Int
  d           Int
  e           Int

  @@index([a, b, c, d, e])
//^^^^^^^^^^^^^^^^^^^^^^^^ Index Deal_a_b_c_d_e_idx on Deal has 5 key columns: the last ones hardly narrow a search.
  @@index([description])
//^^^^^^^^^^^^^^^^^^^^^^ Index Deal_description_idx on Deal keeps whole texts of description: over 2,704 bytes the insert fails.
}
`,
      },
      {
        sql: `CREATE TABLE page (id int PRIMARY KEY, site_id int NOT NULL, body text NOT NULL);
CREATE INDEX page_text ON page (site_id, body);
--           ^^^^^^^^^ Index page_text on page keeps whole texts of body: over 2,704 bytes the insert fails.
`,
      },
    ],
    good: [
      {
        title: "A unique key needs all its columns, pages in a stable order need the id; a text that is short, hashed or taken apart fits",
        sql: `CREATE TABLE page (
  id int PRIMARY KEY,
  a int, b int, c int, d int, e int,
  title text,
  description varchar(200),
  body text,
  words tsvector,
  UNIQUE (a, b, c, d, e)
);
CREATE UNIQUE INDEX ON page (e, d, c, b, a);
CREATE INDEX ON page (title);
CREATE INDEX ON page (description);
CREATE INDEX ON page (md5(body));
CREATE INDEX ON page USING hash (body);
CREATE INDEX ON page USING gin (words);
CREATE INDEX ON page (a, b, c, d) INCLUDE (e, body);
CREATE INDEX ON page (a, b, c, d, id);
`,
      },
    ],
  },
});

function problemOf(table: Table, index: Index, most: number, longTexts: readonly string[]): string | undefined {
  if (index.keys.length > most && !index.unique) {
    const count = index.keys.filter(({ column }) => column === undefined || table.primaryKey?.columns.includes(column) !== true).length;
    if (count > most) return `has ${count} key columns: the last ones hardly narrow a search.`;
  }
  for (const { column } of index.keys) {
    const found = column === undefined ? undefined : table.columns.get(column);
    if (found !== undefined && isLongText(found, longTexts))
      return `keeps whole texts of ${found.name}: over 2,704 bytes the insert fails.`;
  }
  return undefined;
}

/** A text without a limit, by a name that promises more than a line. */
function isLongText({ name, type }: Column, longTexts: readonly string[]): boolean {
  if (type.isArray || !(type.name === "text" || (type.name === "varchar" && (type.modifiers[0] ?? 10_000) > 2_704))) return false;
  const last = wordsOf(name).at(-1);
  return last !== undefined && longTexts.includes(last);
}
