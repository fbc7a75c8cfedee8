/**
 * The one way pure rooms look at files: synchronous, read-only, and never throwing. Paths are absolute paths of this
 * system; texts elsewhere are known by `file:` URIs (`prisma/fileUris.ts`). `workspace/nodeFiles.ts` reads the disk.
 */

export interface FileHost {
  /** The whole text, a byte order mark included. */
  readText(path: string): FileText;
  /** Entries of a folder, sorted by name; undefined when it is missing, no folder, or may not be read. */
  list(path: string): readonly FileEntry[] | undefined;
  /** The path without symbolic links; undefined when it does not exist, loops, or may not be read. */
  realPath(path: string): string | undefined;
  /** What stands at the path, links followed. */
  stat(path: string): FileKind;
}

export type FileText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: "missing" | "denied" | "too large" | "not a file" };

export interface FileEntry {
  readonly name: string;
  /** Links followed. */
  readonly kind: FileKind;
  /** Whether it is a symbolic link; undefined where that is not known. */
  readonly isLink?: boolean;
}

export type FileKind = "file" | "folder" | "missing" | "other";
