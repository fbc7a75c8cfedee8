/**
 * Files that are looked at again, where nobody tells what has changed on the disk: remembers what was read and listed,
 * and says which of it is different now.
 */
import { statSync } from "node:fs";
import type { FileEntry, FileHost, FileKind, FileText } from "../text/fileHost.ts";
import type { DiskChange } from "./disk.ts";

export class RereadFiles implements FileHost {
  readonly #host: FileHost;
  readonly #stampOf: (path: string) => string | undefined;
  /** What a path was when it was last read or listed; undefined when there was nothing. */
  readonly #stamps = new Map<string, string | undefined>();

  /** `stampOf` gives another text whenever what stands at a path is another; undefined when nothing does. */
  constructor(host: FileHost, stampOf: (path: string) => string | undefined = diskStamp) {
    this.#host = host;
    this.#stampOf = stampOf;
  }

  /** What changed since it was last read, or since this was last asked. */
  changes(): readonly DiskChange[] {
    const changes: DiskChange[] = [];
    for (const [path, before] of this.#stamps) {
      const now = this.#stampOf(path);
      if (now === before) continue;
      this.#stamps.set(path, now);
      // A folder that holds other files than before is listed again when it counts as new.
      const isFolder = now?.startsWith(folderMark) === true;
      changes.push({ path, what: now === undefined ? "deleted" : before === undefined || isFolder ? "created" : "changed" });
    }
    return changes;
  }

  readText(path: string): FileText {
    this.#remember(path);
    return this.#host.readText(path);
  }

  list(path: string): readonly FileEntry[] | undefined {
    this.#remember(path);
    return this.#host.list(path);
  }

  realPath(path: string): string | undefined {
    return this.#host.realPath(path);
  }

  stat(path: string): FileKind {
    return this.#host.stat(path);
  }

  /** Before it is read: a change in between is then seen the next time. */
  #remember(path: string): void {
    this.#stamps.set(path, this.#stampOf(path));
  }
}

const folderMark = "folder ";

/** Times and size, for a file's content is not worth reading to learn that it is the same. */
function diskStamp(path: string): string | undefined {
  try {
    const found = statSync(path, { bigint: true });
    return `${found.isDirectory() ? folderMark : ""}${found.mtimeNs} ${found.ctimeNs} ${found.size} ${found.ino}`;
  } catch {
    // Missing or denied: nothing to read either way.
    return undefined;
  }
}
