/** Where SQL that a fix writes may stand: in the file itself, or in a new migration behind the ones that have run. */
import { basename, dirname, join } from "node:path";
import type { SqlPlacement } from "../edits/renderContext.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import { sendingOf } from "./migrations.ts";
import type { History, Project } from "./projects.ts";

/** The name of what fixes add to a history, where nothing better is known. */
const usualName = "database_architect_fixes";

/** A migration may have run already, so it is never edited; a file that is the schema is. */
export function sqlPlacementOf(uri: string, project: Project, now: Date, migrationName?: string): SqlPlacement {
  const { history } = project;
  if (history === undefined || history.kind === "schema" || history.kind === "loose") return { kind: "inPlace" };
  const path = uri.endsWith(".prisma") || history.uris.includes(uri) ? nextMigration(history, now, migrationName) : undefined;
  return path === undefined ? { kind: "inPlace" } : { kind: "newMigration", uri: uriOfPath(path), sending: sendingOf(project, uriOfPath(path), "") };
}

/** The path of the migration that runs next, in the form of the others. `migrationName` is of letters, digits and underscores. */
export function nextMigration({ kind, root, uris }: Pick<History, "kind" | "root" | "uris">, now: Date, migrationName = usualName): string {
  const last = pathOfUri(uris.at(-1) ?? "");
  if (kind === "prisma") {
    const stamp = later(now, last === undefined ? "" : basename(dirname(last)));
    return join(root, `${stamp}_${migrationName}`, "migration.sql");
  }
  const name = last === undefined ? "" : basename(last);
  // Tools that can go back keep two files a step.
  const end = name.endsWith(".up.sql") ? ".up.sql" : ".sql";
  const number = /^(\D*)(\d+)/.exec(name);
  if (kind === "supabase" || number === null || (number[2]?.length ?? 0) >= 14)
    return join(root, `${later(now, name)}_${migrationName}${end}`);
  const [, prefix = "", digits = ""] = number;
  const next = (BigInt(digits) + 1n).toString().padStart(digits.length, "0");
  const separator = name.startsWith("__", prefix.length + digits.length)
    ? "__"
    : (name[prefix.length + digits.length] ?? "_").replace(".", "_");
  return join(last === undefined ? root : dirname(last), `${prefix}${next}${separator}${migrationName}${end}`);
}

/** `now` as `yyyymmddhhmmss` in UTC, or the second after the last migration's when that one is of the future. */
function later(now: Date, last: string): string {
  const stamp = now.toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const digits = /^\d{14}/.exec(last)?.[0];
  return digits === undefined || digits < stamp ? stamp : String(Number(digits) + 1);
}
