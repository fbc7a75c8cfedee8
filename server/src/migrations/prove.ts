/**
 * A migration proven in an embedded PostgreSQL: the history before it, rows in the tables, then up, down and up again.
 * What came of the catalog, of the rows, and which locks were taken is reported; what was not proven is said.
 */
import { changeText } from "../model/diff.ts";
import type { TextOrigin } from "../model/schema.ts";
import { foldSql, type FromSqlOptions } from "../model/fromSql.ts";
import { fromCatalog } from "../model/fromCatalog.ts";
import { migrationOf, type MigrationStatement } from "../model/migration/migration.ts";
import { isStronger, lockModes } from "../model/migration/locks.ts";
import { scratchCatalog } from "../scratch/scratchCatalog.ts";
import { ScratchDatabase, type ScratchOptions } from "../scratch/scratchDatabase.ts";
import type { SqlFile, Statement } from "../sql/syntax.ts";
import { checksumOf } from "./checksum.ts";
import { type Fingerprint, fingerprintDifferences, fingerprintOf } from "./fingerprint.ts";
import { makeRows } from "./fixtures.ts";
import { lineOf, type MigrationFile, runsInOne, upStatements } from "./history.ts";
import { type ObservedStatement, runObserved, type RunResult } from "./observe.ts";
import type { ProvenLock, Proof } from "./proof.ts";
import { fatesOf, rowsOf, type RowsSnapshot } from "./rows.ts";
import { differences } from "./script.ts";

export interface ProveOptions {
  readonly scratch: ScratchOptions;
  readonly foldOptions: FromSqlOptions;
}

/** Major version of the embedded PostgreSQL. */
const version = 18;

/** `earlier`: the history before it, in order. `loadSqlParser()` must have been awaited. Never rejects. */
export async function proveMigration(migration: MigrationFile, earlier: readonly MigrationFile[], options: ProveOptions): Promise<Proof> {
  const base = earlier.flatMap((each) => upStatements(each).map((statement) => ({ each, statement })));
  const database = new ScratchDatabase({ deadline: 20_000, ...options.scratch }, base.map(({ statement }) => statement.text));
  try {
    const built = await database.build();
    if (!built.ok) return unproven(migration, `The embedded PostgreSQL did not start: ${reasonOf(built.why)}`);
    for (const [i, outcome] of built.value.entries()) {
      const at = base[i];
      if (outcome.kind === "done" || at === undefined) continue;
      const why = outcome.kind === "refused" ? outcome.failure.message : outcome.kind === "lacksExtension" ? `the embedded PostgreSQL does not have the extension ${outcome.extension}` : "not tried";
      return unproven(migration, `The history before it cannot be replayed: ${at.each.name}, line ${lineOf(at.each.file, at.statement.span.start)}: ${why}.`);
    }
    return await new Proving(migration, earlier, database, options).run();
  } catch (error) {
    return unproven(migration, `The proof was broken off: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await database.close();
  }
}

interface State {
  readonly fingerprint: Fingerprint;
  readonly rows: RowsSnapshot;
}

class Proving {
  readonly #migration: MigrationFile;
  readonly #earlier: readonly MigrationFile[];
  readonly #database: ScratchDatabase;
  readonly #options: ProveOptions;

  constructor(migration: MigrationFile, earlier: readonly MigrationFile[], database: ScratchDatabase, options: ProveOptions) {
    this.#migration = migration;
    this.#earlier = earlier;
    this.#database = database;
    this.#options = options;
  }

  async run(): Promise<Proof> {
    const migration = this.#migration;
    const catalog = await scratchCatalog(this.#database);
    if (!catalog.ok) return unproven(migration, reasonOf(catalog.why));
    const fixtures = await makeRows(this.#database, fromCatalog(catalog.value));
    const before = await this.#state();
    const up = await this.#send(upStatements(migration), migration.file);
    const proof = { ...unproven(migration, ""), rows: { made: fixtures.rows, complaints: fixtures.complaints, afterUp: [], afterDown: [] } };
    if (up.kind !== "done") return { ...proof, verdict: "failed", up: failureText(up, migration.file) };
    const after = await this.#state();
    const model = await this.#againstModel();
    const done: Proof = { ...proof, up: undefined, model, locks: this.#locks(up.observed), rows: { ...proof.rows, afterUp: fatesOf(before.rows, after.rows) } };
    const { down } = migration;
    if (down === undefined) return { ...done, verdict: "up only" };
    const undone = await this.#send(down.statements, down.file);
    if (undone.kind !== "done") return { ...done, verdict: "failed", down: failureText(undone, down.file) };
    const back = await this.#state();
    const changed = fingerprintDifferences(before.fingerprint, back.fingerprint);
    const rows = { ...done.rows, afterDown: fatesOf(before.rows, back.rows) };
    const afterDown: Proof = { ...done, rows, down: undefined, notRestored: changed.filter(({ isOrder }) => !isOrder).map(({ what }) => what), order: changed.filter(({ isOrder }) => isOrder).map(({ what }) => what) };
    const again = await this.#send(upStatements(migration), migration.file);
    if (again.kind !== "done") return { ...afterDown, verdict: "failed", upAgain: failureText(again, migration.file) };
    const last = fingerprintDifferences(after.fingerprint, (await this.#state()).fingerprint).filter(({ isOrder }) => !isOrder);
    const verdict = afterDown.notRestored.length === 0 && last.length === 0 ? "proven" : "failed";
    return { ...afterDown, verdict, upAgain: last.length === 0 ? undefined : `Up again ends elsewhere than the first time: ${last.map(({ what }) => what).join("; ")}` };
  }

  async #send(statements: readonly Statement[], _file: SqlFile): Promise<RunResult> {
    return runObserved(this.#database, statements, runsInOne(this.#migration.sending, statements));
  }

  async #state(): Promise<State> {
    const fingerprint = await fingerprintOf(this.#database);
    if (!fingerprint.ok) throw new Error(reasonOf(fingerprint.why));
    const rows = await rowsOf(this.#database);
    if (!rows.ok) throw new Error(reasonOf(rows.why));
    return { fingerprint: fingerprint.value, rows: rows.value };
  }

  /** Where what PostgreSQL has is not what the history reads like. */
  async #againstModel(): Promise<readonly string[]> {
    const catalog = await scratchCatalog(this.#database);
    if (!catalog.ok) return [reasonOf(catalog.why)];
    const files = [...this.#earlier, this.#migration].map(({ file }) => file);
    const folded = foldSql(files, { ...this.#options.foldOptions, changesIn: new Set() });
    return differences(folded.schema, fromCatalog(catalog.value)).map(changeText);
  }

  #locks(observed: readonly ObservedStatement[]): readonly ProvenLock[] {
    const migration = this.#migration;
    const files = [...this.#earlier.map(({ file }) => file), migration.file];
    const changes = foldSql(files, { ...this.#options.foldOptions, changesIn: new Set([migration.uri]) }).changes.get(migration.uri);
    const stated = changes === undefined ? [] : migrationOf(changes, migration.sending, version).statements;
    return observed.map(({ statement, isOutside, locks, rewritten, scanned }) => {
      const expected = expectedLocks(stated.filter(({ at }) => at.some((origin) => isOf(origin, statement))));
      const seen = [...locks].map(([table, mode]) => ({ table, mode }));
      return {
        line: lineOf(migration.file, statement.span.start),
        statement: statement.text.replaceAll(/\s+/g, " ").slice(0, 100),
        isOutside,
        locks: seen,
        rewritten,
        scanned,
        disagreements: isOutside ? [] : disagreements(expected, new Map(seen.map(({ table, mode }) => [table, mode]))),
      };
    });
  }
}

function isOf(origin: { readonly kind: string } | TextOrigin, statement: Statement): boolean {
  return "anchor" in origin && origin.anchor === statement.anchor;
}

/** What the table of locks says that these statements take and did not hold before. */
function expectedLocks(statements: readonly MigrationStatement[]): ReadonlyMap<string, string> {
  const expected = new Map<string, string>();
  for (const { effects, held } of statements) {
    for (const { locks } of effects) {
      for (const { table, mode } of locks) {
        const before = held.find((lock) => lock.table.key === table.key);
        if (before !== undefined && !isStronger(mode, before.mode)) continue;
        const known = lockModes.find((each) => each === expected.get(table.key));
        if (known === undefined || isStronger(mode, known)) expected.set(table.key, mode);
      }
    }
  }
  return expected;
}

/** Weaker locks hold nobody up but other changes of the schema. */
function disagreements(expected: ReadonlyMap<string, string>, seen: ReadonlyMap<string, string>): readonly string[] {
  const matters = (mode: string | undefined): boolean => lockModes.findIndex((each) => each === mode) >= lockModes.indexOf("SHARE UPDATE EXCLUSIVE");
  return [...new Set([...expected.keys(), ...seen.keys()])].flatMap((table) => {
    const [a, b] = [expected.get(table), seen.get(table)];
    return a === b || (!matters(a) && !matters(b)) ? [] : [`${table}: expected ${a ?? "no lock"}, observed ${b ?? "no lock"}`];
  });
}

function failureText(result: Exclude<RunResult, { kind: "done" }>, file: SqlFile): string {
  if (result.kind === "noAnswer") return result.reason;
  const { statement, failure } = result;
  const line = lineOf(file, statement.span.start + (failure.at ?? 0));
  return [`line ${line}: ${failure.message} (${failure.sqlState})`, failure.detail, failure.hint].filter((part) => part !== undefined).join(" ");
}

function reasonOf(why: { readonly kind: string; readonly message?: string; readonly failure?: { readonly message: string } }): string {
  return why.failure?.message ?? why.message ?? why.kind;
}

function unproven(migration: MigrationFile, reason: string): Proof {
  return {
    migration: migration.name,
    checksum: migration.checksum,
    downChecksum: migration.down === undefined ? undefined : migration.down.path === migration.path ? migration.checksum : checksumOf(migration.down.file.text),
    postgresVersion: version,
    verdict: "not run",
    reason,
    up: undefined,
    down: undefined,
    upAgain: undefined,
    model: [],
    notRestored: [],
    order: [],
    rows: { made: 0, complaints: [], afterUp: [], afterDown: [] },
    locks: [],
  };
}
