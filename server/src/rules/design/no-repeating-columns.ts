/** Columns that are one, numbered. */
import { isSameType } from "../../model/pgTypes.ts";
import { append } from "../../model/lists.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noRepeatingColumns = defineRule({
  id: "no-repeating-columns",
  aliases: ["repeating-columns"],
  group: "schema",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "Give what a row has several of a table of its own instead of numbered columns.",
  why: `The number of columns is the limit of how many there can be, and the next one is a migration. To find a value every
column has to be asked, with an index each; nothing keeps one value from standing in two of them; and nothing says which
kind the second one is. A table of their own has a row for each.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-basics.html"],
  *checkTable(table) {
    const numbered = columnsWhere(table, isNumbered);
    if (numbered.length === 0) return;
    for (const group of groupsOf(table, numbered)) {
      const [first] = group;
      if (first === undefined) continue;
      const columns = group.map(({ name }) => name);
      yield {
        at: first.origins,
        subject: subjectOfColumns(table, columns),
        message: `${shortly(table, columns)} are one column ${columns.length} times.`,
        related: group.slice(1).map(({ name, origins }) => ({ at: origins, message: `${name} is one of them.` })),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Contact {
  id     Int     @id
  phone1 String?
//^^^^^^ Contact(phone1, phone2, phone3) are one column 3 times.
  phone2 String?
  phone3 String?
}
`,
      },
      {
        title: "The first one may go without its number",
        sql: `CREATE TABLE product (
  id int PRIMARY KEY,
  image_url text NOT NULL,
--^^^^^^^^^ product(image_url, image_url_2, image_url_3) are one column 3 times.
  image_url_2 text,
  image_url_3 text
);
`,
      },
    ],
    good: [
      {
        title: "Lines of an address, coordinates, versions of an algorithm, two of different types, what is generated, and the two sides of a pair",
        sql: `CREATE TABLE player (id int PRIMARY KEY);
CREATE TABLE match (
  id int PRIMARY KEY,
  address_line_1 text,
  address_line_2 text,
  addressline1 text,
  addressline2 text,
  street1 text,
  street2 text,
  x1 int, y1 int, x2 int, y2 int,
  sha1 text,
  sha256 text,
  oauth2 boolean,
  score1 int,
  score2 text,
  price numeric(19, 4),
  price_2024 numeric(19, 4),
  part1 text GENERATED ALWAYS AS (split_part(street1, ',', 1)) STORED,
  part2 text GENERATED ALWAYS AS (split_part(street1, ',', 2)) STORED,
  player1 int REFERENCES player,
  player2 int REFERENCES player
);
`,
      },
    ],
  },
});

function isNumbered(column: Column): boolean {
  const last = column.name.charCodeAt(column.name.length - 1);
  return last >= 48 && last <= 57 && column.generated === undefined && !isImplied(column);
}

/** The parts of an address are written in lines, whatever they are called. */
const addressLine = /(?:line|lines|street|address|addr)_?$/i;

/** Columns of one type whose names count from 1 without a gap; the 1 may be missing. */
function groupsOf(table: Table, numbered: readonly Column[]): readonly (readonly Column[])[] {
  const byStem = new Map<string, Map<number, Column>[]>();
  for (const column of numbered) {
    const digits = /_?(\d{1,2})$/.exec(column.name);
    const stem = column.name.slice(0, digits?.index);
    if (digits === null || stem.length < 2 || /\d$/.test(stem) || addressLine.test(stem)) continue;
    const known = byStem.get(stem)?.[0];
    if (known === undefined) append(byStem, stem, new Map([[Number(digits[1]), column]]));
    else known.set(Number(digits[1]), column);
  }
  const groups: (readonly Column[])[] = [];
  for (const [stem, [byNumber]] of byStem) {
    if (byNumber === undefined) continue;
    const group = countedFrom(byNumber, byNumber.get(1) ?? table.columns.get(stem));
    if (group.length > 1 && !isPair(table, group)) groups.push(group);
  }
  return groups;
}

function countedFrom(byNumber: ReadonlyMap<number, Column>, first: Column | undefined): readonly Column[] {
  const group: Column[] = first === undefined ? [] : [first];
  for (let next = byNumber.get(2), i = 3; first !== undefined && next !== undefined; next = byNumber.get(i++)) {
    if (!isSameType(next.type, first.type)) return [];
    group.push(next);
  }
  return group;
}

/** Two foreign keys to one table: a match has two sides, and no more. */
function isPair(table: Table, group: readonly Column[]): boolean {
  return group.length === 2 && group.every(({ name }) => table.foreignKeys.some((key) => key.columns.includes(name)));
}

/** The first three and the last, when there are many. */
function shortly(table: Table, columns: readonly string[]): string {
  return sayColumns(table, columns.length < 5 ? columns : [...columns.slice(0, 2), "…", ...columns.slice(-1)]);
}
