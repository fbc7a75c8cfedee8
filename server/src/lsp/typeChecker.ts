/**
 * Asks scratch databases about the queries of open documents when typing pauses: one round at a time, nobody waits for it.
 * A change meanwhile starts another round; what was answered holds, for answers are kept by the queries' texts.
 */
import { described, noticesOf } from "../lab/describe.ts";
import type { LabAccess } from "../lab/labs.ts";
import { finishInSlices, unlessAbandoned } from "../workspace/steps.ts";
import type { TypeCheck, TypeChecked, TypeCheckTask } from "../workspace/typeChecks.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Activity } from "./activity.ts";

export interface TypeCheckerOptions {
  readonly workspace: Workspace;
  readonly labs: LabAccess;
  readonly activity: Activity;
  /** Diagnostics of open documents changed, though no document did. */
  announce(): void;
  log(what: string, error: unknown): void;
}

/** Of a database that starts first, as many are told of before the rest is asked. */
const batch = 25;

export class TypeChecker {
  readonly #options: TypeCheckerOptions;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;

  constructor(options: TypeCheckerOptions) {
    this.#options = options;
  }

  /** Begins `delay` milliseconds after the last call. */
  wake(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.#ending.signal.aborted) this.#timer = setTimeout(() => this.#start(), delay).unref();
  }

  async dispose(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #start(): void {
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    const { workspace, log } = this.#options;
    while (this.#isWanted && !this.#ending.signal.aborted) {
      this.#isWanted = false;
      const snapshot = workspace.snapshot();
      const isStale = (): boolean => this.#ending.signal.aborted || workspace.snapshot() !== snapshot;
      try {
        const tasks = await unlessAbandoned(finishInSlices(snapshot.typeCheckTasks(), isStale));
        // Somebody types: their change has its own delay.
        for (const task of tasks ?? []) await this.#check(task);
      } catch (error) {
        log("the type check of queries", error);
      }
    }
  }

  async #check(task: TypeCheckTask): Promise<void> {
    const { labs, activity } = this.#options;
    const { signal } = this.#ending;
    const end = labs.isUp(task.checked) ? undefined : activity.begin();
    const lab = await labs.database(task.checked, signal).finally(() => end?.());
    if (signal.aborted) return;
    if (!lab.ok) return this.#takeIn(task, { ...nothing, key: task.key, isUnavailable: true, notices: lab.reason === "" ? [] : [`Queries of ${task.project.name} are not type-checked. ${lab.reason}`] });
    const notices = noticesOf(task.project.name, lab);
    for (let from = 0; from < task.texts.length && !this.#isWanted; from += batch) {
      const answers = new Map<string, TypeCheck>();
      for (const text of task.texts.slice(from, from + batch)) {
        const answer = await described(lab, text, signal);
        if (signal.aborted) return;
        answers.set(text, answer);
      }
      this.#takeIn(task, { key: task.key, answers, isLacking: lab.lacking.length > 0, isUnavailable: false, notices });
    }
  }

  /** Tells the editor only when something else is to be shown. */
  #takeIn({ project }: TypeCheckTask, typeChecked: TypeChecked): void {
    const { workspace, announce } = this.#options;
    const before = workspace.snapshot().typeChecked(project);
    workspace.applyChange({ kind: "typeChecked", project: project.id, typeChecked });
    const isRefused = [...typeChecked.answers.values()].some(({ kind }) => kind === "refused");
    const isSchemaNew = before !== undefined && before.key !== typeChecked.key;
    if (isRefused || isSchemaNew || before?.notices.join() !== typeChecked.notices.join()) announce();
  }
}

const nothing = { answers: new Map<string, TypeCheck>(), isLacking: false } as const;
