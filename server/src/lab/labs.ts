/**
 * The scratch databases of a workspace's projects: one for each, shared by all who ask, built when first asked for and
 * again when what it is made of has changed. Nothing here ever rejects.
 */
import type { SchemaEngine, SchemaEngineOptions } from "../prisma/schemaEngine.ts";
import { ScratchDatabase, type ScratchFailure, type ScratchOptions } from "../scratch/scratchDatabase.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";
import { hasHistory, schemaKey } from "../workspace/schemaKey.ts";
import { complaintsOf, type LabComplaint } from "./complaints.ts";
import { identityOf, type MadeStatement, madeOf, schemaFilesOf } from "./made.ts";

export interface LabsOptions {
  /** How each database is started; `idle` is 120 s unless it says otherwise. */
  readonly scratch: ScratchOptions;
  readonly schemaEngine: SchemaEngineOptions;
}

export interface Lab {
  readonly ok: true;
  /** Shared: leave in it what was there. Ask for it anew each time: after a change of the schema it is another one. */
  readonly database: ScratchDatabase;
  /** What it is made of, in order; those that PostgreSQL refused are left out of the database, not of this list. */
  readonly statements: readonly string[];
  /** Whole sentences: what of the project the database does without. */
  readonly complaints: readonly string[];
  /** The same in parts. What is built on such a statement is missing too, so an unknown name may be one of these. */
  readonly lacking: readonly LabComplaint[];
  /** The same for the same content. */
  readonly key: string;
}

export type LabAnswer = Lab | { readonly ok: false; readonly reason: string };

/** What others ask: `Labs` itself, or what loads it when first asked. */
export interface LabAccess {
  database(project: CheckedProject, signal?: AbortSignal): Promise<LabAnswer>;
  /** Whether the project's database, as it is now, runs. */
  isUp(project: CheckedProject): boolean;
  close(): Promise<void>;
}

interface Kept {
  readonly key: string;
  readonly database: ScratchDatabase;
  readonly made: readonly MadeStatement[];
}

/** A database that runs takes more than two hundred megabytes. */
const mostRunning = 2;
/** Milliseconds. */
const idle = 120_000;
/** Of a history, beside 20 ms for each statement: more than it takes on a machine that has other things to do. */
const buildDeadline = 60_000;

export class Labs implements LabAccess {
  readonly #options: LabsOptions;
  /** By what stays the same while a project's texts change; the last one asked for stands last. */
  readonly #kept = new Map<string, Kept>();
  readonly #all = new Set<WeakRef<ScratchDatabase>>();
  /** SQL of Prisma schemas, by content. */
  readonly #scripts = new Map<string, Promise<readonly MadeStatement[] | string>>();
  #engine: SchemaEngine | undefined;
  #isClosed = false;

  constructor(options: LabsOptions) {
    this.#options = options;
  }

  async database(project: CheckedProject, signal?: AbortSignal): Promise<LabAnswer> {
    const made = await this.#made(project);
    if (typeof made === "string") return { ok: false, reason: made };
    if (signal?.aborted === true || this.#isClosed) return canceled;
    const { key, database } = this.#databaseOf(project, made);
    const statements = made.map(({ text }) => text);
    const built = await database.build({ signal, deadline: buildDeadline });
    if (!built.ok) return built.why.kind === "canceled" ? canceled : { ok: false, reason: `The scratch database could not be built: ${whyNot(built.why)}.` };
    const lacking = complaintsOf(made, built.value);
    return { ok: true, database, statements, complaints: lacking.map(({ sentence }) => sentence), lacking, key };
  }

  isUp(project: CheckedProject): boolean {
    const kept = this.#kept.get(identityOf(project));
    return kept?.database.isUp === true && kept.key === schemaKey(project);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const databases = [...this.#all].flatMap((each) => each.deref() ?? []);
    await Promise.all([...databases.map((database) => database.close()), this.#engine?.close()]);
  }

  #databaseOf(project: CheckedProject, made: readonly MadeStatement[]): Kept {
    const identity = identityOf(project);
    const key = schemaKey(project);
    const known = this.#kept.get(identity);
    this.#kept.delete(identity);
    const kept = known?.key === key ? known : { key, made, database: new ScratchDatabase({ idle, ...this.#options.scratch }, made.map(({ text }) => text)) };
    // Somebody may still be asking the old one; it ends when it has answered.
    if (known !== kept) void known?.database.rest();
    this.#kept.set(identity, kept);
    if (known !== kept) this.#all.add(new WeakRef(kept.database));
    for (const other of [...this.#kept.values()].slice(0, -mostRunning)) if (other.database.isUp) void other.database.rest();
    return kept;
  }

  /** A sentence when there is nothing to build from. */
  #made(project: CheckedProject): Promise<readonly MadeStatement[] | string> {
    if (hasHistory(project)) return Promise.resolve(madeOf(project.sqlFiles));
    const files = schemaFilesOf(project);
    if (files.length === 0) return Promise.resolve("There is no schema to build a scratch database from: no migrations, no Prisma schema.");
    const key = schemaKey(project);
    const known = this.#scripts.get(key);
    if (known !== undefined) return known;
    const script = this.#scriptOf(files);
    this.#scripts.set(key, script);
    for (const oldest of [...this.#scripts.keys()].slice(0, -8)) this.#scripts.delete(oldest);
    return script;
  }

  async #scriptOf(files: readonly (readonly [string, string])[]): Promise<readonly MadeStatement[] | string> {
    if (this.#engine === undefined) {
      const { SchemaEngine } = await import("../prisma/schemaEngine.ts");
      this.#engine = new SchemaEngine(this.#options.schemaEngine);
    }
    const script = await this.#engine.script(undefined, files);
    if (!script.ok) return `The Prisma schema has errors, so there is no scratch database: ${script.reason.trim()}`;
    const [first] = files;
    const { parseSql } = await import("../sql/parse.ts");
    return madeOf([parseSql(first?.[0] ?? "schema.prisma", script.sql)]);
  }
}

const canceled = { ok: false, reason: "Canceled." } as const;

/** What a failure of a scratch database is, in words. */
export function whyNot(why: ScratchFailure): string {
  switch (why.kind) {
    case "deadline":
      return `it gave no answer in ${why.milliseconds / 1_000} s`;
    case "canceled":
      return "it was called off";
    case "crashed":
      return why.message;
    case "refused":
      return why.failure.message;
  }
}
