/**
 * Asks Prisma's own schema engine (WebAssembly, in a worker thread) whether a schema is valid. What misses its deadline
 * is killed with its thread, and the next question starts a new one; nothing here ever rejects.
 */
import type { Worker } from "node:worker_threads";
import type { Problem } from "../text/problem.ts";
import { startWorker } from "../threads/workerThread.ts";
import { blankForPrisma7 } from "./blankUrls.ts";
import type { ValidationRequest } from "./validateWorker.ts";

export interface SchemaText {
  readonly uri: string;
  readonly text: string;
}

export type Validation =
  | {
      readonly timedOut: false;
      /** The files it is about: those of a newer question when it superseded this one. */
      readonly files: readonly SchemaText[];
      /** One entry for every file. */
      readonly problems: ReadonlyMap<string, readonly Problem[]>;
      /** What `get_datamodel` answers (the datamodel of the DMMF); undefined when not asked for, or the schema is not valid. */
      readonly datamodel: unknown;
    }
  | { readonly timedOut: true };

export interface ValidationOptions {
  /** Of the project's Prisma: connection URLs and preview features of 5 and 6 are no faults there. */
  readonly major: number;
  readonly wantsDatamodel?: boolean;
}

export interface ValidatorOptions {
  /** The worker's script: `validateWorker.ts` in the sources (the default), `prismaWorker.js` beside a bundle. */
  readonly worker?: URL;
  /** Milliseconds for one validation, once the thread runs; 5,000 by default. */
  readonly deadline?: number;
}

/** Loading the script and the engine in a new thread, on a busy machine. */
const startMilliseconds = 15_000;
/** A thread that waits longer than this for the next question ends: it holds a hundred megabytes. */
const idleMilliseconds = 60_000;

interface Question {
  files: readonly SchemaText[];
  options: ValidationOptions;
  readonly answer: Promise<Validation>;
  readonly settle: (validation: Validation) => void;
}

export class PrismaValidator {
  readonly #script: URL;
  readonly #deadline: number;
  /** By the URIs of their files, in the order they came. */
  readonly #waiting = new Map<string, Question>();
  #running: Promise<void> | undefined;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(options: ValidatorOptions = {}) {
    this.#script = options.worker ?? new URL("validateWorker.ts", import.meta.url);
    this.#deadline = options.deadline ?? 5_000;
  }

  /**
   * Validates the files of one schema together. A newer question about the same files supersedes one that still waits:
   * both get the newer one's answer.
   */
  validate(files: readonly SchemaText[], options: ValidationOptions): Promise<Validation> {
    if (this.#isDisposed) return Promise.resolve({ timedOut: true });
    const key = files.map((file) => file.uri).join("\n");
    let question = this.#waiting.get(key);
    if (question === undefined) {
      question = newQuestion(files, options);
      this.#waiting.set(key, question);
    } else {
      question.files = files;
      question.options = { ...options, wantsDatamodel: options.wantsDatamodel === true || question.options.wantsDatamodel === true };
    }
    this.#running ??= this.#work();
    return question.answer;
  }

  /** Ends the thread. What is underway or waits is answered as timed out. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.#kill();
    await this.#running;
  }

  async #work(): Promise<void> {
    // Calls of one turn come together, so that the last of them supersedes the others.
    await Promise.resolve();
    for (let next = this.#next(); next !== undefined; next = this.#next()) next.settle(await this.#ask(next));
    // At once: whoever was just answered may already ask again.
    this.#running = undefined;
  }

  #next(): Question | undefined {
    for (const [key, question] of this.#waiting) {
      this.#waiting.delete(key);
      return question;
    }
    return undefined;
  }

  async #ask({ files, options }: Question): Promise<Validation> {
    clearTimeout(this.#idle);
    const worker = this.#isDisposed ? undefined : (this.#worker ?? (await this.#start()));
    if (worker === undefined) return { timedOut: true };
    const reply = await this.#send(worker, {
      files: files.map(({ uri, text }) => [uri, options.major < 7 ? blankForPrisma7(text) : text]),
      wantsDatamodel: options.wantsDatamodel ?? false,
    });
    if (isAnswer(reply)) {
      this.#idle = setTimeout(() => void this.#kill(), idleMilliseconds).unref();
      const datamodel: unknown = reply.datamodel === undefined ? undefined : JSON.parse(reply.datamodel);
      return { timedOut: false, files, problems: problemsByUri(files, JSON.parse(reply.diagnostics), options.major), datamodel };
    }
    await this.#kill();
    return isPanic(reply) ? { timedOut: false, files, problems: panicProblems(files, reply.message), datamodel: undefined } : { timedOut: true };
  }

  async #send(worker: Worker, request: ValidationRequest): Promise<unknown> {
    // Only a thread that works keeps the process alive.
    worker.ref();
    worker.postMessage(request, []);
    const reply = await nextMessage(worker, this.#deadline);
    worker.unref();
    return reply;
  }

  async #start(): Promise<Worker | undefined> {
    const worker = startWorker(this.#script, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    this.#worker = worker;
    if ((await nextMessage(worker, startMilliseconds)) === "ready") return worker;
    await this.#kill();
    return undefined;
  }

  async #kill(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

function newQuestion(files: readonly SchemaText[], options: ValidationOptions): Question {
  let settle: Question["settle"] = () => undefined;
  const answer = new Promise<Validation>((resolve) => (settle = resolve));
  return { files, options, answer, settle };
}

/** The next message of the worker; undefined when it fails or ends, or takes longer than `milliseconds`. */
function nextMessage(worker: Worker, milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => {
    const settle = (message: unknown): void => {
      clearTimeout(timer);
      worker.off("message", settle).off("error", failed).off("exit", failed);
      // What a dying worker still says must not become an uncaught error.
      worker.on("error", () => undefined);
      resolve(message);
    };
    const failed = (): void => settle(undefined);
    const timer = setTimeout(failed, milliseconds);
    worker.on("message", settle).on("error", failed).on("exit", failed);
  });
}

function isAnswer(reply: unknown): reply is { readonly diagnostics: string; readonly datamodel: string | undefined } {
  return typeof reply === "object" && reply !== null && "kind" in reply && reply.kind === "answer";
}

function isPanic(reply: unknown): reply is { readonly message: string } {
  return typeof reply === "object" && reply !== null && "kind" in reply && reply.kind === "panic";
}

/** Preview features come and go with versions; about those of 5 and 6 the engine of 7 knows nothing. */
const aboutPreviewFeature = /^(?:The )?preview feature "/i;

function problemsByUri(files: readonly SchemaText[], diagnostics: unknown, major: number): Map<string, Problem[]> {
  const problems = new Map<string, Problem[]>(files.map(({ uri }) => [uri, []]));
  for (const diagnostic of Array.isArray(diagnostics) ? diagnostics.filter(isDiagnostic) : []) {
    const message = diagnostic.text.trim();
    if (major < 7 && aboutPreviewFeature.test(message)) continue;
    problems.get(diagnostic.file_name)?.push({
      span: { start: diagnostic.start, end: diagnostic.end },
      message,
      severity: diagnostic.is_warning ? "warning" : "error",
      code: "prisma-validation",
    });
  }
  return problems;
}

interface Diagnostic {
  readonly file_name: string;
  /** UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly is_warning: boolean;
}

function isDiagnostic(value: unknown): value is Diagnostic {
  return (
    typeof value === "object" &&
    value !== null &&
    "file_name" in value &&
    typeof value.file_name === "string" &&
    "start" in value &&
    typeof value.start === "number" &&
    "end" in value &&
    typeof value.end === "number" &&
    "text" in value &&
    typeof value.text === "string" &&
    "is_warning" in value
  );
}

function panicProblems(files: readonly SchemaText[], message: string): Map<string, Problem[]> {
  const problems = new Map<string, Problem[]>(files.map(({ uri }) => [uri, []]));
  const first = files[0];
  if (first !== undefined) {
    const text = `Prisma's schema engine failed on this schema (${message.split("\n", 1)[0] ?? ""}). Its own validation is missing until the schema changes.`;
    problems.set(first.uri, [{ span: { start: 0, end: 0 }, message: text, severity: "warning", code: "prisma-engine" }]);
  }
  return problems;
}
