/**
 * Long work as a chain of small steps. A computation is written once, as a generator that yields where it could pause;
 * the command line runs it to its end, the language server a few milliseconds at a time, looking at the outside in between.
 */

/** Work that yields wherever it may be paused or given up, and returns its result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Thrown where work was given up: nobody waits for it any more, or what it worked on has changed. */
export class Abandoned extends Error {
  constructor() {
    super("The work was given up.");
    this.name = "Abandoned";
  }
}

/** The result, computed without a pause. */
export function finish<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
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
  for (;;) {
    const started = performance.now();
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() - started < slice);
    await turn();
    if (isAbandoned()) throw new Abandoned();
  }
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
