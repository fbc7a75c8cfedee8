/**
 * Where a Prisma schema and the migrations behind it say different things, as far as the next migration would change it:
 * what Prisma has no words for is no difference, whatever the migrations say of it.
 */
import { columnsInSteps } from "./columnsInSteps.ts";
import { lookup } from "./lookup.ts";
import type { Disagreement, Schema, Table } from "./schema.ts";

export interface StepBehind {
  /** Of the column, index or constraint; undefined for the table or type itself. */
  readonly name: string | undefined;
  /** In words, without the table: `column amount is in no migration`. */
  readonly what: string;
  readonly disagreement: Disagreement;
}

/** In the order in which they stand in the schema file. */
export function outOfStep(table: Table, schema: Schema): readonly StepBehind[] {
  if (!isKnownWhole(schema, "")) return [];
  const found: StepBehind[] = [];
  const isInSteps = inSteps(table);
  for (const disagreement of disagreementsOn(schema, table.key)) {
    const name = disagreement.subject === table.key ? undefined : disagreement.subject.slice(table.key.length + 1);
    if (name !== undefined && isInSteps(name)) continue;
    const what = name === undefined ? tableBehind(disagreement, table, schema) : partBehind(disagreement, name, table, schema);
    if (what !== undefined) found.push({ name, what, disagreement });
  }
  return found;
}

/** Whether a part of the table is about a column that goes by two names for a while, as a migration has begun to rename it. */
function inSteps(table: Table): (name: string) => boolean {
  const pairs = columnsInSteps(table);
  const names = new Set(pairs.flatMap(({ column, mirror }) => [column.name, mirror.name]));
  if (names.size === 0) return () => false;
  const keys = [table.primaryKey, ...table.uniqueConstraints, ...table.foreignKeys, ...table.indexes.map(({ name, keys: parts }) => ({ name, columns: parts.flatMap(({ column }) => column ?? []) }))];
  for (const key of keys) if (key?.columns.some((column) => names.has(column)) === true) names.add(key.name);
  // Of what was left out of the joined table nothing but the name is known, which Prisma makes of its columns'.
  return (name) => names.has(name) || pairs.some(({ column }) => `_${name}_`.includes(`_${column.name}_`));
}

/** Values of an enum that only one of the two knows. */
export function enumOutOfStep(key: string, schema: Schema): string | undefined {
  const [values] = isKnownWhole(schema, "") ? disagreementsOn(schema, key) : [];
  if (values?.fact !== "values") return undefined;
  const [stated, made] = values.layers.map(({ value }) => new Set(value.split(", ")));
  const added = [...(stated ?? [])].find((value) => made?.has(value) === false);
  if (added !== undefined) return `${added} is in no migration`;
  const gone = [...(made ?? [])].find((value) => stated?.has(value) === false);
  return gone === undefined ? undefined : `${gone} is in the migrations only`;
}

/** By the key of what holds the element. */
const disagreementsOn = lookup((schema) => {
  const byKey = new Map<string, Disagreement[]>();
  for (const each of schema.disagreements) {
    const [leading, following] = each.layers;
    if (leading.layer !== "prisma" || following.layer !== "sql") continue;
    const key = schema.tables.has(each.subject) || schema.enums.has(each.subject) ? each.subject : each.subject.slice(0, Math.max(0, each.subject.lastIndexOf(".")));
    byKey.set(key, [...(byKey.get(key) ?? []), each]);
  }
  return (key): readonly Disagreement[] => byKey.get(key) ?? none;
});

const none: readonly Disagreement[] = [];

/** Both layers, and everything of them. */
const isKnownWhole = lookup(({ sources }) => {
  const layers = new Set(sources.map(({ layer }) => layer));
  const isWhole = layers.has("prisma") && layers.has("sql") && sources.every(({ complete }) => complete);
  return () => isWhole;
});

/** Schemas that the Prisma schema keeps tables in. */
const isManaged = lookup((schema) => {
  const names = new Set([...schema.tables.values()].flatMap((table) => (table.origins.some(({ kind }) => kind === "prisma") ? [table.schema] : [])));
  return (name) => names.has(name);
});

const emulatesRelations = lookup(({ sources }) => {
  const emulates = sources.some((source) => source.emulatesRelations !== undefined);
  return () => emulates;
});

function tableBehind({ fact, layers: [stated] }: Disagreement, table: Table, schema: Schema): string | undefined {
  if (fact !== "presence") return undefined;
  if (stated.value === "present") return "it is in no migration";
  // Partitions, tables of other servers, and those of other tools are none of Prisma's business.
  const isOwn = table.kind === "table" && table.partitionOf === undefined && table.inherits.length === 0 && table.name !== "_prisma_migrations";
  return isOwn && isManaged(schema, table.schema) ? "it is in the migrations only" : undefined;
}

function partBehind({ fact, layers: [stated, made] }: Disagreement, name: string, table: Table, schema: Schema): string | undefined {
  const isKey = table.foreignKeys.some((key) => key.name === name);
  if (isKey && emulatesRelations(schema, "")) return undefined;
  const kind = table.columns.has(name) ? "column" : isKey ? "foreign key" : table.indexes.some((index) => index.name === name) ? "index" : undefined;
  switch (fact) {
    case "presence":
      if (stated.value === "present") return `${kind ?? "constraint"} ${name} is in no migration`;
      // What was left out of the joined table is what Prisma made itself, and what its next migration drops.
      return kind === "column" || kind === undefined ? `${kind ?? "index or key"} ${name} is in the migrations only` : undefined;
    case "default":
      return isNumber(stated.value) || isNumber(made.value) || (isNow(stated.value) && isNow(made.value)) ? undefined : `the default of ${name} is ${stated.value}, and ${made.value} in the migrations`;
    case "definition":
      return plainly(stated.value) === plainly(made.value) ? undefined : `index ${name} is ${plainly(stated.value)}, and ${plainly(made.value)} in the migrations`;
    case "notNull":
      // Whether a list may be null is nothing that Prisma says.
      if (table.columns.get(name)?.type.isArray === true) return undefined;
      return `${name} is ${stated.value === "true" ? "required, and may be null" : "optional, and required"} in the migrations`;
    case "columns":
      return `the primary key is (${stated.value}), and (${made.value}) in the migrations`;
    case "onDelete":
    case "onUpdate":
      return `${fact} of ${name} is ${stated.value}, and ${made.value} in the migrations`;
    default:
      return `${name} is ${stated.value}, and ${made.value} in the migrations`;
  }
}

/** Numbers of a sequence: Prisma does not care which. */
function isNumber(value: string): boolean {
  return value === "" || /\bnextval\b/i.test(value);
}

/** One moment in two spellings. */
function isNow(value: string): boolean {
  return /^(?:now\(\)|current_timestamp)$/i.test(value);
}

/** Without what Prisma cannot say. */
function plainly(definition: string): string {
  return definition.replace(/ where .*$/s, "").replace(/ include \([^)]*\)$/, "");
}
