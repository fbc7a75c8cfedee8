/** `migrate pull`: the schema of a database, as the project writes it. */
import { dirname, isAbsolute, join, resolve } from "node:path";
import { pathOfUri } from "../prisma/fileUris.ts";
import { SchemaEngine } from "../prisma/schemaEngine.ts";
import { pullPrisma, pullSql } from "../migrations/run/pull.ts";
import { schemaEngineWorker, scratchAssets } from "../workspace/assets.ts";
import { couldNot, type Ended } from "./migrateContext.ts";
import type { RunCommand } from "./migrateRun.ts";

export async function pullSchema(command: RunCommand): Promise<Ended> {
  const { given, context, project, surroundings } = command;
  const { folder } = surroundings;
  const output = given.output === undefined ? undefined : resolve(folder, given.output);
  const isPrisma = output === undefined ? project.checked.prismaFiles.length > 0 || project.history.place.kind === "prisma" : output.endsWith(".prisma");
  if (!isPrisma) {
    const pulled = await pullSql(context);
    if (!pulled.ok) return couldNot(pulled.reason);
    return written(command, [{ path: output, text: pulled.value.text }], pulled.value.gaps);
  }
  const files = project.checked.prismaFiles.map(({ uri, text }) => ({ path: pathOfUri(uri) ?? uri, text }));
  const engine = new SchemaEngine({ worker: schemaEngineWorker, assets: scratchAssets, deadline: 60_000 });
  const pulled = await pullPrisma(context, engine, files).finally(() => engine.close());
  if (!pulled.ok) return couldNot(pulled.reason);
  const isOne = pulled.value.files.length === 1;
  const places = pulled.value.files.map(({ path, text }) => ({ path: output === undefined ? undefined : isOne ? output : join(dirname(output), isAbsolute(path) ? path.split("/").at(-1) ?? path : path), text }));
  return written(command, places, pulled.value.warnings === undefined ? [] : [pulled.value.warnings.trim()]);
}

/** Onto the standard output, or into files that are not there, or may be written over with --yes. */
function written(command: RunCommand, files: readonly { readonly path: string | undefined; readonly text: string }[], notes: readonly string[]): Ended {
  const { given, surroundings } = command;
  if (given.format === "json") return command.ended(0, [], { files, notes });
  if (given.isDryRun || files.some(({ path }) => path === undefined)) return { status: 0, output: files.map(({ text }) => text).join("\n"), complaints: notes };
  for (const { path = "", text } of files) {
    if (surroundings.host.stat(path) !== "missing" && !given.saysYes) return couldNot(`${path} is there already. Say --yes to write over it.`);
    surroundings.write(path, text);
  }
  return { status: 0, output: files.map(({ path }) => `Wrote ${path}\n`).join(""), complaints: notes };
}
