/** Columns of one name and two types. */
import { append } from "../../model/lists.ts";
import { lookup } from "../../model/lookup.ts";
import { formatType } from "../../model/pgTypes.ts";
import { isImplied } from "../../model/queries.ts";
import type { Column, Origins, PgType, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noSameNameDifferentType = defineRule({
  id: "no-same-name-different-type",
  aliases: ["same-name-different-type"],
  group: "schema",
  category: "types",
  severity: "information",
  since: "0.1.0",
  summary: "Give columns of one name one type.",
  why: `Where postal_code is a text in five tables and a number in the sixth, joins and unions need casts, an index is not
used, and what one table keeps, a leading zero or the cents, the other has lost.`,
  sources: ["https://www.postgresql.org/docs/current/typeconv.html"],
  *checkTable(table, schema) {
    for (const column of table.columns.values()) {
      if (!saysWhatItIs(column.name) || isImplied(column)) continue;
      const usual = usualTypes(schema, column.name);
      if (usual === undefined || familyOf(column.type) === usual.family || isForeignKey(table, column)) continue;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is ${formatType(column.type)}; ${column.name} is ${usual.type} in ${usual.count} other tables.`,
        related: [{ at: usual.at, message: `For example in ${usual.table}.` }],
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE supplier (id bigint PRIMARY KEY, postal_code text);
CREATE TABLE customer (id bigint PRIMARY KEY, postal_code varchar(10));
CREATE TABLE site (id bigint PRIMARY KEY, postal_code text);
CREATE TABLE branch (id bigint PRIMARY KEY, postal_code text);
CREATE TABLE carrier (id bigint PRIMARY KEY, postal_code int);
--                                           ^^^^^^^^^^^ carrier(postal_code) is integer; postal_code is text in 4 other tables.
`,
      },
      {
        prisma: `model Order {
  id        BigInt @id
  unitPrice Decimal
}

model Quote {
  id        BigInt @id
  unitPrice Decimal
}

model Offer {
  id        BigInt @id
  unitPrice Decimal
}

model Basket {
  id        BigInt @id
  unitPrice Int
//^^^^^^^^^ Basket(unitPrice) is integer; unitPrice is numeric(65,30) in 3 other tables.
}
`,
      },
    ],
    good: [
      {
        title: "Names that say nothing; lengths and precisions; no type that most have",
        sql: `CREATE TABLE a (id bigint PRIMARY KEY, value text, full_name text, due_on date);
CREATE TABLE b (id bigint PRIMARY KEY, value text, full_name varchar(80), due_on date);
CREATE TABLE c (id bigint PRIMARY KEY, value text, full_name varchar(200), due_on timestamptz);
CREATE TABLE d (id int PRIMARY KEY, value int, full_name text, due_on timestamptz);
`,
      },
    ],
  },
});

/** The type that nearly all columns of a name have. */
interface UsualType {
  readonly family: string;
  readonly type: string;
  /** How many tables have it. */
  readonly count: number;
  readonly table: string;
  readonly at: Origins;
}

const usualTypes = lookup((schema) => {
  const byName = new Map<string, { table: Table; column: Column }[]>();
  for (const table of schema.tables.values()) {
    if (isImplied(table) || table.partitionOf !== undefined) continue;
    table.columns.forEach((column) => append(byName, column.name, { table, column }));
  }
  const usual = new Map<string, UsualType>();
  for (const [name, places] of byName) {
    const found = places.length < 4 || !saysWhatItIs(name) ? undefined : usualOf(places);
    if (found !== undefined) usual.set(name, found);
  }
  return (name): UsualType | undefined => usual.get(name);
});

/** At least three tables, and four of five, or there is nothing usual about it. Undefined too when all agree. */
function usualOf(places: readonly { readonly table: Table; readonly column: Column }[]): UsualType | undefined {
  const byFamily = new Map<string, { readonly table: Table; readonly column: Column }[]>();
  for (const place of places) append(byFamily, familyOf(place.column.type), place);
  if (byFamily.size < 2) return undefined;
  for (const [family, members] of byFamily) {
    const [first] = members;
    if (first === undefined || members.length < 3 || members.length * 4 < places.length * 3) continue;
    return { family, type: formatType(first.column.type), count: members.length, table: say(first.table), at: first.column.origins };
  }
  return undefined;
}

/** Types that hold the same things; lengths, precisions and time zones are other rules'. */
function familyOf({ schema, name, isArray }: PgType): string {
  const family = families.get(name) ?? (schema === undefined || schema === "pg_catalog" ? name : `${schema}.${name}`);
  return isArray ? `${family}[]` : family;
}

const families: ReadonlyMap<string, string> = new Map([
  ["varchar", "text"],
  ["bpchar", "text"],
  ["citext", "text"],
  ["name", "text"],
  ["timestamp", "timestamptz"],
  ["int2", "int4"],
  ["json", "jsonb"],
  ["float4", "float8"],
]);

/** Two words or more, the last of them no general one: `postal_code`, `unitPrice`; not `value` or `max_size`. */
function saysWhatItIs(name: string): boolean {
  if (!/[a-z0-9][_A-Z]/.test(name)) return false;
  const words = wordsOf(name);
  return words.length >= 2 && !general.has(words.at(-1) ?? "");
}

const general = new Set("id ids key type value data status state config settings options meta metadata size count content source target result version level by to from".split(" "));

function isForeignKey(table: Table, { name }: Column): boolean {
  return table.foreignKeys.some(({ columns }) => columns.includes(name));
}
