/** Replays shared by the truth tests of a mocha process: each history is run once on each major version of PostgreSQL. */
import type { History } from "./histories.ts";
import type { PostgresMajor } from "./postgres.ts";
import { type Replay, replay } from "./replay.ts";
import { sharedPostgres } from "./sharedPostgres.ts";

const replays = new Map<string, Promise<Replay>>();

export function replayed(history: History, major: PostgresMajor = 15): Promise<Replay> {
  const id = `${history.id} ${major}`;
  let result = replays.get(id);
  if (result === undefined) {
    result = sharedPostgres(major).then((server) => replay(history, server));
    replays.set(id, result);
  }
  return result;
}
