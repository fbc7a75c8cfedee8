/** Columns of one name and two types. */
import { append } from "../../model/lists.ts";
import { lookup } from "../../model/lookup.ts";
import { memoised } from "../../model/memoised.ts";
import { formatType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied, type PlacedColumn } from "../../model/queries.ts";
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
    for (const { column, usual } of unusualColumns(schema, table.key)) {
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

interface UnusualColumn {
  readonly column: Column;
  readonly usual: UsualType;
}

/** The columns of a table whose name has another type in most tables; of foreign keys another rule speaks. */
const unusualColumns = lookup((schema) => {
  const byName = new Map<string, PlacedColumn[]>();
  for (const table of schema.tables.values()) for (const place of sayingColumns(table)) append(byName, place.column.name, place);
  const byTable = new Map<string, UnusualColumn[]>();
  for (const places of byName.values()) {
    const usual = places.length < 4 ? undefined : usualOf(places);
    if (usual === undefined) continue;
    for (const { table, column } of places) {
      if (familyOf(column.type) !== usual.family && !isForeignKey(table, column)) append(byTable, table.key, { column, usual });
    }
  }
  return (tableKey): readonly UnusualColumn[] => byTable.get(tableKey) ?? none;
});

const none: readonly UnusualColumn[] = [];

/** The columns of a table whose names say what they hold. */
const sayingColumns = memoised((table: Table): readonly PlacedColumn[] =>
  isImplied(table) || table.partitionOf !== undefined
    ? []
    : columnsWhere(table, ({ name }) => saysWhatItIs(name)).map((column) => ({ table, column })),
);

/** At least three tables, and three of four, or there is nothing usual about it. Undefined too when all agree. */
function usualOf(places: readonly PlacedColumn[]): UsualType | undefined {
  const [leading] = places;
  const family = leading === undefined ? "" : familyOf(leading.column.type);
  if (places.every(({ column }) => familyOf(column.type) === family)) return undefined;
  const byFamily = new Map<string, PlacedColumn[]>();
  for (const place of places) append(byFamily, familyOf(place.column.type), place);
  for (const [name, members] of byFamily) {
    const [first] = members;
    if (first === undefined || members.length < 3 || members.length * 4 < places.length * 3) continue;
    return { family: name, type: formatType(first.column.type), count: members.length, table: say(first.table), at: first.column.origins };
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
