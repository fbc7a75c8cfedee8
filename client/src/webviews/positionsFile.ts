/** What a person arranged, in `.database-architect/erd.json`: read, written, and heard of when it changes otherwise. */
import { readFile } from "node:fs/promises";
import { type Disposable, FileSystemError, RelativePattern, Uri, window, workspace } from "vscode";
import type { ErdPositions } from "../../../protocol/src/erd.ts";
import { erdFilePath, formatErdFile, keptPositions, readErdFile } from "../../../protocol/src/erdFile.ts";

export class PositionsFile {
  readonly #uri: Uri | undefined;
  readonly #watching: Disposable | undefined;
  #positions: ErdPositions = {};
  /** What was moved while the file could not be written: part of it as soon as it can. */
  #unkept: ErdPositions = {};
  /** The text that was read or written last. */
  #text: string | undefined;
  /** Why nothing is written: a person's file that is broken is theirs to mend. */
  #problem: string | undefined;
  /** One write at a time, in the order asked for. */
  #last: Promise<void> = Promise.resolve();

  /** `changed`: by somebody else. Without an address everything is kept for as long as the panel lives. */
  constructor(address: string | undefined, changed: () => void) {
    if (address === undefined) return;
    const uri = Uri.parse(address);
    this.#uri = uri;
    // The folder too: of one that comes with a file in it, as by a merge, some systems tell nothing else.
    const [folder = "", name = ""] = uri.path.split("/").slice(-2);
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(uri, "../.."), `{${folder},${folder}/${name}}`));
    const look = async (): Promise<void> => {
      const before = this.#text;
      await this.#last;
      await this.read();
      if (this.#text !== before) changed();
    };
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) event(() => void look());
    this.#watching = watcher;
  }

  get positions(): ErdPositions {
    return this.#positions;
  }

  /** Never rejects. Of a file that somebody broke it takes what can be made out, and says so; what was known stays. */
  async read(): Promise<void> {
    if (this.#uri === undefined) return;
    const before = this.#positions;
    this.#text = await textOf(this.#uri);
    const { positions, problem } = this.#text === undefined ? { positions: {}, problem: undefined } : readErdFile(this.#text);
    this.#positions = { ...(problem === undefined ? {} : before), ...positions, ...this.#unkept };
    if (problem !== undefined && problem !== this.#problem) void tell(this.#uri, problem);
    this.#problem = problem;
  }

  /**
   * `boxes`: keys of all there are; what stands in the file of others goes, now that a person saves. Undefined when that is
   * not known, as while something is half typed.
   *
   * @throws when the file cannot be written; while it is broken, so that nothing in it is lost.
   */
  add(positions: ErdPositions, boxes: ReadonlySet<string> | undefined): Promise<void> {
    if (this.#problem !== undefined) this.#unkept = { ...this.#unkept, ...positions };
    this.#positions = this.#problem === undefined ? keptPositions(this.#positions, positions, boxes) : { ...this.#positions, ...positions };
    return this.#write();
  }

  /** @throws as `add` does. */
  clear(): Promise<void> {
    if (this.#problem === undefined) this.#positions = {};
    return this.#write();
  }

  dispose(): void {
    this.#watching?.dispose();
  }

  #write(): Promise<void> {
    const write = async (): Promise<void> => {
      if (this.#problem !== undefined) throw new Error(`${erdFilePath} ${this.#problem}. Nothing is written to it until it is mended or deleted.`);
      this.#unkept = {};
      const text = formatErdFile(this.#positions);
      if (this.#uri === undefined || text === this.#text) return;
      this.#text = text;
      if (text === undefined) await workspace.fs.delete(this.#uri).then(undefined, ignoreMissing);
      else await workspace.fs.writeFile(this.#uri, new TextEncoder().encode(text));
    };
    const done = this.#last.then(write);
    this.#last = done.catch(() => undefined); // who asked is told; the next write goes ahead
    return done;
  }
}

async function tell(uri: Uri, problem: string): Promise<void> {
  const open = "Open File";
  const chosen = await window.showWarningMessage(`${erdFilePath} ${problem}. What can be made out of it is used, and nothing is written to it until it is mended or deleted.`, open);
  if (chosen === open) await window.showTextDocument(uri);
}

async function textOf(uri: Uri): Promise<string | undefined> {
  try {
    // What is on this machine is asked of the machine: `workspace.fs` asks the window first, which is busy making the panel.
    return uri.scheme === "file" ? await readFile(uri.fsPath, "utf8") : new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined; // whatever the reason, there is nothing to go by
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof FileSystemError && error.code === "FileNotFound")) throw error;
}
