/**
 * A scratch database: an embedded PostgreSQL that holds what a list of statements builds. It is known by these statements,
 * so its process may end at any time, when idle, at a deadline or called off, and is built again when next asked; nothing
 * here ever rejects.
 */
import { createHash } from "node:crypto";
import { createdExtension, isOfPlatform, wantedExtensions } from "./extensions.ts";
import { forgetCluster, keepCluster, type KeptCluster, keptCluster } from "./keptClusters.ts";
import type { Description, ResizedFile, ScratchReply, ScratchRequest, SqlFailure, StatementOutcome } from "./messages.ts";
import { type Platform, roleStatements, wantedPlatform } from "./platforms.ts";
import { type NoReply, ScratchProcess } from "./scratchProcess.ts";
import { removeCopy, type SeededCluster, seededCluster } from "./seededClusters.ts";

export interface ScratchOptions {
  /** The process's script: `scratchWorker.ts` in the sources, `scratchWorker.js` beside a bundle. */
  readonly worker: URL;
  /** Folder with PostgreSQL and its empty cluster; its address ends with `/`. */
  readonly assets: URL;
  /** Milliseconds for one question; 10,000 by default. */
  readonly deadline?: number;
  /** Milliseconds without a question after which the process ends: it holds two hundred megabytes. 300,000 by default. */
  readonly idle?: number;
  /** Folder where built databases are kept by their content; without it each start replays everything. */
  readonly cache?: string | undefined;
  /** Folder with clusters that were made with rows in them, by the statements of the base: one of these is taken first. */
  readonly seeded?: string | undefined;
  /** Only what was settled is kept: the base is about to get more. */
  readonly keepsSettled?: boolean | undefined;
  /** Statements that may come: the extensions and the platform they want are in place from the start. */
  readonly foresees?: readonly string[] | undefined;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Instead of the database's own. */
  readonly deadline?: number | undefined;
}

/** PostgreSQL said no, or there was no answer: a deadline, called off, or a fault in the embedded PostgreSQL. */
export type ScratchFailure = { readonly kind: "refused"; readonly failure: SqlFailure } | NoReply;

export type ScratchResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: ScratchFailure };

export interface ExplainedScratch {
  /** The JSON text of PostgreSQL's plan: an array with one element. */
  readonly plan: string;
  /** Types of $1, $2, …; with values or without parameters the plan is for these values, else a generic one. */
  readonly parameters: readonly string[];
}

export interface ExplainOptions extends AskOptions {
  /** In PostgreSQL's text form, for $1, $2, …; without them the plan is generic. */
  readonly values?: readonly (string | null)[] | undefined;
  /** Runs the statement, in a transaction that is rolled back. */
  readonly analyze?: boolean | undefined;
}

/** For experiments between `BEGIN` and `ROLLBACK`. */
export interface Alone {
  /** The plan of one statement, at a savepoint of the transaction under way. */
  readonly explain: (text: string, options?: ExplainOptions) => Promise<ScratchResult<ExplainedScratch>>;
  /**
   * Makes files of relations look as large to the planner as they would be with rows, and gives their sizes before, to
   * which they must come back: nobody may read them meanwhile, and no rollback undoes it.
   */
  readonly resize: (files: readonly ResizedFile[], options?: AskOptions) => Promise<ScratchResult<readonly number[]>>;
}

interface Step {
  readonly text: string;
  readonly wasDone: boolean;
}

export class ScratchDatabase {
  readonly #options: ScratchOptions;
  /** The statements that `reset` goes back to. */
  #base: readonly string[];
  #baseOutcomes: readonly StatementOutcome[] | undefined;
  /** What was replayed since, in order. */
  #since: Step[] = [];
  #platform: { readonly of: readonly string[]; readonly value: Platform | undefined } | undefined;
  #process: ScratchProcess | undefined;
  /** Of a cluster with rows, which the process works on. */
  #copy: SeededCluster | undefined;
  /** Made by another version of PostgreSQL, or cut off. */
  #isSeedBroken = false;
  #loaded: readonly string[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  /** Whether the process may hold something else than the base. */
  #isTouched = false;
  #isClosed = false;

  /** Nothing is started yet. A statement of `base` that PostgreSQL refuses is left out; `build` tells. */
  constructor(options: ScratchOptions, base: readonly string[] = []) {
    this.#options = options;
    this.#base = base;
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.isUp ? this.#process?.pid : undefined;
  }

  /** Whether a process runs now. */
  get isUp(): boolean {
    return this.#process !== undefined && !this.#process.isGone;
  }

  /** Names of extensions that the statements want and the embedded PostgreSQL does not have. */
  get lacking(): readonly string[] {
    return wantedExtensions(this.#texts()).lacking;
  }

  /** Starts the process if need be, and says what became of each statement of the base. */
  build(options: AskOptions = {}): Promise<ScratchResult<readonly StatementOutcome[]>> {
    return this.#inTurn(async () => {
      const running = await this.#ready(options);
      return running instanceof ScratchProcess ? { ok: true, value: this.#baseOutcomes ?? [] } : { ok: false, why: running };
    });
  }

  /**
   * Runs statements for good (until `reset`), each as it stands: a text of several statements is one transaction, as
   * everywhere. One outcome for each.
   */
  replay(texts: readonly string[], options: AskOptions & { readonly goesOn?: boolean } = {}): Promise<ScratchResult<readonly StatementOutcome[]>> {
    return this.#inTurn(async () => {
      const running = await this.#ready(options, texts);
      if (!(running instanceof ScratchProcess)) return { ok: false, why: running };
      this.#isTouched = true;
      const outcomes = await this.#run(running, texts, options.goesOn ?? false, options);
      if (!Array.isArray(outcomes)) return { ok: false, why: outcomes };
      this.#since.push(...texts.map((text, i) => ({ text, wasDone: outcomes[i]?.kind === "done" })));
      return { ok: true, value: outcomes };
    });
  }

  /** What PostgreSQL makes of one statement, without planning or running it. */
  async describe(text: string, options: AskOptions = {}): Promise<ScratchResult<Description>> {
    const reply = await this.#ask({ kind: "describe", text }, options);
    return reply.kind === "described" ? { ok: true, value: reply.description } : failed(reply);
  }

  /** The plan of one statement. Nothing stays of it; with `analyze` it runs. */
  async explain(text: string, options: ExplainOptions = {}): Promise<ScratchResult<ExplainedScratch>> {
    const request = { kind: "explain", text, values: options.values, analyze: options.analyze ?? false } as const;
    return explainedOf(await this.#ask(request, options));
  }

  /**
   * The rows of one statement. What it changes stays until `reset` or until the process ends, so it is for questions, and
   * for experiments between `BEGIN` and `ROLLBACK` inside `alone`.
   */
  async query(text: string, values: readonly unknown[] = [], options: AskOptions = {}): Promise<ScratchResult<readonly unknown[]>> {
    return rowsOf(await this.#ask({ kind: "query", text, values }, options));
  }

  /** Several questions with nobody else's between them. What the argument offers does not wait for its turn. */
  alone<T>(use: (query: ScratchDatabase["query"], more: Alone) => Promise<T>): Promise<T> {
    return this.#inTurn(() =>
      use(async (text, values = [], options = {}) => rowsOf(await this.#askNow({ kind: "query", text, values }, options)), {
        explain: async (text, { values, analyze = false, ...options } = {}) =>
          explainedOf(await this.#askNow({ kind: "explain", text, values, analyze, isWithin: true }, options)),
        resize: async (files, options = {}) => {
          const reply = await this.#askNow({ kind: "resize", files }, options);
          return reply.kind === "resized" ? { ok: true, value: reply.blocks } : failed(reply);
        },
      }),
    );
  }

  /** Back to the base. */
  reset(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isTouched) await this.#end();
      this.#since = [];
    });
  }

  /**
   * What the database holds now is what these statements make on top of the base: it is the base from now on, for `reset`,
   * and kept for whoever begins with it. They have run already.
   */
  settle(texts: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      const running = this.#process;
      this.#base = [...this.#texts(), ...texts];
      this.#since = [];
      this.#isTouched = false;
      if (running === undefined || running.isGone || this.#baseOutcomes === undefined) return;
      const known = this.#baseOutcomes;
      this.#baseOutcomes = this.#base.map((_, i) => known[i] ?? { kind: "done" });
      await this.#keep(running, this.#baseOutcomes);
    });
  }

  /** Another database in the same state, in a process of its own, which starts when it is first asked. Must be closed. */
  fork(): ScratchDatabase {
    return new ScratchDatabase(this.#options, this.#texts());
  }

  /** Ends the process when it has answered what was asked so far. Whoever asks again starts another one. */
  rest(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  /** Ends the process, at once; what is under way fails. A question after that is answered `canceled`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  /** What the database holds, in statements. */
  #texts(): readonly string[] {
    return [...this.#base, ...this.#since.filter((step) => step.wasDone).map((step) => step.text)];
  }

  #ask(request: ScratchRequest, options: AskOptions): Promise<ScratchReply | NoReply> {
    return this.#inTurn(() => this.#askNow(request, options));
  }

  async #askNow(request: ScratchRequest, options: AskOptions): Promise<ScratchReply | NoReply> {
    const running = await this.#ready(options);
    if (request.kind === "query") this.#isTouched = true;
    return running instanceof ScratchProcess ? running.ask(request, options.deadline ?? this.#deadline, options.signal) : running;
  }

  get #deadline(): number {
    return this.#options.deadline ?? 10_000;
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      clearTimeout(this.#idle);
      try {
        return await act();
      } finally {
        if (this.isUp) this.#idle = setTimeout(() => void this.#end(), this.#options.idle ?? 300_000).unref();
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** A process that holds everything replayed so far, with the extensions that `more` wants as well. */
  async #ready(options: AskOptions, more: readonly string[] = []): Promise<ScratchProcess | NoReply> {
    if (this.#isClosed || options.signal?.aborted === true) return { kind: "canceled" };
    const platform = this.#wantedPlatform();
    const wanted = wantedExtensions([...(platform?.statements ?? []), ...this.#texts(), ...(this.#options.foresees ?? []), ...more]).available;
    const running = this.#process;
    // Libraries are put in place at the start: a database that wants another one is built again.
    if (running !== undefined && !running.isGone && wanted.every((name) => this.#loaded.includes(name))) return running;
    await this.#end();
    const seeded = this.#isSeedBroken ? undefined : await this.#seeded();
    const kept = seeded === undefined ? await this.#kept() : undefined;
    const data = { assets: this.#options.assets.href, extensions: wanted, cluster: kept?.file, folder: seeded?.folder, settings: platform?.settings };
    const started = await ScratchProcess.start(this.#options.worker, data, options.signal);
    if (!(started instanceof ScratchProcess)) {
      if (seeded !== undefined) await removeCopy(seeded);
      if (started.kind !== "crashed" || (kept === undefined && seeded === undefined)) return started;
      // Cut off or of another version.
      if (seeded !== undefined) this.#isSeedBroken = true;
      if (kept !== undefined) await forgetCluster(kept);
      return this.#ready(options, more);
    }
    this.#process = started;
    this.#copy = seeded;
    this.#loaded = wanted;
    this.#isTouched = this.#since.length > 0;
    const failure = await this.#rebuild(started, seeded ?? kept, options);
    if (failure === undefined) return started;
    // Half of a database must not answer.
    await this.#end();
    return failure;
  }

  async #rebuild(running: ScratchProcess, kept: { readonly outcomes: readonly StatementOutcome[] } | undefined, options: AskOptions): Promise<NoReply | undefined> {
    if (kept === undefined) {
      const failure = await this.#bringPlatform(running, options);
      if (failure !== undefined) return failure;
      const outcomes = await this.#run(running, this.#base, true, options);
      if (!Array.isArray(outcomes)) return outcomes;
      this.#baseOutcomes = outcomes;
      if (this.#options.keepsSettled !== true) await this.#keep(running, outcomes);
    } else this.#baseOutcomes = kept.outcomes;
    const done = this.#since.filter((step) => step.wasDone).map((step) => step.text);
    const again = await this.#run(running, done, true, options);
    return Array.isArray(again) ? undefined : again;
  }

  /** What the base counts on and does not make; found out once for a base. */
  #wantedPlatform(): Platform | undefined {
    if (this.#platform?.of !== this.#base) this.#platform = { of: this.#base, value: wantedPlatform([...this.#base, ...(this.#options.foresees ?? [])]) };
    return this.#platform.value;
  }

  async #bringPlatform(running: ScratchProcess, options: AskOptions): Promise<NoReply | undefined> {
    const platform = this.#wantedPlatform();
    if (platform === undefined) return undefined;
    const statements = [...roleStatements(platform), ...platform.statements];
    const outcomes = await this.#run(running, statements, true, options);
    if (!Array.isArray(outcomes)) return outcomes;
    const at = outcomes.findIndex(({ kind }) => kind !== "done");
    const failed = outcomes[at];
    return failed === undefined ? undefined : { kind: "crashed", message: `What ${platform.name} brings is not what PostgreSQL takes: ${failed.kind === "refused" ? failed.failure.message : failed.kind} (${statements[at]?.slice(0, 60)})` };
  }

  /** The same for the same content. */
  #contentKey(): string {
    const platform = this.#wantedPlatform();
    return contentKey([this.#options.assets.href, ...(platform === undefined ? [] : [...platform.statements, platform.name]), ...this.#base]);
  }

  async #seeded(): Promise<SeededCluster | undefined> {
    const { seeded } = this.#options;
    return seeded === undefined || this.#base.length < worthKeeping ? undefined : seededCluster(seeded, contentKey(this.#base));
  }

  async #kept(): Promise<KeptCluster | undefined> {
    const { cache } = this.#options;
    return cache === undefined || this.#base.length < worthKeeping ? undefined : keptCluster(cache, this.#contentKey());
  }

  async #keep(running: ScratchProcess, outcomes: readonly StatementOutcome[]): Promise<void> {
    const { cache } = this.#options;
    if (cache === undefined || this.#base.length < worthKeeping) return;
    await keepCluster(cache, this.#contentKey(), outcomes, async (file) => (await running.ask({ kind: "keep", file }, this.#deadline)).kind === "kept");
  }

  async #run(running: ScratchProcess, texts: readonly string[], goesOn: boolean, options: AskOptions): Promise<StatementOutcome[] | NoReply> {
    const lacking = new Set(wantedExtensions(texts).lacking);
    const lackedBy = texts.map((text) => {
      const name = createdExtension(text);
      return name !== undefined && lacking.has(name) ? name : undefined;
    });
    const tried = texts.filter((text, i) => lackedBy[i] === undefined && !isOfPlatform(text));
    if (texts.length === 0) return [];
    // A deadline is for one statement; a whole history may take a few.
    const deadline = (options.deadline ?? this.#deadline) + tried.length * 20;
    const reply = await running.ask({ kind: "replay", texts: tried, goesOn }, deadline, options.signal);
    if (reply.kind !== "replayed") return reply.kind === "deadline" || reply.kind === "canceled" || reply.kind === "crashed" ? reply : crashed(reply);
    let next = 0;
    return lackedBy.map((extension, i): StatementOutcome => {
      if (extension !== undefined) return { kind: "lacksExtension", extension };
      if (isOfPlatform(texts[i] ?? "")) return { kind: "done" };
      if (next >= reply.failures.length) return { kind: "notTried" };
      const failure = reply.failures[next++];
      return failure === undefined ? { kind: "done" } : { kind: "refused", failure };
    });
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const running = this.#process;
    const copy = this.#copy;
    this.#process = undefined;
    this.#copy = undefined;
    await running?.kill();
    if (copy !== undefined) await removeCopy(copy);
  }
}

/** Fewer statements are replayed faster than read back. */
const worthKeeping = 40;

/** The same for the same statements in the same order. */
export function contentKey(statements: readonly string[]): string {
  const hash = createHash("sha256");
  for (const statement of statements) hash.update(`${statement.length}:${statement}`);
  return hash.digest("hex");
}

function explainedOf(reply: ScratchReply | NoReply): ScratchResult<ExplainedScratch> {
  return reply.kind === "explained" ? { ok: true, value: { plan: reply.plan, parameters: reply.parameters } } : failed(reply);
}

function rowsOf(reply: ScratchReply | NoReply): ScratchResult<readonly unknown[]> {
  return reply.kind === "rows" ? { ok: true, value: reply.rows } : failed(reply);
}

function failed(reply: ScratchReply | NoReply): { readonly ok: false; readonly why: ScratchFailure } {
  switch (reply.kind) {
    case "failed":
      return { ok: false, why: { kind: "refused", failure: reply.failure } };
    case "deadline":
    case "canceled":
    case "crashed":
      return { ok: false, why: reply };
    default:
      return { ok: false, why: crashed(reply) };
  }
}

function crashed(reply: ScratchReply): NoReply {
  return { kind: "crashed", message: reply.kind === "failed" ? reply.failure.message : `It answered ${reply.kind} to something else.` };
}
