/** Files as assistants know them: paths, relative to the folder they work in where there is one such folder. */
import { isAbsolute, relative, sep } from "node:path";
import { pathOfUri } from "../prisma/fileUris.ts";
import { nearestName } from "../text/nearestName.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";

/** Every file that findings may be in, by URI: how it is shown. */
export type Files = ReadonlyMap<string, string>;

export function* filesOf(snapshot: Snapshot): Steps<Files> {
  const folders = new Set((yield* snapshot.projects()).flatMap(({ folder }) => folder ?? []));
  const [top, ...others] = folders;
  const base = others.length === 0 ? top : undefined;
  return new Map((yield* snapshot.reportedUris()).map((uri) => [uri, shown(uri, base)]));
}

/** The file as an answer names it. */
export function shownIn(files: Files, uri: string): string {
  return files.get(uri) ?? shown(uri, undefined);
}

export type FilesAt = { readonly ok: true; readonly uris: ReadonlySet<string> } | { readonly ok: false; readonly reason: string };

/** The file that `given` names, or those in the folder it names: as an answer has it, absolute, as a URI, or the end of a path. */
export function filesAt(given: string, files: Files): FilesAt {
  const wanted = trimmed(given);
  const uris = new Set<string>();
  for (const test of [isAt, endsWith]) {
    for (const [uri, name] of files) if (test(wanted, name, uri)) uris.add(uri);
    if (uris.size > 0) return { ok: true, uris };
  }
  return { ok: false, reason: `No file that is checked is at ${JSON.stringify(given)}. ${offered(wanted, [...files.values()])}` };
}

function isAt(wanted: string, name: string, uri: string): boolean {
  const isBelow = (path: string): boolean => path === wanted || path.startsWith(`${wanted}/`);
  return wanted === "" || isBelow(name) || (isAbsolute(wanted) && isBelow(slashed(pathOfUri(uri) ?? uri))) || uri === wanted;
}

function endsWith(wanted: string, name: string): boolean {
  return name.endsWith(`/${wanted}`);
}

/** `./prisma/` is `prisma`, `.` is nothing. */
function trimmed(given: string): string {
  const path = slashed(pathOfUri(given) ?? given.trim()).replace(/^(?:\.\/)+/, "");
  return path === "." ? "" : path.length > 1 ? path.replace(/\/+$/, "") : path;
}

const mostNames = 12;

function offered(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return "Nothing is checked here: there is no Prisma schema and no SQL migration.";
  const meant = nearestName(wanted, names);
  const others = names.length > mostNames ? ` and ${names.length - mostNames} more` : "";
  return `${meant === undefined ? "" : `Did you mean ${JSON.stringify(meant)}? `}Checked are ${names.slice(0, mostNames).map((name) => JSON.stringify(name)).join(", ")}${others}.`;
}

function shown(uri: string, base: string | undefined): string {
  const path = pathOfUri(uri);
  if (path === undefined) return uri;
  const way = base === undefined ? path : relative(base, path);
  return slashed(way === "" || way.startsWith("..") ? path : way);
}

function slashed(path: string): string {
  return sep === "\\" ? path.replaceAll("\\", "/") : path;
}
