/** The test files that take longest, slowest first, so that no process is left with one of them at the end. `npm test` prints them when it has ended. */
export const slowFiles: readonly string[] = [];
