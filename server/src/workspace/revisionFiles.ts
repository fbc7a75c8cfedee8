/**
 * The files of a git revision as a file host, so that everything that reads a workspace reads that revision. Only what
 * says something about schemas is fetched, at once; files of other kinds are there by name.
 */
import { basename, dirname, join, resolve, sep } from "node:path";
import { configurationFile } from "../../../protocol/src/settings.ts";
import type { FileEntry, FileHost, FileKind, FileText } from "../text/fileHost.ts";
import { commitOf, firstLine, git, gitBytes, unknownRevision } from "./git.ts";
import { isWithin } from "./searching.ts";

export type RevisionResult = { readonly ok: true; readonly host: FileHost; readonly commit: string } | { readonly ok: false; readonly reason: string };

/**
 * `folder` is absolute and lies in the repository, all of which is there, at the same paths as in the working tree.
 * `isRead`: which files have their texts.
 */
export async function filesAtRevision(revision: string, folder: string, isRead: (path: string) => boolean = isAboutSchemas): Promise<RevisionResult> {
  const up = await git(folder, ["rev-parse", "--show-cdup"]);
  if (!up.ok) return { ok: false, reason: up.isMissing ? "There is no git on the PATH." : `${folder} is in no git repository: ${firstLine(up.message)}` };
  const top = resolve(folder, up.text.replace(/\r?\n$/, ""));
  const commit = await commitOf(revision, top);
  if (commit === undefined) return { ok: false, reason: await unknownRevision(revision, top) };
  const listed = await git(top, ["ls-tree", "-r", "-z", "--long", commit]);
  if (!listed.ok) return { ok: false, reason: `git failed: ${firstLine(listed.message)}` };
  const entries = entriesIn(listed.text).map((entry) => ({ ...entry, path: join(top, ...entry.name.split("/")) }));
  const wanted = entries.filter(({ path, size }) => isRead(path) && size <= largest);
  const texts = await blobs(top, wanted.map(({ id }) => id));
  if (!texts.ok) return texts;
  const known = new Map(wanted.map(({ path }, i) => [path, texts.texts[i] ?? ""]));
  return { ok: true, commit, host: hostOf(entries.map(({ path }) => path), known, top) };
}

/**
 * The files of the commit before the one that brought a file: of the newest one where none has. Undefined without git, and
 * where the first commit brought it. `path` is absolute.
 */
export async function filesBefore(path: string, isRead: (path: string) => boolean): Promise<{ readonly commit: string; readonly host: FileHost } | undefined> {
  const folder = dirname(dirname(path));
  const brought = await git(folder, ["log", "--diff-filter=A", "--format=%H", "-1", "--", path]);
  if (!brought.ok) return undefined;
  const commit = brought.text.trim();
  const files = await filesAtRevision(commit === "" ? "HEAD" : `${commit}^`, folder, isRead);
  return files.ok ? files : undefined;
}

/** Bytes; what is longer is nobody's schema. */
const largest = 16_000_000;

function isAboutSchemas(path: string): boolean {
  const name = basename(path);
  return /\.(?:prisma|sql|toml)$/.test(name) || /^prisma\.config\./.test(name) || /^(?:prisma|package\.json|settings\.json)$/.test(name) || name === configurationFile || path.includes(`${sep}.config${sep}`);
}

interface Entry {
  readonly name: string;
  readonly id: string;
  readonly size: number;
}

/** Of `ls-tree --long -z`: `mode type id size<TAB>name`. Symbolic links and submodules are left out. */
function entriesIn(text: string): readonly Entry[] {
  return text.split("\0").flatMap((line) => {
    const [, mode = "", id = "", size = "", name = ""] = /^(\d+) blob (\S+) +(\d+)\t(.*)$/s.exec(line) ?? [];
    return mode.startsWith("100") ? [{ name, id, size: Number(size) }] : [];
  });
}

type Blobs = { readonly ok: true; readonly texts: readonly string[] } | { readonly ok: false; readonly reason: string };

/** Of `cat-file --batch`: a line `id type size`, as many bytes, a line end, for each. */
async function blobs(folder: string, ids: readonly string[]): Promise<Blobs> {
  if (ids.length === 0) return { ok: true, texts: [] };
  const answer = await gitBytes(folder, ["cat-file", "--batch"], `${ids.join("\n")}\n`);
  if (!answer.ok) return { ok: false, reason: `git failed: ${firstLine(answer.message)}` };
  const texts: string[] = [];
  for (let at = 0; texts.length < ids.length; ) {
    const end = answer.bytes.indexOf(10, at);
    const size = Number(/ blob (\d+)$/.exec(answer.bytes.toString("latin1", at, end))?.[1]);
    if (end < 0 || Number.isNaN(size)) return { ok: false, reason: "git failed: an object of the revision is missing." };
    texts.push(answer.bytes.toString("utf8", end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return { ok: true, texts };
}

function hostOf(paths: readonly string[], texts: ReadonlyMap<string, string>, top: string): FileHost {
  const files = new Set(paths);
  const folders = new Map<string, Map<string, FileKind>>([[top, new Map()]]);
  for (const path of paths) {
    let folder = top;
    const steps = path.slice(top.length).split(sep).filter((step) => step !== "");
    for (const [i, step] of steps.entries()) {
      const kind = i === steps.length - 1 ? "file" : "folder";
      folders.get(folder)?.set(step, kind);
      folder = join(folder, step);
      if (kind === "folder" && !folders.has(folder)) folders.set(folder, new Map());
    }
  }
  const stat = (path: string): FileKind => (files.has(path) ? "file" : folders.has(path) || isWithin(path, top) ? "folder" : "missing");
  const list = (path: string): readonly FileEntry[] | undefined => {
    const entries = folders.get(path);
    if (entries === undefined) return undefined;
    return [...entries].map(([name, kind]) => ({ name, kind, isLink: false })).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  };
  const readText = (path: string): FileText => {
    const text = texts.get(path);
    if (text !== undefined) return { ok: true, text };
    return { ok: false, reason: files.has(path) ? "too large" : folders.has(path) ? "not a file" : "missing" };
  };
  return { stat, list, readText, realPath: (path) => (stat(path) === "missing" ? undefined : path) };
}
