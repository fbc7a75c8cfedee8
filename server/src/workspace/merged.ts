/**
 * What git tells of a history: migrations that the main branch has, and that say something else now or are gone, and new
 * ones that are older than what it has. Databases have run what was merged; this needs none to be asked.
 */
import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { versionOf } from "../sql/versions.ts";
import { commitOf, git } from "./git.ts";

export interface MergedMigration {
  /** Absolute; of a file that is gone, where it was. */
  readonly path: string;
  readonly severity: "error" | "warning";
  /** What is wrong and what to do. */
  readonly message: string;
}

/** `root`: the folder of the history, absolute. `paths`: of its migrations. Empty outside of a repository, and without a main branch. */
export async function changedSinceMerge(root: string, paths: readonly string[]): Promise<readonly MergedMigration[]> {
  const top = await git(root, ["rev-parse", "--show-toplevel"]);
  const repository = top.ok ? top.text.replace(/\r?\n$/, "") : undefined;
  const main = repository === undefined ? undefined : await mainBranch(repository);
  if (repository === undefined || main === undefined) return [];
  const parting = await git(repository, ["merge-base", main, "HEAD"]);
  const base = parting.ok ? parting.text.trim() : "";
  if (base === "") return [];
  // git knows a repository by its real path.
  const folder = relative(repository, await realpath(root)).split(sep).join("/");
  const [merged, newest] = [await filesIn(base, folder, repository), await filesIn(main, folder, repository)];
  const changed = await git(repository, ["diff", "--name-only", "--diff-filter=M", "--no-renames", "-z", base, "--", folder === "" ? "." : folder]);
  const edited = new Set(changed.ok ? names(changed.text) : []);
  const nameOf = (path: string): string => [...(folder === "" ? [] : [folder]), ...relative(root, path).split(sep)].join("/");
  const current = new Map(paths.map((path) => [nameOf(path), path]));
  const found: MergedMigration[] = [];
  for (const [name, path] of current)
    if (merged.has(name) && edited.has(name))
      found.push({ path, severity: "error", message: `${main} has this migration, and it says something else now: databases that ran it keep what it said then. Restore its text, and write a new migration for the rest.` });
  const gone = [...merged].filter((name) => !current.has(name) && isStep(name, [...current.keys()]));
  const [lost] = gone;
  if (lost !== undefined) {
    const many = gone.length === 1 ? "this migration, and it is gone" : `this migration and ${gone.length - 1} more, and they are gone`;
    found.push({ path: join(root, relative(folder === "" ? "." : folder, lost)), severity: "warning", message: `${main} has ${many}: a database that ran it no longer fits its history. Restore it, unless a squashed migration replaces it.` });
  }
  const last = latest([...newest].filter((name) => isStep(name, [...current.keys()])));
  for (const [name, path] of current)
    if (last !== undefined && !merged.has(name) && !newest.has(name) && isEarlier(name, last))
      found.push({ path, severity: "warning", message: `${main} has a later migration already, ${stepName(last)}: databases run this one after it, new ones before it. Rename it, so that it comes last.` });
  return found;
}

/** What the remote calls its main branch, or what it is usually called. */
async function mainBranch(repository: string): Promise<string | undefined> {
  const head = await git(repository, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
  const candidates = [...(head.ok ? [head.text.trim()] : []), "origin/main", "origin/master", "main", "master"];
  for (const candidate of candidates) if ((await commitOf(candidate, repository)) !== undefined) return candidate;
  return undefined;
}

async function filesIn(commit: string, folder: string, repository: string): Promise<ReadonlySet<string>> {
  const listed = await git(repository, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", ...(folder === "" ? [] : [`${folder}/`])]);
  return new Set(listed.ok ? names(listed.text) : []);
}

function names(text: string): readonly string[] {
  return text.split("\0").filter((name) => name !== "");
}

/** Whether a file of the folder is called as its migrations are: not a way back, not a lock file. */
function isStep(name: string, known: readonly string[]): boolean {
  if (!name.endsWith(".sql") || /(?:^|\/)down(?:\/|\.sql$)|[._-]down\.sql$/i.test(name)) return false;
  const inFolders = known.length === 0 ? basename(name) === "migration.sql" : known.every((each) => /^(?:migration|up)\.sql$/.test(basename(each)));
  return inFolders ? /^(?:migration|up)\.sql$/.test(basename(name)) : versionOf(basename(name)) !== undefined;
}

function stepName(name: string): string {
  return /^(?:migration|up)\.sql$/.test(basename(name)) ? basename(dirname(name)) : basename(name);
}

function latest(steps: readonly string[]): string | undefined {
  return steps.reduce<string | undefined>((last, name) => (last === undefined || isEarlier(last, name) ? name : last), undefined);
}

function isEarlier(a: string, b: string): boolean {
  const [x, y] = [versionIn(a), versionIn(b)];
  for (const [i, part] of x.entries()) {
    const other = y[i];
    if (other === undefined || part > other) return false;
    if (part < other) return true;
  }
  return x.length < y.length || (x.length === y.length && stepName(a) < stepName(b));
}

function versionIn(name: string): readonly bigint[] {
  return versionOf(`${stepName(name).replace(/\.sql$/, "")}.sql`)?.version ?? [];
}
