/** What makes the values of a column that nobody gives: sequences, random UUIDs. */
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

/** The sequence that belongs to a column: of a serial or an identity column, or by OWNED BY. */
export function sequenceOf(schema: Schema, table: Table, column: Column): Sequence | undefined {
  return sequencesByOwner(schema, `${table.key}.${column.name}`);
}

const sequencesByOwner = lookup((schema) => {
  const byOwner = new Map<string, Sequence>();
  for (const sequence of schema.sequences.values()) if (sequence.ownedBy !== undefined) byOwner.set(sequence.ownedBy, sequence);
  return (owner): Sequence | undefined => byOwner.get(owner);
});
