/** Asks Prisma's own schema engine whether a schema is valid. Nothing here ever rejects. */
import type { Problem } from "../text/problem.ts";
import { blankForPrisma7 } from "./blankUrls.ts";
import type { EngineThread } from "./engineThread.ts";

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

interface Question {
  files: readonly SchemaText[];
  options: ValidationOptions;
  readonly answer: Promise<Validation>;
  readonly settle: (validation: Validation) => void;
}

export class PrismaValidator {
  readonly #engine: EngineThread;
  /** By the URIs of their files, in the order they came. */
  readonly #waiting = new Map<string, Question>();
  #running: Promise<void> | undefined;

  constructor(engine: EngineThread) {
    this.#engine = engine;
  }

  /**
   * Validates the files of one schema together. A newer question about the same files supersedes one that still waits:
   * both get the newer one's answer.
   */
  validate(files: readonly SchemaText[], options: ValidationOptions): Promise<Validation> {
    if (this.#engine.isDisposed) return Promise.resolve({ timedOut: true });
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
    const reply = await this.#engine.ask({
      kind: "validate",
      files: files.map(({ uri, text }) => [uri, options.major < 7 ? blankForPrisma7(text) : text]),
      wantsDatamodel: options.wantsDatamodel ?? false,
    });
    if (reply?.kind === "panic") return { timedOut: false, files, problems: panicProblems(files, reply.message), datamodel: undefined };
    if (reply?.kind !== "answer") return { timedOut: true };
    const datamodel: unknown = reply.datamodel === undefined ? undefined : JSON.parse(reply.datamodel);
    return { timedOut: false, files, problems: problemsByUri(files, JSON.parse(reply.diagnostics), options.major), datamodel };
  }
}

function newQuestion(files: readonly SchemaText[], options: ValidationOptions): Question {
  let settle: Question["settle"] = () => undefined;
  const answer = new Promise<Validation>((resolve) => (settle = resolve));
  return { files, options, answer, settle };
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
