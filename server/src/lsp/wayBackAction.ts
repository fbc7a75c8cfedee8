/** An action that writes the way back of a migration that has none, where its rule misses one: read off what the migration does. */
import type { CodeAction } from "vscode-languageserver/node";
import type * as WaysBack from "../migrations/wayBack.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import { downPaths } from "../sql/downPaths.ts";
import { foldOptionsOf } from "../workspace/check.ts";
import { sendingOf } from "../workspace/migrations.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import type { Client } from "./client.ts";
import { workspaceEditOf } from "./toEdit.ts";

/** What the action carries until somebody takes it. */
export interface WayBackTarget {
  /** Of the migration. */
  readonly wayBackOf: string;
}

export function wayBackTarget(data: unknown): WayBackTarget | undefined {
  return typeof data === "object" && data !== null && "wayBackOf" in data && typeof data.wayBackOf === "string" ? { wayBackOf: data.wayBackOf } : undefined;
}

/** Where it is to stand; undefined for files that hold both ways, and for what is no migration. */
export function* wayBackPath(uri: string, snapshot: Snapshot): Steps<string | undefined> {
  const [project] = yield* snapshot.projectsOf(uri);
  const path = pathOfUri(uri);
  const text = snapshot.file(uri)?.text;
  if (project?.history === undefined || path === undefined || text === undefined || /^[ \t]*--[ \t]*(?:\+(?:goose|migrate)|migrate:(?:up|down))\b/im.test(text)) return undefined;
  const candidates = downPaths(path);
  // Supabase's own command line runs every file beside the migration.
  return project.history.kind === "supabase" ? candidates.find((candidate) => /[\\/]down[\\/]/.test(candidate)) : candidates[0];
}

/** What writes it is read only now. */
export function* withWayBack(action: CodeAction, { wayBackOf: uri }: WayBackTarget, snapshot: Snapshot, client: Client): Steps<CodeAction | Promise<CodeAction>> {
  const [project] = yield* snapshot.projectsOf(uri);
  const path = yield* wayBackPath(uri, snapshot);
  if (project === undefined || path === undefined) return action;
  const { sqlFiles } = yield* snapshot.check(project);
  const at = sqlFiles.findIndex((file) => file.uri === uri);
  const migration = sqlFiles[at];
  if (migration === undefined) return action;
  const write = async (): Promise<CodeAction> => {
    const { wayBackOf }: typeof WaysBack = await import("../migrations/wayBack.ts");
    const { text } = wayBackOf(migration, sqlFiles.slice(0, at), foldOptionsOf(project), sendingOf(project, uri, migration.text));
    const edit = workspaceEditOf([{ kind: "create", uri: uriOfPath(path), text: text.trim() === "" ? "-- Nothing is to be undone.\n" : text }], snapshot, client);
    return edit === undefined ? action : { ...action, edit };
  };
  return write();
}
