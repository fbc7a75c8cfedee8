/** What `database-architect explain` is given, and what comes of it. */
import type { FileHost } from "../text/fileHost.ts";

export interface ExplainOptions {
  /** Absolute. */
  readonly folder: string;
  readonly host: FileHost;
  /** Of the product. */
  readonly version: string;
  readonly signal: AbortSignal;
  /** Where scratch databases are kept. Absolute. */
  readonly cacheFolder?: string | undefined;
  /** Folder with clusters for scratch databases that have rows. Absolute. */
  readonly seededClusters?: string | undefined;
  log(what: string, error: unknown): void;
}

export type Explanation =
  | { readonly ok: true; readonly text: string; readonly hasWarnings: boolean; readonly complaints: readonly string[] }
  | { readonly ok: false; readonly reason: string };
