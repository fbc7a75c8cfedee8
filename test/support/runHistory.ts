/** A history of files on the disk and a database to run it on: what the commands have in their hands. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type HistoryKind, type MigrationHistory, readHistory } from "../../server/src/migrations/history.ts";
import type { RunContext } from "../../server/src/migrations/run/runContext.ts";
import type { Sending } from "../../server/src/model/migration/migration.ts";
import { uriOfPath } from "../../server/src/prisma/fileUris.ts";
import { nodeFiles } from "../../server/src/workspace/nodeFiles.ts";
import { scratchOptions } from "./scratch.ts";

/** The folder as it is now. */
export function historyIn(root: string, kind: HistoryKind, sending: Sending = kind === "prisma" ? "message" : kind === "supabase" ? "transaction" : "each"): MigrationHistory {
  const names = readdirSync(root).sort();
  const paths = kind === "prisma" ? names.map((name) => join(root, name, "migration.sql")).filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true) : names.filter((name) => name.endsWith(".sql") && !name.endsWith(".down.sql")).map((name) => join(root, name));
  return readHistory({ kind, root, uris: paths.map(uriOfPath) }, nodeFiles(), () => sending);
}

export async function contextFor(root: string, url: string, options: Partial<RunContext> & { readonly kind?: HistoryKind; readonly sending?: Sending } = {}): Promise<RunContext> {
  const { kind = "prisma", sending, ...rest } = options;
  return { history: historyIn(root, kind, sending), foldOptions: {}, settings: { url }, scratch: await scratchOptions(), ...rest };
}
