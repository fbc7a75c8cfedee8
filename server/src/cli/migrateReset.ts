/** `migrate reset`. */
import { planReset, reset } from "../migrations/run/reset.ts";
import { couldNot, type Ended } from "./migrateContext.ts";
import type { RunCommand } from "./migrateRunCommand.ts";
import { obstacleText, outcomeLines } from "./migrateRunText.ts";

export async function resetDatabase(command: RunCommand): Promise<Ended> {
  const { given, context, surroundings, signal } = command;
  const { folder } = surroundings;
  const planned = await planReset(context);
  if (!planned.ok) return couldNot(planned.reason);
  const { obstacles, question, schemas, migrations, notes } = planned.value;
  const plan = { schemas, migrations, obstacles, question, notes };
  const isConfirmed = given.confirmed === question.database;
  if (obstacles.length > 0 || given.isDryRun || !isConfirmed) {
    const lines = [question.message, ...notes, ...obstacles.map((obstacle) => `Stops it: ${obstacleText(obstacle, folder)}`)];
    if (obstacles.length === 0) lines.push(`Then ${migrations.length === 1 ? "1 migration runs" : `${migrations.length} migrations run`}.`);
    if (obstacles.length === 0 && !isConfirmed) lines.push(`Say --confirm ${question.database} if that is meant.`);
    return command.ended(obstacles.length === 0 && given.isDryRun ? 0 : 1, [...lines, given.isDryRun ? "A dry run: nothing was changed." : "Nothing was changed."], { plan, outcome: null });
  }
  const ran = await reset(context, planned.value, given.confirmed ?? "", { signal, onEvent: (event) => command.hear(event) });
  if (!ran.ok) return couldNot(ran.reason);
  const done = `${question.database} is empty and built again: ${ran.value.done.length === 1 ? "1 migration" : `${ran.value.done.length} migrations`} applied.`;
  return command.ended(ran.value.ok ? 0 : 1, ran.value.ok ? [done] : outcomeLines(ran.value, folder), { plan, outcome: ran.value, events: command.events });
}
