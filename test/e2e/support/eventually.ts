/** Waiting for what no event announces: looked at again and again, within the time that anything may take here. */
import { setTimeout } from "node:timers/promises";

const patienceMs = 60_000;

export async function expectEventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + patienceMs; performance.now() < end; ) {
    if (await isSo()) return;
    await setTimeout(50);
  }
  throw new Error(`${what} did not come within ${patienceMs / 1000} s.`);
}
