/**
 * The queries that the version before a migration sends: those of the commit before the one that brought it, with the calls
 * of Prisma Client compiled against the schema as it was then.
 */
import { dirname, join, sep } from "node:path";
import type { QueryCompilerOptions } from "../calls/queryCompiler.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import { parsePrisma } from "../prisma/parse.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import { isProgram } from "../sql/queries/query.ts";
import type { FileHost } from "../text/fileHost.ts";
import type { EarlierClient } from "./clients.ts";
import type { MigrationFile } from "./history.ts";
import { type Beside, queriesBeside } from "./workspaceCalls.ts";

/** The files of the commit before a file came, by its path; undefined where that is not known. */
export type FilesBefore = (path: string, isRead: (path: string) => boolean) => Promise<{ readonly commit: string; readonly host: FileHost } | undefined>;

/** Reading a commit takes a while, and nobody runs the client of long ago. */
const mostMigrations = 20;
const mostCommits = 3;

/** Answers for one migration after the other. `beside`: as it is now. */
export function earlierClients(history: readonly MigrationFile[], beside: Beside, filesBefore: FilesBefore, compiler: QueryCompilerOptions, signal?: AbortSignal): (migration: MigrationFile) => Promise<EarlierClient | undefined> {
  const newest = new Set(history.slice(-mostMigrations));
  const known = new Map<string, EarlierClient | undefined>();
  const isRead = (path: string): boolean => (isProgram(path) || /\.(?:sql|prisma)$/i.test(path)) && !path.startsWith(join(beside.except, sep));
  return async (migration) => {
    if (!newest.has(migration)) return undefined;
    const files = await filesBefore(migration.path, isRead);
    if (files === undefined) return undefined;
    if (!known.has(files.commit) && known.size < mostCommits) {
      const schema = schemaAt(files.host, beside.schema);
      // A schema that lay elsewhere says nothing of its client.
      const isThere = schema.length > 0 || beside.schema.length === 0;
      const queries = isThere ? await queriesBeside({ ...beside, schema, host: files.host }, compiler, signal) : [];
      known.set(files.commit, isThere ? { commit: files.commit.slice(0, 9), queries } : undefined);
    }
    return known.get(files.commit);
  };
}

/** The schema files in the folders of today's. */
function schemaAt(host: FileHost, now: readonly PrismaFile[]): readonly PrismaFile[] {
  const paths = new Set(now.map(({ uri }) => pathOfUri(uri) ?? ""));
  // A schema of several files is a folder.
  if (paths.size > 1) for (const folder of new Set([...paths].map((path) => dirname(path)))) for (const { name } of host.list(folder) ?? []) if (name.endsWith(".prisma")) paths.add(join(folder, name));
  return [...paths].sort().flatMap((path) => {
    const read = host.readText(path);
    return read.ok ? [parsePrisma(uriOfPath(path), read.text)] : [];
  });
}
