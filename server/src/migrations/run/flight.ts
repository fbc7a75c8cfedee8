/**
 * The flight check: what a database is like beside its history, and what stands against a run, is to be asked about or to be
 * known before it. Pure over what `facts.ts` has asked the server.
 */
import { isStronger, type Work, blocks, type LockMode } from "../../model/migration/locks.ts";
import { migrationOf } from "../../model/migration/migration.ts";
import { foldSql, type FromSqlOptions } from "../../model/fromSql.ts";
import { keyOf } from "../../model/names.ts";
import type { Schema, Table, TextOrigin } from "../../model/schema.ts";
import type { Change } from "../../model/changes.ts";
import type { Statement } from "../../sql/syntax.ts";
import { isTransactionStatement, lineOf, type MigrationFile, type MigrationHistory, upStatements } from "../history.ts";
import { isOutOfStepCheck, typeText } from "../definitions.ts";
import type { Endangered, ServerFacts } from "./facts.ts";
import type { MigrationStanding } from "./standing.ts";
import { unitsOf } from "./units.ts";
import { countsOf, writtenRows } from "./writtenRows.ts";

/** Stands against a run: nothing is sent before it is out of the way. */
export interface Obstacle {
  readonly code:
    | "history-complaint"
    | "failed-migration"
    | "read-only"
    | "pooled"
    | "no-rights"
    | "unclosed-transaction"
    | "not-a-history"
    | "no-way-back"
    | "not-applied"
    | "missing-file"
    | "unproven"
    | "not-development";
  /** What is so, and what to do. */
  readonly message: string;
  /** Absolute. */
  readonly path: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
}

/** What a person is to say yes to. */
export type Question =
  /** The database's name is to be typed. */
  | { readonly ask: "production"; readonly database: string; readonly message: string }
  /** Rows or values go. */
  | { readonly ask: "loss"; readonly message: string; readonly losses: readonly Loss[] }
  /** There is something in the database that the history knows nothing of, and no history. */
  | { readonly ask: "otherObjects"; readonly message: string }
  /** The way back could not be proven, or differs. */
  | { readonly ask: "unproven"; readonly message: string };

export interface Loss {
  readonly path: string;
  readonly line: number;
  /** `public.users`, `public.users.phone`. */
  readonly what: string;
  /** How many rows or values are there now; undefined when that took too long to count, or may not be read. */
  readonly rows: number | undefined;
}

/** A lock that somebody will notice. */
export interface LockNote {
  readonly path: string;
  readonly line: number;
  readonly table: string;
  readonly mode: LockMode;
  readonly blocks: "reads and writes" | "writes" | "schema changes" | "nothing";
  readonly work: readonly Work[];
  readonly rows: number | undefined;
  readonly bytes: number;
}

/** About the files that are to run; complaints of files that ran already stop nothing. */
export function obstaclesOfFiles(history: MigrationHistory, files: readonly MigrationFile[], direction: "up" | "down"): readonly Obstacle[] {
  const paths = new Set(files.flatMap(({ path, down }) => (direction === "up" ? [path] : down === undefined ? [] : [down.path])));
  const known = new Set(history.migrations.map(({ path }) => path));
  const complaints = history.complaints
    .filter(({ severity, path }) => severity === "error" && (paths.has(path) || (direction === "up" && !known.has(path) && !history.migrations.some(({ down }) => down?.path === path))))
    .map(({ path, line, message }): Obstacle => ({ code: "history-complaint", message, path, line }));
  const open = files.flatMap((migration): readonly Obstacle[] => {
    const { path, file, statements } = direction === "up" ? { path: migration.path, file: migration.file, statements: upStatements(migration) } : (migration.down ?? { path: migration.path, file: migration.file, statements: [] });
    const unclosed = unitsOf(statements, migration.sending).find(({ isUnclosed }) => isUnclosed);
    if (unclosed === undefined) return [];
    const begin = statements.slice(unclosed.from, unclosed.to).find(isTransactionStatement) ?? statements[unclosed.from];
    const message = "BEGIN without COMMIT: what follows is never committed, and whoever runs the file would undo it in the end. Write the COMMIT, or take the BEGIN out.";
    return [{ code: "unclosed-transaction", message, path, line: begin === undefined ? undefined : lineOf(file, begin.span.start) }];
  });
  return [...complaints, ...open];
}

/** About the server and our role on it. */
export function obstaclesOfServer(facts: ServerFacts): readonly Obstacle[] {
  const found: Obstacle[] = [];
  const add = (code: Obstacle["code"], message: string): void => void found.push({ code, message, path: undefined, line: undefined });
  if (facts.isReadOnly) add("read-only", `${facts.target} takes no changes: it is a replica, or read-only. Use the address of the primary server.`);
  if (facts.isPooled) add("pooled", `Between us and ${facts.target} stands a pooler such as PgBouncer, which gives each transaction another session: locks and settings of a run would be lost. Use the direct address of the server (Prisma: directUrl; Supabase: port 5432; Neon: the host without -pooler).`);
  return found;
}

export function obstacleOfFailed(standings: readonly MigrationStanding[]): readonly Obstacle[] {
  return standings
    .filter(({ state }) => state === "failed")
    .map(({ name, migration, lastFailure }) => ({
      code: "failed-migration",
      message: `${name} began and did not end${lastFailure === undefined ? "" : ` (${lastFailure})`}. Resolve it first: migrate resolve says what state it is in and what can be done.`,
      path: migration?.path,
      line: undefined,
    }));
}

export function questionOfProduction(facts: ServerFacts): readonly Question[] {
  if (facts.environment !== "production") return [];
  return [{ ask: "production", database: facts.database, message: `${facts.target} is taken for production: ${facts.because}.` }];
}

/** What the runs do, statement by statement, in terms of the model. `before`: what has run. */
export interface Foreseen {
  readonly locks: readonly LockNote[];
  readonly rights: readonly Obstacle[];
  /** Without counts. */
  readonly losses: readonly (Loss & Endangered)[];
}

export interface ForeseenFile {
  readonly migration: MigrationFile;
  readonly path: string;
  readonly uri: string;
  readonly statements: readonly Statement[];
}

/** `files`: what is folded, in order; `wanted`: which of them are to run. */
export function foresee(files: readonly Parameters<typeof foldSql>[0][number][], wanted: readonly ForeseenFile[], facts: ServerFacts, options: FromSqlOptions, live: Schema): Foreseen {
  const { changes, schema: after } = foldSql(files, { ...options, changesIn: new Set(wanted.map(({ uri }) => uri)) });
  const locks: LockNote[] = [];
  const rights: Obstacle[] = [];
  const losses: Foreseen["losses"][number][] = [];
  const major = Math.floor(facts.version / 10_000);
  const names = new LiveNames(live);
  for (const { migration, path, uri, statements } of wanted) {
    const file = changes.get(uri);
    if (file === undefined) continue;
    const parsed = files.find((each) => each.uri === uri);
    const statementAt = (origins: readonly ({ readonly kind: string } | TextOrigin)[]): Statement | undefined => {
      const anchor = origins.map((origin) => ("anchor" in origin ? origin.anchor : undefined)).find((each) => each !== undefined);
      return statements.find((each) => each.anchor === anchor);
    };
    for (const { at, effects, changes: own, held } of migrationOf(file, migration.sending, major).statements) {
      const statement = statementAt(at);
      const line = statement === undefined || parsed === undefined ? 1 : lineOf(parsed, statement.span.start);
      for (const { locks: taken, work } of effects) {
        for (const { table, mode } of taken) {
          const size = facts.tables.get(table.key);
          const before = held.find((lock) => lock.table.key === table.key);
          if (size === undefined || table.isNew || !isStronger(mode, "ROW EXCLUSIVE") || (before !== undefined && !isStronger(mode, before.mode))) continue;
          locks.push({ path, line, table: table.key, mode, blocks: blocks(mode), work: work.filter((each) => each.table.key === table.key).map(({ kind }) => kind), rows: size.rows, bytes: size.bytes });
        }
      }
      for (const change of own) {
        const right = rightFor(change, facts);
        if (right !== undefined && rights.every(({ message }) => message !== right)) rights.push({ code: "no-rights", message: right, path, line });
        const found = lossesOf(change, names, statement?.text ?? "");
        const moved = change.do === "dropColumn" ? movedTo(change, file.statements.flatMap((each) => each.changes), statements, names, after) : undefined;
        names.take(change);
        losses.push(...(moved === undefined ? found : found.map((loss) => ({ ...loss, through: moved }))).map((loss) => ({ ...loss, path, line })));
      }
    }
  }
  return { locks, rights, losses };
}

/**
 * What the values of a column that goes are in the one that takes its place, or stands beside it, where the file itself sees
 * to it that both have the same. Undefined for one that just goes.
 */
function movedTo({ table, column }: Extract<Change, { do: "dropColumn" }>, all: readonly Change[], statements: readonly Statement[], names: LiveNames, after: Schema): Endangered["through"] {
  const other = all.flatMap((change) => (change.do === "renameColumn" && change.table.key === table.key && change.to === column ? [change.column] : []));
  if (!statements.some(({ text }) => isOutOfStepCheck(text, [column, ...other]))) return undefined;
  const from = names.table(table.key)?.columns.get(names.column(table.key, column) ?? "");
  const to = after.tables.get(table.key)?.columns.get(column) ?? from;
  return from === undefined || to === undefined ? undefined : { from: typeText(from.type), to: typeText(to.type) };
}

/** Only an owner changes a table. */
function rightFor(change: Change, facts: ServerFacts): string | undefined {
  if (!("table" in change) || change.table === undefined || change.table.isNew || change.do === "write" || change.do === "lockTable" || change.do === "truncate") return undefined;
  const table = facts.tables.get(change.table.key);
  if (table === undefined || table.isOurs) return undefined;
  return `The role ${facts.role} may not change ${change.table.key}, which belongs to ${table.owner}. Run the migration as ${table.owner}, or as a member of that role: GRANT ${table.owner} TO ${facts.role}.`;
}

/** What is called how in the database as it is, while the statements of a run give other names to it. */
class LiveNames {
  readonly #live: Schema;
  /** By the key of now; undefined for what the run itself makes. */
  readonly #tables = new Map<string, string | undefined>();
  /** By the table's key in the database, and the column's name of now. */
  readonly #columns = new Map<string, Map<string, string | undefined>>();

  constructor(live: Schema) {
    this.#live = live;
  }

  table(key: string): Table | undefined {
    return this.#live.tables.get((this.#tables.has(key) ? this.#tables.get(key) : key) ?? "");
  }

  column(key: string, name: string): string | undefined {
    const table = this.table(key);
    const own = table === undefined ? undefined : this.#columns.get(table.key);
    const known = own?.has(name) === true ? own.get(name) : name;
    return known !== undefined && table?.columns.has(known) === true ? known : undefined;
  }

  /** To be told of each change, behind it. */
  take(change: Change): void {
    if (change.do === "renameTable" || change.do === "setSchema") {
      const key = change.do === "renameTable" ? keyOf(change.table.schema, change.to) : keyOf(change.to, change.table.name);
      this.#tables.set(key, this.table(change.table.key)?.key).set(change.table.key, undefined);
    }
    if (change.do === "renameColumn") this.#call(change.table.key, change.to, this.column(change.table.key, change.column), change.column);
    if (change.do === "addColumn") this.#call(change.table.key, change.column, undefined);
    if (change.do === "dropColumn") this.#call(change.table.key, change.column, undefined);
  }

  #call(key: string, name: string, live: string | undefined, before?: string): void {
    const table = this.table(key);
    if (table === undefined) return;
    const own = this.#columns.get(table.key) ?? new Map<string, string | undefined>();
    if (before !== undefined) own.set(before, undefined);
    this.#columns.set(table.key, own.set(name, live));
  }
}

type OpenLoss = Omit<Foreseen["losses"][number], "path" | "line">;

/** `text`: of its statement. */
function lossesOf(change: Change, names: LiveNames, text: string): readonly OpenLoss[] {
  const of = (table: { readonly key: string }, column?: string): readonly OpenLoss[] => {
    const there = names.table(table.key);
    const name = column === undefined ? undefined : names.column(table.key, column);
    if (there === undefined || (column !== undefined && name === undefined)) return [];
    return [{ what: column === undefined ? table.key : `${table.key}.${column}`, rows: undefined, table: { schema: there.schema, name: there.name }, column: name }];
  };
  switch (change.do) {
    case "dropTable":
      return change.table.form === "view" || change.table.isNew ? [] : of(change.table);
    case "dropColumn":
      return change.table.isNew ? [] : of(change.table, change.column);
    case "truncate":
      return [change.table, ...change.reaches].filter(({ isNew }) => !isNew).flatMap((table) => of(table));
    case "write": {
      if (change.table.isNew) return [];
      const rows = writtenRows(text);
      const counts = (column: string | undefined): readonly string[] => (rows === undefined ? [] : countsOf(rows, column));
      if (change.how === "delete") return of(change.table).map((loss) => ({ ...loss, counts: counts(undefined) }));
      return change.columns.flatMap((column) => of(change.table, column).map((loss) => ({ ...loss, what: `${loss.what}, which is written anew`, counts: counts(column) })));
    }
    case "setType": {
      if (change.table.isNew || change.effect === "none" || change.effect === "reindex") return [];
      const [from, to] = [typeText(change.from), typeText(change.to)];
      // Without a conversion of its own, what is too long stops the statement.
      if (!change.hasUsing && [from, to].every((type) => /^(?:text|varchar|char|bpchar|bit)/.test(type))) return [];
      return of(change.table, change.column).map((loss) => ({ ...loss, what: `${loss.what} from ${from} to ${to}`, through: change.hasUsing ? undefined : { from, to } }));
    }
    default:
      return [];
  }
}

/** For people: `4,200,000 rows, 2.1 GB`. */
export function sizeText({ rows, bytes }: Pick<LockNote, "rows" | "bytes">): string {
  const size = bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
  return rows === undefined ? size : `${Math.round(rows).toLocaleString("en-US")} rows, ${size}`;
}
