/**
 * At most two connections a target, over the whole process and whoever opens them: what comes beyond waits its turn. A
 * connection that is open and does nothing gives way to who waits.
 */
import { DatabaseError } from "./databaseError.ts";

/** One for looking, one for what somebody asked for. */
export const mostConnections = 2;

/** One of a target's connections, from before it is opened until it is gone. */
export interface Slot {
  /** Called when somebody waits for a connection: who does nothing with this one should close it. */
  onWanted(listener: () => void): void;
  /** May be called again. */
  release(): void;
}

interface Waiting {
  give(slot: Slot): void;
}

class Target {
  readonly held = new Set<{ wanted: () => void }>();
  readonly waiting = new Set<Waiting>();
}

const targets = new Map<string, Target>();

/**
 * Waits until the target has a connection left. `name` is for people.
 *
 * @throws DatabaseError when that took too long, or `signal` was aborted.
 */
export async function takeSlot(key: string, name: string, patienceMs: number, signal?: AbortSignal): Promise<Slot> {
  const target = targets.get(key) ?? new Target();
  targets.set(key, target);
  if (target.held.size < mostConnections) return hold(key, target);
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      target.waiting.delete(waiting);
    };
    const fail = (reason: string, hint: string): void => {
      leave();
      reject(new DatabaseError(reason, { hint }));
    };
    const abort = (): void => fail(`Waiting for a connection to ${name} was called off.`, "");
    const timer = setTimeout(() => fail(`Both connections to ${name} are busy.`, "Cancel what is running there, or try again when it has ended."), patienceMs);
    const waiting: Waiting = {
      give(slot) {
        leave();
        resolve(slot);
      },
    };
    target.waiting.add(waiting);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted === true) return abort();
    for (const { wanted } of [...target.held]) wanted();
  });
}

function hold(key: string, target: Target): Slot {
  const held = { wanted: (): void => undefined };
  target.held.add(held);
  return {
    onWanted(listener) {
      held.wanted = listener;
      if (target.waiting.size > 0) listener();
    },
    release() {
      if (!target.held.delete(held)) return;
      const [next] = target.waiting;
      if (next !== undefined) next.give(hold(key, target));
      else if (target.held.size === 0) targets.delete(key);
    },
  };
}
