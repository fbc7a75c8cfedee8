/**
 * Names that are written otherwise than most, or than the settings say. It reads every name of the schema, of which there
 * are more than of anything else: the dearest rule of a first run (bench/results.md), while an edit costs it one table.
 */
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns } from "../names.ts";
import { namedBy } from "../options.ts";
import { defineRule, type Fix, type OptionValues, type RuleContext, type RuleFinding } from "../rule.ts";
import { inStyle, isInStyle, kindKey, type NameKind, numberOf, type Style, styles, usualNumber, usualStyle } from "./nameStyles.ts";

const asMost = "as most";

export const requireNamingConvention = defineRule({
  id: "require-naming-convention",
  aliases: ["naming-convention"],
  group: "schema",
  category: "design",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Write all names of a kind in one way.",
  why: `Who knows one name can write the next one without looking it up; an exception is found by the error it makes. Without
settings the rule goes by what at least nine of ten names do, of ten or more, and says how many those are. A name of a
Prisma model or field is changed by a fix that keeps the database's by @map; a name of the database is not, because
every query knows it.`,
  sources: ["https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"],
  options: {
    tables: { default: asMost, description: "`snake_case`, `camelCase`, `PascalCase`, or `any`: how tables are written in the database." },
    columns: { default: asMost, description: "The same for columns." },
    models: { default: asMost, description: "The same for models of a Prisma schema." },
    fields: { default: asMost, description: "The same for fields." },
    tableNumber: { default: asMost, description: "`singular`, `plural` or `any`: how tables are called." },
    modelNumber: { default: asMost, description: "The same for models." },
    exceptions: { default: [], description: "Names that are as they are; case and underscores do not matter." },
  },
  *checkTable(table, schema, context) {
    if (table.partitionOf !== undefined) return;
    const isExcepted = namedBy(context, "exceptions");
    if (!isExcepted(table.name)) {
      yield* tableFindings(table, schema, context);
    }
    const columns = styleWanted("column", table, schema, context);
    const fields = styleWanted("field", table, schema, context);
    for (const column of columnsWhere(table, (each) => isOutside(each.name, columns) || isOutside(each.prismaName, fields))) {
      if (isExcepted(column.name) || isImplied(column)) continue;
      const at = { at: column.origins, subject: subjectOfColumns(table, [column.name]) };
      if (isOutside(column.name, columns)) {
        yield { ...at, message: `${sayColumns(table, [column.name])} is not in ${columns?.style}, as ${columns?.evidence}.` };
      } else if (column.prismaName !== undefined && fields !== undefined) {
        const { prismaName } = column;
        const message = `The field ${prismaName} of ${say(table)} is not in ${fields.style}, as ${fields.evidence}.`;
        yield { ...at, message, fix: (whole) => fixFor(whole, table, column, prismaName, fields.style) };
      }
    }
  },
  examples: {
    bad: [
      {
        title: "As most fields are, here as the settings say",
        options: { models: "PascalCase", fields: "camelCase", tables: "any", columns: "any" },
        prisma: `model team_member {
//    ^^^^^^^^^^^ The model team_member is not in PascalCase, as the settings say.
  id      Int  @id
  user_id Int
//^^^^^^^ The field user_id of team_member is not in camelCase, as the settings say.
  user    User @relation(fields: [user_id], references: [id], onDelete: Cascade)

  @@index([user_id])
}

model User {
  id    Int           @id
  teams team_member[]
}
`,
        fixed: `model TeamMember {
  id      Int  @id
  user_id Int
  user    User @relation(fields: [user_id], references: [id], onDelete: Cascade)

  @@index([user_id])
  @@map("team_member")
}

model User {
  id    Int           @id
  teams TeamMember[]
}
`,
      },
      {
        title: "One of eleven names is another way",
        sql: `CREATE TABLE account (
  id int PRIMARY KEY,
  first_name text, last_name text, birth_date date, home_town text, zip_code text,
  street_name text, phone_number text, vat_number text, created_at timestamptz, updated_at timestamptz,
  "companyName" text
--^^^^^^^^^^^^^ account(companyName) is not in snake_case, as 10 of 11 columns are.
);
`,
      },
      {
        options: { tableNumber: "plural" },
        sql: `CREATE TABLE accounts (id int PRIMARY KEY);
CREATE TABLE order_item (id int PRIMARY KEY);
--           ^^^^^^^^^^ order_item is not in the plural, as the settings say.
`,
      },
    ],
    good: [
      {
        title: "One word is in any style, few names make no convention, and some words have no plural",
        options: { tableNumber: "plural" },
        sql: `CREATE TABLE people (id int PRIMARY KEY, name text, first_name text, "lastName" text);
CREATE TABLE customer_data (id int PRIMARY KEY);
CREATE TABLE addresses (id int PRIMARY KEY);
`,
      },
      {
        title: "Names of the database are snake case here, names of Prisma are not",
        options: { models: "PascalCase", fields: "camelCase", tables: "snake_case", columns: "snake_case" },
        prisma: `model TeamMember {
  id     Int @id
  userId Int @map("user_id")

  @@map("team_member")
}
`,
      },
    ],
  },
});

/** A way to write names, and who wants it. */
interface Wanted {
  readonly style: Style;
  readonly evidence: string;
}

function* tableFindings(table: Table, schema: Schema, context: RuleContext): Generator<RuleFinding> {
  const at = { at: table.origins, subject: table.key };
  const tables = styleWanted("table", table, schema, context);
  const models = styleWanted("model", table, schema, context);
  const { prismaName } = table;
  if (isOutside(table.name, tables)) {
    yield { ...at, message: `${say(table)} is not in ${tables?.style}, as ${tables?.evidence}.` };
  } else if (prismaName !== undefined && models !== undefined && isOutside(prismaName, models)) {
    const message = `The model ${prismaName} is not in ${models.style}, as ${models.evidence}.`;
    yield { ...at, message, fix: (whole) => fixFor(whole, table, undefined, prismaName, models.style) };
  }
  for (const kind of ["table", "model"] as const) {
    const name = kind === "table" ? table.name : prismaName;
    if (name === undefined || (kind === "model" && name === table.name)) continue;
    const number = numberOf(name);
    const wanted = number === undefined ? undefined : numberWanted(kind, table, schema, context);
    if (wanted === undefined || number === wanted.most) continue;
    const what = kind === "table" ? say(table) : `The model ${name}`;
    yield { ...at, message: `${what} is not in the ${wanted.most}, as ${wanted.evidence}.` };
  }
}

function isOutside(name: string | undefined, wanted: Wanted | undefined): boolean {
  return name !== undefined && wanted !== undefined && !isInStyle(name, wanted.style);
}

function styleWanted(kind: NameKind, table: Table, schema: Schema, { options }: RuleContext): Wanted | undefined {
  const set = settingOf(options, `${kind}s`);
  const style = styles.find((known) => known === set);
  if (style !== undefined) return { style, evidence: "the settings say" };
  const usual = set === asMost ? usualStyle(schema, kindKey(kind, table)) : undefined;
  return usual === undefined ? undefined : { style: usual.most, evidence: `${usual.count} of ${usual.of} ${kind}s are` };
}

function numberWanted(
  kind: "table" | "model",
  table: Table,
  schema: Schema,
  { options }: RuleContext,
): { readonly most: string; readonly evidence: string } | undefined {
  const set = settingOf(options, `${kind}Number`);
  if (set === "singular" || set === "plural") return { most: set, evidence: "the settings say" };
  const usual = set === asMost ? usualNumber(schema, kindKey(kind, table)) : undefined;
  return usual === undefined ? undefined : { most: usual.most, evidence: `${usual.count} of ${usual.of} ${kind}s are` };
}

function settingOf(options: OptionValues, name: string): string {
  const value = options[name];
  return typeof value === "string" ? value : asMost;
}

/** None where the name is taken, or where Prisma names a join table after the model. */
function fixFor(schema: Schema, table: Table, column: Column | undefined, old: string, style: Style): Fix | undefined {
  const name = inStyle(old, style);
  const isTaken =
    column === undefined
      ? [...schema.tables.values(), ...schema.views.values(), ...schema.enums.values()].some(({ prismaName }) => prismaName === name)
      : [...table.columns.values(), ...table.foreignKeys].some(({ prismaName }) => prismaName === name);
  if (isTaken || !/^[A-Za-z]\w*$/.test(name)) return undefined;
  if (column === undefined && namesJoinTable(schema, table)) return undefined;
  const files = schema.sources.filter(({ layer }) => layer === "prisma").flatMap(({ uris }) => uris);
  return {
    title: `Call it ${name} in Prisma, and leave the ${column === undefined ? "table" : "column"} as it is`,
    safety: "review",
    intent: { do: "mapName", table, column, name, files },
  };
}

function namesJoinTable(schema: Schema, table: Table): boolean {
  for (const other of schema.tables.values()) {
    if (isImplied(other) && other.foreignKeys.some(({ references }) => references.key === table.key)) return true;
  }
  return false;
}
