/** `migrate pull`: the schema of a database, as the project writes it. */
import { dirname, join, relative, resolve } from "node:path";
import { pathOfUri } from "../prisma/fileUris.ts";
import { SchemaEngine } from "../prisma/schemaEngine.ts";
import { pullPrisma, pullSql } from "../migrations/run/pull.ts";
import { schemaEngineWorker, scratchAssets } from "../workspace/assets.ts";
import { couldNot, type Ended } from "./migrateContext.ts";
import type { RunCommand } from "./migrateRunCommand.ts";

export async function pullSchema(command: RunCommand): Promise<Ended> {
  const { given, context, project, surroundings } = command;
  const { folder } = surroundings;
  const output = given.output === undefined ? undefined : resolve(folder, given.output);
  const isPrisma = output === undefined ? project.checked.prismaFiles.length > 0 || project.history.place.kind === "prisma" : !output.endsWith(".sql");
  if (!isPrisma) {
    const pulled = await pullSql(context);
    if (!pulled.ok) return couldNot(pulled.reason);
    return written(command, [{ path: output, text: pulled.value.text }], pulled.value.gaps);
  }
  const files = project.checked.prismaFiles.map(({ uri, text }) => ({ path: pathOfUri(uri) ?? uri, text }));
  const engine = new SchemaEngine({ worker: schemaEngineWorker, assets: scratchAssets, deadline: 60_000 });
  const pulled = await pullPrisma(context, engine, files).finally(() => engine.close());
  if (!pulled.ok) return couldNot(pulled.reason);
  const pulledFiles = pulled.value.files;
  const [only, ...others] = pulledFiles;
  if (output?.endsWith(".prisma") === true && others.length > 0) return couldNot(`The schema has ${pulledFiles.length} files: name a folder for them, ${dirname(output)}.`);
  const root = commonFolder(pulledFiles.map(({ path }) => path));
  const places = pulledFiles.map((file) => {
    if (output !== undefined) return { path: file === only && others.length === 0 ? output : join(output, relative(root, file.path)), text: file.text };
    return { path: undefined, text: others.length === 0 ? file.text : `// ${relative(root, file.path)}\n${file.text}` };
  });
  return written(command, places, pulled.value.warnings === undefined ? [] : [pulled.value.warnings.trim()]);
}

/** The deepest folder that holds all of them. */
function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0] ?? "");
  while (!paths.every((path) => path.startsWith(join(folder, "/"))) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** Onto the standard output, or into files that are not there, or may be written over with --yes. */
function written(command: RunCommand, files: readonly { readonly path: string | undefined; readonly text: string }[], notes: readonly string[]): Ended {
  const { given, surroundings } = command;
  if (given.format === "json") return command.ended(0, [], { files, notes });
  if (given.isDryRun || files.some(({ path }) => path === undefined)) return { status: 0, output: files.map(({ text }) => text).join("\n"), complaints: notes };
  for (const { path = "", text } of files) {
    const isThere = surroundings.host.stat(path) !== "missing";
    if (isThere && !given.saysYes) return couldNot(`${path} is there already. Say --yes to write over it.`);
    if (isThere) surroundings.write(path, text);
    else surroundings.create(path, text);
  }
  return { status: 0, output: files.map(({ path }) => `Wrote ${path}\n`).join(""), complaints: notes };
}
