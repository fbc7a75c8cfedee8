/** Columns whose name promises what nothing keeps: a percentage, a status, a beginning before an end. */
import { sqlIdentifier } from "../../model/names.ts";
import { isImplied, parentOf } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { defineRule, type Fix, type RuleFinding } from "../rule.ts";

export const requireCheck = defineRule({
  id: "require-check",
  aliases: ["missing-check"],
  group: "schema",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "Check what a column's name promises.",
  why: `What nothing checks comes in sooner or later: a discount of 1000 %, a booking that ends before it begins, the status
"cancelled" beside "canceled". A CHECK constraint, or an enum for a status, refuses it at the only door every writer uses.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-CHECK-CONSTRAINTS"],
  *checkTable(table, schema) {
    if (table.kind === "foreign" || parentOf(schema, table) !== undefined) return;
    for (const column of table.columns.values()) {
      if (column.generated !== undefined || column.type.isArray || isImplied(column)) continue;
      const found = aboutStatus(table, column) ?? aboutPercentage(table, column) ?? aboutRange(table, column);
      if (found !== undefined) yield found;
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE booking (
  id bigint PRIMARY KEY,
  starts_at timestamptz NOT NULL,
--^^^^^^^^^ booking(starts_at, ends_at) may end before it begins: no CHECK compares the two.
  ends_at timestamptz NOT NULL
);
`,
        fixed: `CREATE TABLE booking (
  id bigint PRIMARY KEY,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  CONSTRAINT booking_starts_at_ends_at_check CHECK (starts_at <= ends_at)
);
`,
      },
      {
        sql: `CREATE TABLE voucher (
  id bigint PRIMARY KEY,
  discount_percent numeric(5, 2) NOT NULL
--^^^^^^^^^^^^^^^^ voucher(discount_percent) takes any number: no CHECK keeps it between 0 and 100.
);
`,
        fixed: `CREATE TABLE voucher (
  id bigint PRIMARY KEY,
  discount_percent numeric(5, 2) NOT NULL,
  CONSTRAINT voucher_discount_percent_check CHECK (discount_percent BETWEEN 0 AND 100)
);
`,
      },
      {
        title: "In Prisma an enum says which values there are",
        prisma: `model Deal {
  id     BigInt @id
  status String @default("open")
//^^^^^^ Deal(status) takes any text: no CHECK or enum says what it may be beside 'open'.
}
`,
      },
    ],
    good: [
      {
        title: "Checked, an enum, or kept in order by what it is computed from; an income may be 120 % of the usual one, a state may be Texas",
        sql: `CREATE TYPE deal_status AS ENUM ('open', 'won', 'lost');
CREATE TABLE deal (
  id bigint PRIMARY KEY,
  status deal_status NOT NULL DEFAULT 'open',
  role text NOT NULL DEFAULT 'lead' CHECK (role IN ('lead', 'member')),
  kind text NOT NULL,
  state text,
  income_percent numeric(6, 2),
  valid_from date,
  valid_until date,
  CHECK (valid_until >= valid_from)
);
CREATE TABLE stay (
  id bigint PRIMARY KEY,
  start_day date NOT NULL,
  end_day date NOT NULL,
  EXCLUDE USING gist (daterange(start_day, end_day) WITH &&)
);
CREATE TABLE move (id bigint PRIMARY KEY, from_room int NOT NULL, to_room int NOT NULL);
`,
      },
      {
        prisma: `enum DealStatus {
  OPEN
  WON
}

model Deal {
  id     BigInt     @id
  status DealStatus @default(OPEN)
}
`,
      },
    ],
  },
});

/** A text with one of a few words in it, as its name and its default say. */
function aboutStatus(table: Table, column: Column): RuleFinding | undefined {
  if (column.default === undefined || !texts.has(column.type.name)) return undefined;
  const word = defaultWord.exec(column.default.text)?.[1];
  if (word === undefined || !statuses.has(wordsOf(column.name).at(-1) ?? "")) return undefined;
  if (isChecked(table, [column.name]) || isForeignKey(table, column)) return undefined;
  return {
    at: column.origins,
    subject: subjectOfColumns(table, [column.name]),
    message: `${sayColumns(table, [column.name])} takes any text: no CHECK or enum says what it may be beside '${word}'.`,
  };
}

const texts = new Set(["text", "varchar", "bpchar"]);
const defaultWord = /^'([A-Za-z][\w -]{1,30})'(?:::[\w ()"]+)?$/;
const statuses = new Set(["status", "state", "stage", "role", "kind", "priority", "severity", "visibility"]);

function aboutPercentage(table: Table, column: Column): RuleFinding | undefined {
  if (!numbers.has(column.type.name) || !/pct|percent/i.test(column.name)) return undefined;
  const words = wordsOf(column.name);
  if (!percentages.has(words.at(-1) ?? "") || !words.some((word) => shares.has(word)) || isChecked(table, [column.name])) return undefined;
  return {
    at: column.origins,
    subject: subjectOfColumns(table, [column.name]),
    message: `${sayColumns(table, [column.name])} takes any number: no CHECK keeps it between 0 and 100.`,
    fix: checkFix(table, [column.name], `${sqlIdentifier(column.name)} BETWEEN 0 AND 100`),
  };
}

const numbers = new Set(["int2", "int4", "int8", "numeric", "float4", "float8"]);
const percentages = new Set(["percent", "percentage", "pct"]);

/** Parts of a whole. A growth or an income may well be 120 %. */
const shares = new Set("discount commission completion complete completed progress done share ownership allocation tax vat".split(" "));

/** The beginning of a range with its end beside it. */
function aboutRange(table: Table, column: Column): RuleFinding | undefined {
  const isTime = times.has(column.type.name);
  if (!isTime && !numbers.has(column.type.name)) return undefined;
  const end = endOf(table, column, isTime);
  if (end === undefined || isChecked(table, [column.name, end.name])) return undefined;
  const names = [column.name, end.name];
  return {
    at: column.origins,
    subject: subjectOfColumns(table, names),
    message: `${sayColumns(table, names)} may ${isTime ? "end before it begins" : "have its minimum above its maximum"}: no CHECK compares the two.`,
    related: [{ at: end.origins, message: "The other end." }],
    fix: checkFix(table, names, `${sqlIdentifier(column.name)} <= ${sqlIdentifier(end.name)}`),
  };
}

const times = new Set(["date", "timestamp", "timestamptz"]);

/** The column of the same name and type with the end's word in the beginning's place. */
function endOf(table: Table, column: Column, isTime: boolean): Column | undefined {
  if (!beginning.test(column.name)) return undefined;
  for (const [begin, ends, onlyTimes] of ranges) {
    if (onlyTimes && !isTime) continue;
    const place = begin.exec(column.name);
    if (place === null) continue;
    for (const word of ends) {
      const cased = place[0].toLowerCase() === place[0] ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
      const end = table.columns.get(column.name.slice(0, place.index) + cased + column.name.slice(place.index + place[0].length));
      if (end?.type.name === column.type.name && !isForeignKey(table, end) && !isForeignKey(table, column)) return end;
    }
  }
  return undefined;
}

const beginning = /start|from|min/i;

/** A word as a whole, in snake_case and in camelCase; what it becomes at the end; whether only times come in this order. */
const ranges: readonly (readonly [begin: RegExp, ends: readonly string[], onlyTimes: boolean])[] = [
  [/(?<![a-z])starts(?![a-z])|Starts(?![a-z])/, ["ends"], true],
  [/(?<![a-z])start(?![a-z])|Start(?![a-z])/, ["end"], true],
  [/(?<![a-z])from(?![a-z])|From(?![a-z])/, ["to", "until", "till", "through"], true],
  [/(?<![a-z])min(?![a-z])|Min(?![a-z])/, ["max"], false],
];

/** Whether a check reads all of them, or an exclusion makes a range of them, which is refused when its end comes first. */
function isChecked(table: Table, names: readonly string[]): boolean {
  const readsAll = ({ columns }: { readonly columns: readonly string[] }): boolean => names.every((name) => columns.includes(name));
  return (
    table.checks.some(({ expression }) => readsAll(expression)) ||
    table.exclusions.some(({ elements }) => elements.some(({ key }) => key.expression !== undefined && readsAll(key.expression)))
  );
}

function isForeignKey(table: Table, { name }: Column): boolean {
  return table.foreignKeys.some(({ columns }) => columns.includes(name));
}

function checkFix(table: Table, columns: readonly string[], expression: string): Fix {
  return { title: `Add CHECK (${expression})`, safety: "review", intent: { do: "addCheck", table, columns, expression } };
}
