/**
 * Long work as a chain of small steps. A computation is written once, as a generator that yields where it could pause;
 * the command line runs it to its end, the language server a few milliseconds at a time, looking at the outside in between.
 */

/** Work that yields wherever it may be paused or given up; `"wait"` where it cannot go on before others have. */
export type Steps<T> = Generator<"wait" | undefined, T, undefined>;

/** Thrown where work was given up: nobody waits for it any more, or what it worked on has changed. */
export class Abandoned extends Error {
  constructor() {
    super("The work was given up.");
    this.name = "Abandoned";
  }
}

/**
 * The result, computed without a pause: for who has the workspace alone.
 *
 * @throws Error when it waits for others, who cannot go on before this returns.
 */
export function finish<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (step.value === "wait") throw new Error("What is asked for is being computed, in slices: it can only be waited for.");
  }
}

/** Milliseconds of work before the event loop turns: Node sees a cancel only then, and promises do not turn it. */
const slice = 10;

/**
 * The result, computed in slices.
 *
 * @throws Abandoned at the first pause at which `isAbandoned` answers true.
 */
export async function finishInSlices<T>(work: Steps<T>, isAbandoned: () => boolean): Promise<T> {
  const kept = keepResult(work);
  let started = performance.now();
  // Leaving the loop by a throw ends the generator, which lets go of what it holds.
  for (const step of kept.steps) {
    if (step !== "wait" && performance.now() - started < slice) continue;
    await turn();
    if (isAbandoned()) throw new Abandoned();
    started = performance.now();
  }
  return kept.result();
}

/** The result; undefined when the work was given up. */
export async function unlessAbandoned<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Abandoned) return undefined;
    throw error;
  }
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** `for … of` drops what a generator returns; this keeps it. */
function keepResult<T>(work: Steps<T>): { readonly steps: Steps<void>; result(): T } {
  const results: T[] = [];
  return {
    steps: (function* () {
      results.push(yield* work);
    })(),
    result() {
      for (const result of results) return result;
      throw new Error("The work has not come to its end.");
    },
  };
}
