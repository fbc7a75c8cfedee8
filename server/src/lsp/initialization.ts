/** What the client sends with `initialize` beside its abilities: folders, options. Parsed, for any editor may connect. */
import { isAbsolute } from "node:path";
import type { InitializeParams } from "vscode-languageserver/node";
import { pathOfUri } from "../prisma/fileUris.ts";
import type { Environment } from "../workspace/change.ts";

export interface Initialization {
  /** Absolute paths of the workspace folders. */
  readonly roots: readonly string[];
  readonly environment: Environment;
  /** Absolute path. */
  readonly cacheFolder: string | undefined;
  /** Unparsed. */
  readonly settings: unknown;
}

export function parseInitialization(params: InitializeParams): Initialization {
  const options: unknown = params.initializationOptions;
  const { cacheFolder, settings } = isRecord(options) ? options : {};
  return {
    roots: rootsOf(params),
    environment: environmentOf(options),
    cacheFolder: typeof cacheFolder === "string" && isAbsolute(cacheFolder) ? cacheFolder : undefined,
    settings,
  };
}

/** Of `initialize`, or of a later notification. A restricted workspace must say so. */
export function environmentOf(value: unknown): Environment {
  const given = isRecord(value) ? value : {};
  return { prismaExtensionInstalled: given["prismaExtensionInstalled"] === true, workspaceTrusted: given["workspaceTrusted"] !== false };
}

function rootsOf({ workspaceFolders, rootUri, rootPath }: InitializeParams): readonly string[] {
  if (workspaceFolders !== undefined && workspaceFolders !== null) return workspaceFolders.flatMap(({ uri }) => pathOfUri(uri) ?? []);
  if (rootUri !== null && rootUri !== undefined) return [pathOfUri(rootUri) ?? []].flat();
  return rootPath === null || rootPath === undefined ? [] : [rootPath];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
