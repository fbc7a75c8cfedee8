/** What makes the values of a column that nobody gives: sequences, random UUIDs. */
import { append } from "./lists.ts";
import { lookup } from "./lookup.ts";
import type { Column, Schema, Sequence, Table } from "./schema.ts";

/** Whether a sequence numbers the rows: an identity column, a serial one, `DEFAULT nextval(…)`. */
export function isNumbered(column: Column): boolean {
  return column.identity !== undefined || (column.default !== undefined && callsNextval.test(column.default.text));
}

const callsNextval = /^[\s(]*(?:pg_catalog\.)?nextval\s*\(/i;

/** Whether each row gets a UUID of random bits, from the database or from Prisma Client. */
export function isRandomUuid(column: Column): boolean {
  if (column.clientDefault !== undefined) return column.clientDefault === "uuid(4)";
  return column.default !== undefined && drawsUuid.test(column.default.text);
}

const drawsUuid = /^[\s(]*(?:cast\s*\(\s*)?(?:"?\w+"?\.)?(?:gen_random_uuid|uuidv4|uuid_generate_v4)\s*\(\s*\)/i;

/**
 * The sequence that belongs to a column: of a serial or an identity column, or by OWNED BY. A column that has changed
 * hands may own several; its default says which one numbers it.
 */
export function sequenceOf(schema: Schema, table: Table, column: Column): Sequence | undefined {
  const owned = sequencesByOwner(schema, `${table.key}.${column.name}`);
  const text = column.default?.text;
  return (text === undefined ? undefined : owned.find(({ name }) => text.includes(name))) ?? owned.at(-1);
}

const sequencesByOwner = lookup((schema) => {
  const byOwner = new Map<string, Sequence[]>();
  for (const sequence of schema.sequences.values()) if (sequence.ownedBy !== undefined) append(byOwner, sequence.ownedBy, sequence);
  return (owner): readonly Sequence[] => byOwner.get(owner) ?? none;
});

const none: readonly Sequence[] = [];
