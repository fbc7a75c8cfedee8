/**
 * Addresses of databases in the files of a workspace: variables of `.env` files, and texts in Prisma configurations and
 * datasources. Read as text and syntax trees, never executed.
 */
import { basename, dirname, join, relative } from "node:path";
import type { ConnectionSource, FoundAddress } from "../../../protocol/src/connections.ts";
import { parseAddress } from "../database/address.ts";
import { DatabaseError } from "../database/databaseError.ts";
import { datasourceAddresses } from "../prisma/datasource.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import { readPrismaConfig } from "../prisma/readConfig.ts";
import { WorkspaceFolder } from "../prisma/workspaceFolder.ts";
import type { FileHost } from "../text/fileHost.ts";
import { factsOf } from "./addressFacts.ts";
import { isEnvFile, readEnvFile } from "./envFile.ts";

/** Everything below the folders (absolute paths), in the order of paths; no passwords. */
export function findAddressesIn(files: FileHost, roots: readonly string[]): readonly FoundAddress[] {
  const found = new Map<string, FoundAddress>();
  for (const root of roots) {
    for (const path of sourceFiles(files, root)) {
      const file = files.readText(path);
      if (!file.ok || file.text.length > mostCharacters) continue;
      const name = relative(root, path).replaceAll("\\", "/");
      for (const [variable, text] of addressesIn(path, file.text)) {
        if (found.size < mostAddresses) found.set(`${path}\0${variable}`, describedAddress(name, path, variable, text));
      }
    }
  }
  return [...found.values()];
}

/** Longer ones are no configuration. */
const mostCharacters = 1_000_000;
const mostAddresses = 50;

/** The address that a source names now; undefined when the file, or what it named, is gone. */
export function addressAt(source: ConnectionSource, readFile: (uri: string) => string | undefined): string | undefined {
  if (source.kind !== "env" && source.kind !== "prisma") return undefined;
  const path = pathOfUri(source.uri);
  const text = readFile(source.uri);
  if (path === undefined || text === undefined) return undefined;
  return addressesIn(path, text).get(source.kind === "env" ? source.variable : source.property);
}

function* sourceFiles(files: FileHost, root: string): Generator<string> {
  for (const { path, entries } of new WorkspaceFolder(files, root).folders()) {
    for (const { name, kind, isLink } of entries) {
      // A link could lead out of the workspace.
      if (kind === "file" && isLink !== true && (isEnvFile(name) || isConfig(name) || name.endsWith(".prisma"))) yield join(path, name);
      if (kind === "folder" && name === ".config" && isLink !== true) {
        for (const entry of files.list(join(path, name)) ?? []) if (entry.kind === "file" && /^prisma7?\./.test(entry.name)) yield join(path, name, entry.name);
      }
    }
  }
}

function isConfig(name: string): boolean {
  return /^prisma7?\.config\.[cm]?[jt]s$/.test(name);
}

/** By variable or property. Only what is an address of a database, or means to be Prisma's. */
function addressesIn(path: string, text: string): ReadonlyMap<string, string> {
  const name = basename(path);
  if (isEnvFile(name)) return new Map([...readEnvFile(text)].filter(([, value]) => /^(?:jdbc:)?(?:postgres(?:ql)?|prisma(?:\+postgres)?):/.test(value)));
  if (name.endsWith(".prisma")) return datasourceAddresses(text);
  return readPrismaConfig(path, text).addresses;
}

function describedAddress(file: string, path: string, variable: string, text: string): FoundAddress {
  try {
    const address = parseAddress(text);
    const uri = uriOfPath(path);
    const source: ConnectionSource = isEnvFile(basename(path)) ? { kind: "env", uri, variable } : { kind: "prisma", uri, property: variable };
    return { source, file, variable, facts: factsOf(address, dirname(path)), environment: address.guess.environment, notes: address.notes };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { file, variable, problem: `${error.message.replace(/^The address of the database is not usable\. /, "")} ${error.hint ?? ""}`.trim() };
  }
}
