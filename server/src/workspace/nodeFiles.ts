/** Files on the disk, read synchronously and never throwing. */
import { lstatSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FileEntry, FileHost, FileKind, FileText } from "../text/fileHost.ts";

/** Larger files are not read: no schema or migration written by people comes near it. */
const defaultMaxBytes = 16 * 1024 * 1024;

/** Every file of this machine that the process may read, up to `maxBytes` each. */
export function nodeFiles(maxBytes: number = defaultMaxBytes): FileHost {
  return {
    readText: (path) => readText(path, maxBytes),
    list,
    realPath,
    stat,
  };
}

function readText(path: string, maxBytes: number): FileText {
  try {
    const found = statSync(path);
    // A device or a pipe would block the process, so only plain files are opened.
    if (!found.isFile()) return { ok: false, reason: "not a file" };
    if (found.size > maxBytes) return { ok: false, reason: "too large" };
    const text = readFileSync(path, "utf8");
    return { ok: true, text: text.startsWith("\ufffd\ufffd") ? withMark(readFileSync(path), text) : text };
  } catch (error) {
    return { ok: false, reason: isDenied(error) ? "denied" : "missing" };
  }
}

/** UTF-16, as PowerShell writes what it is told to: by the mark at its beginning, which UTF-8 cannot hold. */
function withMark(bytes: Buffer, text: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString("utf16le");
  return bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0 ? bytes.swap16().toString("utf16le") : text;
}

function list(path: string): readonly FileEntry[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true })
      .map((entry): FileEntry => {
        const { name } = entry;
        if (entry.isSymbolicLink()) return { name, kind: stat(join(path, name)), isLink: true };
        return { name, kind: entry.isFile() ? "file" : entry.isDirectory() ? "folder" : "other", isLink: false };
      })
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch {
    // Missing, no folder, or denied: the interface has one answer for all.
    return undefined;
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function stat(path: string): FileKind {
  try {
    const found = statSync(path);
    return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
  } catch (error) {
    return isDenied(error) && exists(path) ? "other" : "missing";
  }
}

/** Whether an entry of that name stands there, a dangling link included. */
function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM");
}
