/**
 * Migrations proven in an embedded PostgreSQL, or on a server: the history before them, rows in the tables, then up, down and up again, one
 * after the other in one database. What came of the catalog, of the rows and of clients, and which locks were taken is
 * reported; what was not proven is said.
 */
import { changeText, differences } from "../model/diff.ts";
import { fromCatalog } from "../model/fromCatalog.ts";
import { type FoldedSql, foldSql, type FromSqlOptions } from "../model/fromSql.ts";
import type { Schema } from "../model/schema.ts";
import { type Platform, wantedPlatform } from "../scratch/platforms.ts";
import { contentKey, type ScratchOptions } from "../scratch/scratchDatabase.ts";
import type { SqlFile, Statement } from "../sql/syntax.ts";
import { checksumOf } from "./checksum.ts";
import { clientsBetween, type EarlierClient, type KnownQuery } from "./clients.ts";
import { embeddedPlace } from "./embeddedProof.ts";
import { type Fingerprint, fingerprintDifferences, fingerprintOf, fingerprintQuery } from "./fingerprint.ts";
import { makeRows } from "./fixtures.ts";
import { lineOf, type MigrationFile, runsInOne, upStatements, whyNotSent } from "./history.ts";
import { keepRows, keptRows } from "./keptRows.ts";
import { runObserved, type RunResult } from "./observe.ts";
import { provenLocks } from "./provenLocks.ts";
import { ownPart } from "./ownPart.ts";
import { extensions, type Proof, verdictText } from "./proof.ts";
import type { ProofDatabase, ProofPlace } from "./proofDatabase.ts";
import { replayed } from "./replay.ts";
import { fatesOf, rowsOf, type RowsSnapshot } from "./rows.ts";

export interface ProveOptions {
  readonly scratch: ScratchOptions;
  /** Instead of the embedded PostgreSQL. */
  readonly place?: ProofPlace | undefined;
  readonly foldOptions: FromSqlOptions;
  /** Of the workspace: described before and after. */
  readonly queries?: readonly KnownQuery[] | undefined;
  /** What the version before a migration sends; `queries` without it. */
  readonly earlier?: ((migration: MigrationFile) => Promise<EarlierClient | undefined>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `earlier`: the history before it, in order. `loadSqlParser()` must have been awaited. Never rejects. */
export async function proveMigration(migration: MigrationFile, earlier: readonly MigrationFile[], options: ProveOptions): Promise<Proof> {
  for await (const proof of proveMigrations([...earlier, migration], new Set([migration]), options)) return proof;
  return unproven(migration, placeOf(options), "Called off.");
}

/** One proof for each that is wanted, in the order of the history, as they are found. Ends early when called off; never rejects. */
export async function* proveMigrations(history: readonly MigrationFile[], wanted: ReadonlySet<MigrationFile>, options: ProveOptions): AsyncGenerator<Proof, void> {
  const walk = new Walk(history, wanted, options);
  try {
    for (const [at, migration] of history.entries()) {
      if (!wanted.has(migration)) continue;
      if (options.signal?.aborted === true) return;
      yield await walk.prove(at).catch((error: unknown) => unproven(migration, placeOf(options), `The proof was broken off: ${error instanceof Error ? error.message : String(error)}`));
    }
  } finally {
    await walk.end();
  }
}

interface State {
  readonly fingerprint: Fingerprint;
  /** Read when somebody wants them. */
  readonly rows?: RowsSnapshot;
}

/** One database on its way through a history. */
class Walk {
  readonly #history: readonly MigrationFile[];
  readonly #options: ProveOptions;
  readonly #place: ProofPlace;
  /** The same for the whole walk, so that each step folds what it adds. */
  readonly #foldOptions: FromSqlOptions;
  /** Tables that no row could be made up for, and why. */
  readonly #hopeless = new Map<string, string>();
  /** By migration: extensions it creates that the place does not have. */
  readonly #lacking: readonly (readonly string[])[];
  readonly #platform: Platform | undefined;
  #database: ProofDatabase | undefined;
  /** How many migrations the database has. */
  #at = 0;
  /** Its state, where it was just read. */
  #state: State | undefined;
  #folded: FoldedSql | undefined;
  #made = 0;
  #complaints: readonly string[] = [];

  constructor(history: readonly MigrationFile[], wanted: ReadonlySet<MigrationFile>, options: ProveOptions) {
    this.#history = history;
    this.#foldOptions = { ...options.foldOptions, changesIn: new Set([...wanted].map(({ uri }) => uri)) };
    this.#options = options;
    this.#place = placeOf(options);
    this.#platform = wantedPlatform(history.flatMap((each) => upStatements(each).map(({ text }) => text)));
    this.#lacking = history.map((each) => this.#place.lacking(upStatements(each).map(({ text }) => text)));
  }

  async end(): Promise<void> {
    const database = this.#database;
    this.#database = undefined;
    this.#state = undefined;
    await database?.close();
  }

  async prove(at: number): Promise<Proof> {
    const migration = this.#history[at];
    if (migration === undefined) throw new Error(`There is no migration ${at}.`);
    const ups = upStatements(migration);
    const unsent = whyNotSent(migration);
    if (unsent !== undefined) return { ...unproven(migration, this.#place, ""), verdict: "failed", up: unsent };
    const without = [...new Set(this.#lacking.slice(0, at + 1).flat())];
    const why = await this.#reach(at);
    const proof = why === undefined ? await this.#prove(migration, at, ups) : unproven(migration, this.#place, why);
    // Whoever comes next begins in a database that nothing went wrong in.
    if (proof.verdict === "failed" || proof.verdict === "not run") await this.end();
    return without.length === 0 ? proof : withoutExtensions({ ...proof, without });
  }

  get #open(): ProofDatabase {
    if (this.#database === undefined) throw new Error("There is no database.");
    return this.#database;
  }

  async #prove(migration: MigrationFile, at: number, ups: readonly Statement[]): Promise<Proof> {
    const database = this.#open;
    const before = await this.#known();
    const queries = await clientsBetween(database, this.#options.queries ?? [], await this.#options.earlier?.(migration));
    const up = await this.#send(migration, ups);
    const proof = { ...unproven(migration, this.#place, ""), rows: { made: this.#made, complaints: this.#complaints, afterUp: [], afterDown: [] } };
    if (up.kind !== "done") return { ...proof, verdict: up.kind === "noAnswer" ? "not run" : "failed", reason: up.kind === "noAnswer" ? up.reason : "", up: failureText(up, migration.file) };
    const after = await this.#read();
    const clients = await queries.after(before, after);
    const folded = this.#fold(at + 1);
    const model = await this.#againstModel(folded);
    const done: Proof = { ...proof, up: undefined, model, clients, locks: provenLocks(migration, up.observed, folded, this.#place.version), rows: { ...proof.rows, afterUp: fatesOf(before.rows, after.rows) } };
    this.#at = at + 1;
    this.#state = after;
    const { down } = migration;
    if (down === undefined) return { ...done, verdict: "up only" };
    const undone = await this.#send(migration, down.statements);
    if (undone.kind !== "done") return { ...done, verdict: "failed", down: failureText(undone, down.file) };
    const back = await this.#read();
    const changed = fingerprintDifferences(before.fingerprint, back.fingerprint);
    const rows = { ...done.rows, afterDown: fatesOf(before.rows, back.rows) };
    const afterDown: Proof = { ...done, rows, down: undefined, notRestored: changed.filter(({ isOrder }) => !isOrder).map(({ what }) => what), order: changed.filter(({ isOrder }) => isOrder).map(({ what }) => what) };
    const again = await this.#send(migration, ups);
    if (again.kind !== "done") return { ...afterDown, verdict: "failed", upAgain: failureText(again, migration.file) };
    this.#state = { fingerprint: await this.#fingerprint() };
    const last = fingerprintDifferences(after.fingerprint, this.#state.fingerprint).filter(({ isOrder }) => !isOrder);
    const verdict = afterDown.notRestored.length === 0 && last.length === 0 ? "proven" : "failed";
    return { ...afterDown, verdict, upAgain: last.length === 0 ? undefined : `Up again ends elsewhere than the first time: ${last.map(({ what }) => what).join("; ")}` };
  }

  /** A database that has so many migrations, with rows in its tables; a sentence where that cannot be. */
  async #reach(at: number): Promise<string | undefined> {
    const database = this.#database;
    if (database === undefined || this.#at > at) return this.#start(at);
    for (const migration of this.#history.slice(this.#at, at)) {
      const ran = await this.#send(migration, upStatements(migration));
      // Rows may be in the way of what ran long ago on others.
      if (ran.kind !== "done") return this.#start(at);
      this.#at++;
      this.#state = undefined;
    }
    await this.#fill(at);
    return undefined;
  }

  async #start(at: number): Promise<string | undefined> {
    await this.end();
    const base = this.#history.slice(0, at).flatMap(replayed);
    const texts = base.map(({ text }) => text);
    const { cache } = this.#place;
    const key = contentKey(["rows", fingerprintQuery, this.#platform?.name ?? "", ...texts]);
    const kept = await keptRows(cache, key);
    const foresees = this.#history.slice(at).flatMap((each) => upStatements(each).flatMap(({ text }) => (this.#platform !== undefined || /\bextension\b/i.test(text) ? [text] : [])));
    const opening = this.#place.open(kept === undefined ? texts : [...texts, ...kept.inserts], { foresees, isBegun: kept === undefined, signal: this.#options.signal });
    // Read meanwhile: both take a while.
    this.#fold(at);
    const opened = await opening;
    if (!opened.ok) return opened.reason;
    const { database, outcomes } = opened;
    this.#database = database;
    for (const [i, { each, at: offset }] of base.entries()) {
      const outcome = outcomes[i];
      if (outcome === undefined || outcome.kind === "done" || outcome.kind === "lacksExtension") continue;
      const why = outcome.kind === "refused" ? outcome.failure.message : "not tried";
      return `The history before it cannot be replayed: ${each.name}, line ${lineOf(each.file, offset)}: ${why}.`;
    }
    this.#at = at;
    if (kept === undefined) {
      const inserts = await this.#fill(at);
      const loose = inserts.length === 0 ? [] : ["SET session_replication_role = replica", ...inserts, "SET session_replication_role = origin"];
      if (cache !== undefined) {
        await database.settle(loose);
        const state = await this.#read();
        this.#state = state;
        await keepRows(cache, key, { inserts: loose, made: this.#made, complaints: this.#complaints, fingerprint: [...state.fingerprint] });
      }
    } else {
      this.#made = kept.made;
      this.#complaints = kept.complaints;
      this.#state = { fingerprint: new Map(kept.fingerprint), rows: await this.#rows() };
    }
    return undefined;
  }

  /** Rows for tables that have none; what makes them again. */
  async #fill(at: number): Promise<readonly string[]> {
    const rows = this.#state?.rows ?? (await this.#rows());
    const fixtures = await makeRows(this.#open, this.#fold(at).schema, rows, this.#hopeless);
    const there = rows.reduce((sum, table) => sum + Math.min(table.rows.length, 3), 0);
    this.#made = there + fixtures.rows;
    this.#complaints = [...this.#hopeless.values()];
    if (fixtures.rows > 0) this.#state = undefined;
    else if (this.#state !== undefined) this.#state = { ...this.#state, rows };
    return fixtures.inserts;
  }

  #fold(count: number): FoldedSql {
    const files = this.#history.slice(0, count).map(({ file }) => file);
    this.#folded = foldSql(files, this.#foldOptions, this.#folded);
    return this.#folded;
  }

  async #send(migration: MigrationFile, statements: readonly Statement[]): Promise<RunResult> {
    const ran = await runObserved(this.#open, statements, runsInOne(migration.sending, statements));
    // What a migration sets for its session ends with its session.
    await this.#open.query("RESET ALL");
    return ran;
  }

  async #rows(): Promise<RowsSnapshot> {
    const rows = await rowsOf(this.#open);
    if (!rows.ok) throw new Error(reasonOf(rows.why));
    return rows.value;
  }

  async #fingerprint(): Promise<Fingerprint> {
    const fingerprint = await fingerprintOf(this.#open);
    if (!fingerprint.ok) throw new Error(reasonOf(fingerprint.why));
    return fingerprint.value;
  }

  async #read(): Promise<Required<State>> {
    return { fingerprint: await this.#fingerprint(), rows: await this.#rows() };
  }

  async #known(): Promise<Required<State>> {
    if (this.#state === undefined) return this.#read();
    return { fingerprint: this.#state.fingerprint, rows: this.#state.rows ?? (await this.#rows()) };
  }

  /** Where what PostgreSQL has is not what the history reads like. */
  async #againstModel({ schema }: FoldedSql): Promise<readonly string[]> {
    const catalog = await this.#open.catalog();
    const lacking = new Set(this.#lacking.flat());
    const part = (of: Schema): Schema => {
      const own = this.#platform === undefined ? of : ownPart(of, [...this.#platform.schemas, ...(this.#foldOptions.externalSchemas ?? [])]);
      return lacking.size === 0 ? own : { ...own, extensions: new Map([...own.extensions].filter(([name]) => !lacking.has(name))) };
    };
    return catalog.ok ? differences(part(schema), part(fromCatalog(catalog.value))).map(changeText) : [reasonOf(catalog.why)];
  }
}

/** What fails where an extension is missing may not fail where it is. */
function withoutExtensions(proof: Proof): Proof {
  if (proof.verdict !== "failed" && proof.verdict !== "not run") return proof;
  const failure = proof.verdict === "failed" ? verdictText(proof).replace(/^fails: /, "") : proof.reason;
  return { ...proof, verdict: "not run", reason: `${failure} The embedded PostgreSQL does not have ${extensions(proof.without)}, which may be why: a server that has it can prove this.` };
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

function placeOf({ place, scratch }: ProveOptions): ProofPlace {
  return place ?? embeddedPlace(scratch);
}

function unproven(migration: MigrationFile, place: ProofPlace, reason: string): Proof {
  return {
    migration: migration.name,
    checksum: migration.checksum,
    downChecksum: migration.down === undefined ? undefined : migration.down.path === migration.path ? migration.checksum : checksumOf(migration.down.file.text),
    postgresVersion: place.version,
    where: place.what,
    verdict: "not run",
    reason,
    without: [],
    up: undefined,
    down: undefined,
    upAgain: undefined,
    model: [],
    notRestored: [],
    order: [],
    rows: { made: 0, complaints: [], afterUp: [], afterDown: [] },
    clients: { broken: [], needed: [], described: 0 },
    locks: [],
  };
}
