/**
 * Clients of the old and the new version while a migration runs: which of their queries PostgreSQL takes before it and not
 * after it, and the other way round. Queries of the workspace, and what a client of the old tables asks and writes.
 */
import * as v from "valibot";
import { quoteIdentifier } from "../model/names.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { ProofDatabase } from "./proofDatabase.ts";
import type { RowsSnapshot } from "./rows.ts";

/** A query of the workspace. */
export interface KnownQuery {
  /** For people: `src/deals.ts:12`. */
  readonly name: string;
  /** With $1, $2, …. */
  readonly text: string;
}

/** The version before a migration, as a commit has it. */
export interface EarlierClient {
  /** Short, for people. */
  readonly commit: string;
  readonly queries: readonly KnownQuery[];
}

export interface Clients {
  /** What worked before and does not after: the old version fails until it is deployed anew. A line each. */
  readonly broken: readonly string[];
  /** Queries of the workspace that only work after: the new version must come second. */
  readonly needed: readonly string[];
  /** How many queries of the workspace were looked at. */
  readonly described: number;
  /** The commit whose queries stand for the old version; undefined where those of now do. */
  readonly asOf?: string | undefined;
}

/** A database as it was read. */
interface Seen {
  readonly rows: RowsSnapshot;
  readonly fingerprint: Fingerprint;
}

interface Pending {
  after(before: Seen, after: Seen): Promise<Clients>;
}

/** To be asked before the migration runs. `queries`: of the new version, and of the old one where `earlier` is not known. */
export async function clientsBetween(database: ProofDatabase, queries: readonly KnownQuery[], earlier: EarlierClient | undefined): Promise<Pending> {
  const asked = new Map<string, { readonly query: KnownQuery; readonly wasFine: boolean; isOld: boolean; readonly isNew: boolean }>();
  const ask = async (query: KnownQuery, isOld: boolean, isNew: boolean): Promise<void> => {
    const known = asked.get(query.text);
    if (known === undefined) asked.set(query.text, { query, wasFine: (await database.describe(query.text)).ok, isOld, isNew });
    else known.isOld ||= isOld;
  };
  for (const query of queries) await ask(query, earlier === undefined, true);
  for (const { name, text } of earlier?.queries ?? []) await ask({ name: `${name} at ${earlier?.commit ?? ""}`, text }, true, false);
  return {
    async after(before, after) {
      const broken = [...(await readersOf(database, before.rows, after.rows)), ...(await writersOf(database, before.rows, after.rows)), ...goneValues(before.fingerprint, after.fingerprint)];
      const needed: string[] = [];
      for (const { query, wasFine, isOld, isNew } of asked.values()) {
        const now = await database.describe(query.text);
        if (isOld && wasFine && !now.ok) broken.push(`${query.name}: ${now.why.kind === "refused" ? now.why.failure.message : now.why.kind}`);
        if (isNew && !wasFine && now.ok) needed.push(query.name);
      }
      // One call may send several statements.
      return { broken: [...new Set(broken)], needed: [...new Set(needed)], described: asked.size, ...(earlier === undefined ? {} : { asOf: earlier.commit }) };
    },
  };
}

/** Prisma Client names every column that it knows. */
async function readersOf(database: ProofDatabase, before: RowsSnapshot, after: RowsSnapshot): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const table of before) {
    const now = after.find(({ name }) => name === table.name);
    const columns = [...table.columns.values()];
    const known = new Set(now?.columns.values());
    if (now !== undefined) broken.push(...otherValues(table, now));
    if (columns.length === 0 || (now !== undefined && columns.every((column) => known.has(column)))) continue;
    const asked = await database.describe(`SELECT ${columns.map(quoteIdentifier).join(", ")} FROM ${relation(table.name)}`);
    if (!asked.ok) broken.push(`reading ${table.name} with the columns it had: ${asked.why.kind === "refused" ? asked.why.failure.message : asked.why.kind}`);
  }
  return broken;
}

/** Columns under their old names whose values a program takes for something else than they are now. */
function otherValues(before: RowsSnapshot[number], after: RowsSnapshot[number]): readonly string[] {
  const typeNow = new Map([...after.columns].map(([number, column]) => [column, after.types.get(number) ?? ""]));
  return [...before.columns].flatMap(([number, column]) => {
    const [was, is] = [before.types.get(number) ?? "", typeNow.get(column) ?? ""];
    return is === "" || valueKind(was) === valueKind(is) ? [] : [`reading ${before.name}: ${column} was ${was}, and is ${is}`];
  });
}

/** What a client makes of a type: `varchar(10)` and `text` are strings, `int` and `bigint` numbers that are counted. */
function valueKind(type: string): string {
  const bare = type.replace(/\([^)]*\)/, "").replace(/\[\]$/, "");
  const kind = /^(?:text|character|character varying|bpchar|citext|name)$/.test(bare) ? "string" : /^(?:smallint|integer|bigint)$/.test(bare) ? "integer" : /^(?:real|double precision)$/.test(bare) ? "float" : /^jsonb?$/.test(bare) ? "json" : /^timestamp/.test(bare) ? "timestamp" : /^time /.test(bare) ? "time" : bare;
  return type.endsWith("[]") ? `${kind}[]` : kind;
}

const requiredSchema = v.array(v.object({ table: v.string(), column: v.string(), number: v.number() }));

/** What has no value in a row as the old version writes it. */
async function writersOf(database: ProofDatabase, before: RowsSnapshot, after: RowsSnapshot): Promise<readonly string[]> {
  const shared = after.filter(({ name }) => before.some((table) => table.name === name));
  // By its number: one that was renamed is not new.
  const isNew = (table: string, number: number): boolean => before.find(({ name }) => name === table)?.columns.has(number) === false;
  const result = await database.query(
    `SELECT n.nspname || '.' || c.relname AS table, a.attname::text AS column, a.attnum::int4 AS number FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND c.oid = ANY ($1::int8[]::oid[])`,
    [shared.map(({ oid }) => oid)],
  );
  const added = result.ok ? v.parse(requiredSchema, result.value).flatMap(({ table, column, number }) => (isNew(table, number) ? [`writing to ${table}: the new column ${column} is required and has no default`] : [])) : [];
  return [...added, ...after.flatMap((table) => nowRequired(before, table))];
}

function nowRequired(before: RowsSnapshot, { oid, name, columns, required }: RowsSnapshot[number]): readonly string[] {
  const old = before.find((table) => table.oid === oid);
  return [...columns].flatMap(([number, column]) => (old?.columns.has(number) === true && required.has(number) && !old.required.has(number) ? [`writing to ${name}: ${column} may not be null any more`] : []));
}

/** Values that old versions still write. A type that is gone whole is told with its columns. */
function goneValues(before: Fingerprint, after: Fingerprint): readonly string[] {
  const labels = (definition: string): readonly string[] => definition.match(/'(?:[^']|'')*'/g) ?? [];
  return [...before].flatMap(([name, definition]) => {
    const now = name.startsWith("enum ") ? after.get(name) : undefined;
    if (now === undefined || now === definition) return [];
    const known = new Set(labels(now));
    return labels(definition).flatMap((label) => (known.has(label) ? [] : [`writing ${name.slice("enum ".length)}: the value ${label} is not there any more`]));
  });
}

function relation(name: string): string {
  const at = name.indexOf(".");
  return `${quoteIdentifier(name.slice(0, at))}.${quoteIdentifier(name.slice(at + 1))}`;
}
