/** Above a migration: what came of proving it, as its text is now. */
import type { CodeLens } from "vscode-languageserver/node";
import { proveMigrationCommand } from "../../../protocol/src/requests.ts";
import type { KeptProofs } from "../migrations/keptProofs.ts";
import { pathOfUri } from "../prisma/fileUris.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import type { Client } from "./client.ts";

/** `uri`: of the workspace; `given`: as the client spells it. Empty for files that are no migrations. */
export function* migrationLenses(snapshot: Snapshot, uri: string, given: string, client: Client, proofs: KeptProofs): Steps<CodeLens[]> {
  if (!snapshot.settingsFor(uri).settings.codeLens || !uri.endsWith(".sql")) return [];
  const [project] = yield* snapshot.projectsOf(uri);
  const { history } = project ?? {};
  if (history === undefined || history.kind === "schema" || history.kind === "loose" || !history.uris.includes(uri)) return [];
  const tree = yield* snapshot.tree(uri);
  const path = pathOfUri(uri);
  if (tree?.kind !== "sql" || path === undefined) return [];
  const kept = proofs.find(path, tree.file.text);
  if (kept === undefined && !client.provesMigrations) return [];
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const title = kept?.text ?? "Prove this migration";
  return [{ range, command: client.provesMigrations ? { title, command: proveMigrationCommand, arguments: [given] } : { title, command: "" } }];
}
