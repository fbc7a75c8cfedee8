/** What has changed since a revision, as git tells it. */
import { relative, sep } from "node:path";
import { commitOf, firstLine, git, unknownRevision } from "../workspace/git.ts";

export type ChangesResult = { readonly ok: true; readonly changes: Changes } | { readonly ok: false; readonly reason: string };

/** The files of a working tree, beside those of the commit at which a branch and a revision parted. */
export interface Changes {
  /** Whether a file is as it was; `path` is absolute and without symbolic links. What git ignores is never called changed. */
  hasChanged(path: string): boolean;
  /** What a changed file said then, under whatever name; undefined for a new one. */
  textBefore(path: string): Promise<string | undefined>;
}

/** `folder` is absolute, and lies in the repository. */
export async function changesSince(revision: string, folder: string): Promise<ChangesResult> {
  const top = await git(folder, ["rev-parse", "--show-toplevel"]);
  if (!top.ok) return { ok: false, reason: top.isMissing ? noGit : `--changed needs a git repository: ${firstLine(top.message)}` };
  const repository = top.text.replace(/\r?\n$/, "");
  const given = await commitOf(revision, repository);
  if (given === undefined) return { ok: false, reason: await unknownRevision(revision, repository) };
  const parting = await git(repository, ["merge-base", given, "HEAD"]);
  const base = parting.ok ? (parting.text.split("\n")[0] ?? given) : given;
  const differing = await git(repository, ["diff", "--name-status", "-z", "--find-renames", "--ignore-submodules=all", base, "--"]);
  const untracked = await git(repository, ["ls-files", "--others", "--exclude-standard", "-z"]);
  for (const answer of [differing, untracked]) if (!answer.ok) return { ok: false, reason: `git failed: ${firstLine(answer.message)}` };
  const files = new Map(differing.ok ? namesBefore(differing.text) : []);
  for (const name of untracked.ok ? names(untracked.text) : []) files.set(name, undefined);
  const nameOf = (path: string): string => relative(repository, path).split(sep).join("/");
  return {
    ok: true,
    changes: {
      hasChanged: (path) => files.has(nameOf(path)),
      async textBefore(path) {
        const name = files.get(nameOf(path));
        const text = name === undefined ? undefined : await git(repository, ["cat-file", "blob", `${base}:${name}`]);
        return text?.ok === true ? text.text : undefined;
      },
    },
  };
}

const noGit = "--changed needs git, and there is no git on the PATH.";

/** Of `--name-status -z`: by the name now, the name then, which a new file lacks. */
function* namesBefore(text: string): Generator<[string, string | undefined]> {
  const parts = names(text);
  for (let at = 0; at + 1 < parts.length; ) {
    const [status = "", first = ""] = parts.slice(at, at + 2);
    const isPair = status.startsWith("R") || status.startsWith("C");
    if (isPair) yield [parts[at + 2] ?? "", first];
    else if (status !== "D") yield [first, status === "A" ? undefined : first];
    at += isPair ? 3 : 2;
  }
}

function names(text: string): readonly string[] {
  return text.split("\0").filter((name) => name !== "");
}
