/** `migrate seed`: the project's own seed, on the database that is meant. */
import { dirname } from "node:path";
import { parseAddress } from "../database/address.ts";
import { findSeed, runSeedCommand, runSeedSql } from "../migrations/run/seed.ts";
import { couldNot, type Ended } from "./migrateContext.ts";
import type { RunCommand } from "./migrateRunCommand.ts";

export async function seedDatabase(command: RunCommand): Promise<Ended> {
  const { given, context, project, surroundings, signal } = command;
  const { host, folder } = surroundings;
  const { prisma } = project.project;
  const around = [prisma?.root, dirname(prisma?.schemaPath ?? context.history.place.root), dirname(context.history.place.root), folder].filter((each) => each !== undefined);
  const seed = findSeed([...new Set(around)], prisma?.configFile, context.history.place.root, host);
  if (seed === undefined) return couldNot("The project names no seed: neither migrations.seed in prisma.config.ts, nor prisma.seed in package.json, nor a seed.sql beside the migrations.");
  const { guess, database, host: server } = parseAddress(context.settings.url);
  const environment = given.environment ?? guess.environment;
  const what = seed.kind === "command" ? `${seed.command} (stated in ${seed.statedIn})` : seed.path;
  if (given.isDryRun) return command.ended(0, [`Would run ${what} on ${server}/${database ?? ""}.`], { seed });
  if (environment === "production" && given.confirmed !== database) return command.ended(1, [`${server}/${database ?? ""} is taken for production. Say --confirm ${database ?? ""} if seeding that is meant. Nothing was changed.`], { seed, reason: "production" });
  if (given.format !== "json") command.say([`runs ${what}`]);
  const watching = { signal, onEvent: command.hear.bind(command) };
  const ran = seed.kind === "command" ? await runSeedCommand(seed, given.names, context.settings.url, (text) => surroundings.complain(text), signal) : await runSeedSql(context, seed, host, watching);
  if (!ran.ok) return couldNot(ran.reason);
  return command.ended(ran.value === 0 ? 0 : 1, [ran.value === 0 ? "Seeded." : `The seed ended with ${ran.value}.`], { seed, exitCode: ran.value });
}
