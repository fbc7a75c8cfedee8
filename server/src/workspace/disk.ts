/**
 * The files of the machine as one moment saw them: every text and every listing is read once and remembered until the
 * editor reports a change.
 */
import { basename, dirname, sep } from "node:path";
import type { FileEntry, FileHost, FileKind, FileText } from "../text/fileHost.ts";

/** Folders that hold what others wrote, what was built, or what a tool keeps: never searched. */
const ignoredFolders = new Set([
  "node_modules",
  "bower_components",
  "vendor",
  "dist",
  "build",
  "out",
  "coverage",
  "target",
  "tmp",
  "temp",
  "__pycache__",
  "venv",
]);

/** More folders than this are not listed: the workspace is then somebody's home folder, or the root of a disk. */
const maxFolders = 20_000;

export interface DiskChange {
  /** Absolute path. */
  readonly path: string;
  readonly what: "created" | "changed" | "deleted";
}

export class Disk implements FileHost {
  readonly #host: FileHost;
  readonly #texts: Map<string, FileText>;
  readonly #listings: Map<string, readonly FileEntry[] | undefined>;

  constructor(host: FileHost, previous?: Disk) {
    this.#host = host;
    this.#texts = new Map(previous === undefined ? [] : previous.#texts);
    this.#listings = new Map(previous === undefined ? [] : previous.#listings);
  }

  /** Whether there was more to list than is good for anybody. */
  get isExhausted(): boolean {
    return this.#listings.size >= maxFolders;
  }

  /** The files after `changes`: what they touch is read again when it is next asked for. The same object when that is nothing. */
  after(changes: readonly DiskChange[]): Disk {
    const relevant = changes.filter((change) => change.what !== "deleted" || this.#knows(change.path));
    if (relevant.length === 0) return this;
    const next = new Disk(this.#host, this);
    for (const { path, what } of relevant) {
      next.#texts.delete(path);
      if (what === "deleted") next.#forgetBelow(path);
      if (what === "created") next.#listings.delete(path);
      if (what !== "changed") next.#forgetAbove(path);
    }
    return next;
  }

  /** Forgets the texts of all files but these: the others were only looked at. */
  keepTexts(paths: ReadonlySet<string>): void {
    for (const path of this.#texts.keys()) if (!paths.has(path)) this.#texts.delete(path);
  }

  readText(path: string): FileText {
    let known = this.#texts.get(path);
    if (known === undefined) {
      known = this.#host.readText(path);
      this.#texts.set(path, known);
    }
    return known;
  }

  /** Without folders that are never searched. */
  list(path: string): readonly FileEntry[] | undefined {
    if (this.#listings.has(path)) return this.#listings.get(path);
    if (this.isExhausted) return undefined;
    const entries = this.#host.list(path)?.filter((entry) => entry.kind !== "folder" || isSearched(entry.name));
    this.#listings.set(path, entries);
    return entries;
  }

  realPath(path: string): string | undefined {
    return this.#host.realPath(path);
  }

  stat(path: string): FileKind {
    return this.#host.stat(path);
  }

  /** Whether a file is there that came without a word: what was listed around it does not have it. */
  misses(path: string): boolean {
    for (let below = path; dirname(below) !== below; below = dirname(below)) {
      const listed = this.#listings.get(dirname(below));
      if (listed !== undefined) return !listed.some((entry) => entry.name === basename(below)) && this.#host.stat(path) === "file";
    }
    return false;
  }

  /** Whether a file or folder was read or listed: editors tell about every file that goes, ours or not. */
  #knows(path: string): boolean {
    const name = basename(path);
    return (
      this.#texts.has(path) || this.#listings.has(path) || this.#listings.get(dirname(path))?.some((entry) => entry.name === name) === true
    );
  }

  /** A file may come with the folders it lies in, or a folder go with its last file. */
  #forgetAbove(path: string): void {
    for (let below = path; dirname(below) !== below; below = dirname(below)) {
      const listed = this.#listings.get(dirname(below));
      this.#listings.delete(dirname(below));
      const isKnown = listed?.some((entry) => entry.name === basename(below)) === true;
      if (isKnown && below !== path) return;
    }
  }

  /** A folder may be gone with all it held, and only the folder be reported. */
  #forgetBelow(path: string): void {
    const below = path + sep;
    this.#listings.delete(path);
    for (const remembered of [this.#texts, this.#listings]) {
      for (const known of remembered.keys()) if (known.startsWith(below)) remembered.delete(known);
    }
  }
}

/** `.config` may hold a Prisma configuration; other folders with a dot are a tool's own. */
function isSearched(name: string): boolean {
  return name === ".config" || !(name.startsWith(".") || ignoredFolders.has(name));
}
