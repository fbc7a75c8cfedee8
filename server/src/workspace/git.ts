/**
 * git as a program: started with a list of arguments, never through a shell, and asked only for what runs nothing of the
 * repository.
 */
import { execFile } from "node:child_process";
import process from "node:process";

export type GitAnswer =
  | { readonly ok: true; readonly text: string }
  /** `isMissing`: there is no such program. */
  | { readonly ok: false; readonly isMissing: boolean; readonly message: string };

/** Large enough for a dump. */
const maxBuffer = 256 * 1024 * 1024;

/** `input` goes to its standard input. Bytes that are no UTF-8 are replaced. */
export function git(folder: string, args: readonly string[], input?: string): Promise<GitAnswer> {
  return gitBytes(folder, args, input).then((answer) => (answer.ok ? { ok: true, text: answer.bytes.toString("utf8") } : answer));
}

export type GitBytes = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly isMissing: boolean; readonly message: string };

export function gitBytes(folder: string, args: readonly string[], input?: string): Promise<GitBytes> {
  // A repository may name a program to be told of changes.
  const all = ["-c", "core.fsmonitor=false", ...args];
  const options = { cwd: folder, encoding: "buffer", maxBuffer, windowsHide: true, env: { ...process.env, ...environment } } as const;
  return new Promise((resolve) => {
    const child = execFile("git", all, options, (error, stdout, stderr) => {
      if (error === null) resolve({ ok: true, bytes: stdout });
      else resolve({ ok: false, isMissing: error.code === "ENOENT", message: stderr.length === 0 ? error.message : stderr.toString("utf8") });
    });
    // One that ends before it has read everything says why by its exit.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

/** The commit that a revision names; undefined when git knows none. */
export async function commitOf(revision: string, repository: string): Promise<string | undefined> {
  // A leading dash would make an option of it.
  if (revision.startsWith("-")) return undefined;
  const commit = await git(repository, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
  return commit.ok ? commit.text.trim() : undefined;
}

/** A sentence about a revision that git does not know. */
export async function unknownRevision(revision: string, repository: string): Promise<string> {
  const shallow = await git(repository, ["rev-parse", "--is-shallow-repository"]);
  const hint = shallow.ok && shallow.text.trim() === "true" ? " The clone is shallow: fetch more of its history first." : "";
  return `git knows no revision ${JSON.stringify(revision)} in ${repository}.${hint}`;
}

export function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

const environment = { LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" };
