/** A workspace over files in memory, for tests of the engine without a disk or a protocol. */
import { join } from "node:path";
import { uriOfPath } from "../../server/src/prisma/fileUris.ts";
import type { SchemaRule } from "../../server/src/rules/rule.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { FileEntry, FileHost } from "../../server/src/text/fileHost.ts";
import type { FileReport } from "../../server/src/workspace/snapshot.ts";
import { finish } from "../../server/src/workspace/steps.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";

/** The workspace folder of every test. */
export const root = "/workspace";

export class TestWorkspace {
  readonly workspace: Workspace;
  readonly faults: string[] = [];
  readonly #files: Map<string, string>;
  readonly #versions = new Map<string, number>();

  private constructor(files: Readonly<Record<string, string>>, rules: readonly SchemaRule[] | undefined) {
    this.#files = new Map(Object.entries(files).map(([path, text]) => [join(root, path), text]));
    this.workspace = new Workspace(memoryFiles(this.#files), (what, error) => this.faults.push(`${what}: ${String(error)}`), rules);
    this.workspace.applyChange({ kind: "roots", roots: [root] });
  }

  /** `files` by path below the workspace folder. */
  static async of(files: Readonly<Record<string, string>>, rules?: readonly SchemaRule[]): Promise<TestWorkspace> {
    await loadSqlParser();
    return new TestWorkspace(files, rules);
  }

  uri(path: string): string {
    return uriOfPath(join(root, path));
  }

  open(path: string, text: string = this.text(path)): void {
    this.#versions.set(path, 1);
    this.workspace.applyChange({
      kind: "opened",
      uri: this.uri(path),
      language: path.endsWith(".prisma") ? "prisma" : path.endsWith(".sql") ? "sql" : "other",
      version: 1,
      text,
    });
  }

  type(path: string, text: string): void {
    const version = (this.#versions.get(path) ?? 0) + 1;
    this.#versions.set(path, version);
    this.workspace.applyChange({ kind: "edited", uri: this.uri(path), version, text });
  }

  close(path: string): void {
    this.workspace.applyChange({ kind: "closed", uri: this.uri(path) });
  }

  /** Changes the disk and tells about it; `undefined` deletes. */
  save(path: string, text: string | undefined): void {
    const absolute = join(root, path);
    const what = text === undefined ? "deleted" : this.#files.has(absolute) ? "changed" : "created";
    if (text === undefined) this.#files.delete(absolute);
    else this.#files.set(absolute, text);
    this.workspace.applyChange({ kind: "files", changes: [{ path: absolute, what }] });
  }

  /** Makes or changes a file on the disk, of which no watcher tells. */
  saveUnseen(path: string, text: string): void {
    this.#files.set(join(root, path), text);
  }

  settings(value: unknown): void {
    this.workspace.applyChange({ kind: "settings", folder: undefined, value });
  }

  report(path: string): FileReport | undefined {
    return finish(this.workspace.snapshot().report(this.uri(path)));
  }

  /** `rule subject` of each finding shown in a file. */
  findings(path: string): readonly string[] {
    return (this.report(path)?.findings ?? []).map(({ finding }) => `${finding.rule} ${finding.subject}`);
  }

  problems(path: string): readonly string[] {
    return (this.report(path)?.problems ?? []).map((problem) => problem.message);
  }

  text(path: string): string {
    return this.#files.get(join(root, path)) ?? "";
  }

  /** How often a file was parsed. */
  parses(path: string): number {
    return this.workspace.counters.parses.get(this.uri(path)) ?? 0;
  }
}

function memoryFiles(files: ReadonlyMap<string, string>): FileHost {
  const isFolder = (path: string): boolean => [...files.keys()].some((file) => file.startsWith(`${path}/`));
  return {
    readText(path) {
      const text = files.get(path);
      return text === undefined ? { ok: false, reason: "missing" } : { ok: true, text };
    },
    list(path) {
      if (!isFolder(path)) return undefined;
      const names = new Set(
        [...files.keys()].filter((file) => file.startsWith(`${path}/`)).map((file) => file.slice(path.length + 1).split("/", 1)[0] ?? ""),
      );
      return [...names].sort().map((name): FileEntry => ({ name, kind: files.has(join(path, name)) ? "file" : "folder", isLink: false }));
    },
    realPath: (path) => (files.has(path) || isFolder(path) ? path : undefined),
    stat: (path) => (files.has(path) ? "file" : isFolder(path) ? "folder" : "missing"),
  };
}
