/**
 * Work that nobody waits for, begun when typing pauses: the schema engine's validation, statements too large to parse
 * at once, and telling the client that there is news. One round at a time; a change that comes meanwhile starts another.
 */
import type { PrismaValidator } from "../prisma/validate.ts";
import type { LargeStatementParser } from "../sql/largeStatements.ts";
import type { SqlFile } from "../sql/syntax.ts";
import { finishInSlices, type Steps, unlessAbandoned } from "../workspace/steps.ts";
import type { Project } from "../workspace/projects.ts";
import type { Snapshot, ValidationTask } from "../workspace/snapshot.ts";
import type { Validated } from "../workspace/validation.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Activity } from "./activity.ts";

export interface BackgroundOptions {
  readonly workspace: Workspace;
  readonly validator: PrismaValidator;
  readonly largeStatements: LargeStatementParser;
  readonly activity: Activity;
  /** Sends out what is known now; awaited. */
  tell(isStale: () => boolean): Promise<void>;
  /** Diagnostics changed although no document did. */
  announce(): void;
  log(what: string, error: unknown): void;
}

export class Background {
  readonly #options: BackgroundOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #isNews = false;
  #isDisposed = false;

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** Begins `delay` milliseconds after the last call. `isNews`: diagnostics have changed elsewhere than where somebody types. */
  wake(delay: number, isNews = false): void {
    clearTimeout(this.#timer);
    this.#isNews ||= isNews;
    if (!this.#isDisposed) this.#timer = setTimeout(() => this.#start(), delay);
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    await this.#options.largeStatements.dispose();
  }

  #start(): void {
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#isDisposed) {
      this.#isWanted = false;
      const end = this.#options.activity.begin();
      try {
        await this.#round();
      } catch (error) {
        this.#options.log("background work", error);
      } finally {
        end();
      }
    }
  }

  async #round(): Promise<void> {
    const { workspace, tell, announce } = this.#options;
    if (this.#isNews) announce();
    this.#isNews = false;
    const snapshot = workspace.snapshot();
    const isStale = (): boolean => this.#isDisposed || this.#isWanted || workspace.snapshot() !== snapshot;
    const tasks = await unlessAbandoned(finishInSlices(snapshot.validationTasks(), isStale));
    // The schema engine has a thread of its own: it works while the rules run in this one.
    const validating = this.#validateAll(tasks ?? []);
    await tell(isStale);
    const large = (await unlessAbandoned(finishInSlices(unfinished(snapshot), isStale))) ?? [];
    let hasNews = false;
    // Taken in only now: a change of the workspace would have cut the telling short.
    for (const answer of await validating) hasNews = this.#takeIn(answer) || hasNews;
    for (const uri of large) hasNews = (await this.#readLarge(uri)) || hasNews;
    if (!hasNews || this.#isDisposed) return;
    announce();
    this.#isWanted = true;
  }

  /** Reads the statements of a file that were too large, if it is still the same. */
  async #readLarge(uri: string): Promise<boolean> {
    const { workspace, largeStatements } = this.#options;
    const before = workspace.snapshot().file(uri)?.text;
    const tree = await unlessAbandoned(finishInSlices(workspace.snapshot().tree(uri), () => this.#isDisposed));
    if (tree?.kind !== "sql" || tree.file.pending.length === 0) return false;
    await largeStatements.complete(tree.file);
    if (this.#isDisposed || workspace.snapshot().file(uri)?.text !== before) return false;
    workspace.applyChange({ kind: "statementsRead", uri });
    return true;
  }

  async #validateAll(tasks: readonly ValidationTask[]): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    for (const { project, major, texts } of tasks) {
      try {
        const files = [...texts].map(([uri, text]) => ({ uri, text }));
        const validation = await this.#options.validator.validate(files, { major });
        answers.push({ project, validated: { texts, problems: validation.timedOut ? "timedOut" : validation.problems } });
      } catch (error) {
        this.#options.log("the validation of a Prisma schema", error);
      }
    }
    return answers;
  }

  /** Whether the schema engine says something else than what is shown. */
  #takeIn({ project, validated }: Answer): boolean {
    if (this.#isDisposed) return false;
    const { workspace } = this.#options;
    const before = JSON.stringify(workspace.snapshot().engineProblems(project));
    workspace.applyChange({ kind: "validated", project: project.id, validated });
    return JSON.stringify(workspace.snapshot().engineProblems(project)) !== before;
  }
}

/** What the schema engine said. */
interface Answer {
  readonly project: Project;
  readonly validated: Validated;
}

/** Files with statements that were too large to parse at once. */
function* unfinished(snapshot: Snapshot): Steps<readonly string[]> {
  const uris = new Set<string>();
  const look = (file: SqlFile): void => {
    if (file.pending.length > 0) uris.add(file.uri);
  };
  for (const project of yield* snapshot.projects()) (yield* snapshot.check(project)).sqlFiles.forEach(look);
  for (const uri of snapshot.openUris) {
    const tree = yield* snapshot.tree(uri);
    if (tree?.kind === "sql") look(tree.file);
  }
  return [...uris];
}
