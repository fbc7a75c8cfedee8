/** Reads texts: open documents first, then the disk; what cannot be read becomes a problem that says why. */
import { pathOfUri } from "../prisma/fileUris.ts";
import type { FileText } from "../text/fileHost.ts";
import type { Problem } from "../text/problem.ts";
import type { State } from "./state.ts";
import { TextFile } from "./textFile.ts";

/** Longer texts are not looked into: no schema or migration written by people comes near it. UTF-16 code units. */
export const largestText = 16_000_000;

export type Reading =
  | { readonly ok: true; readonly file: TextFile }
  /** `problem` is undefined when there simply is no such file. */
  | { readonly ok: false; readonly problem: Problem | undefined };

export function readFile(uri: string, state: State, known: WeakMap<FileText, TextFile>): Reading {
  const document = state.documents.get(uri);
  if (document !== undefined) return document.file.text.length > largestText ? failed(tooLarge) : { ok: true, file: document.file };
  const path = pathOfUri(uri);
  if (path === undefined) return { ok: false, problem: undefined };
  const read = state.disk.readText(path);
  if (!read.ok) return read.reason === "missing" ? { ok: false, problem: undefined } : failed(reasons[read.reason]);
  let file = known.get(read);
  if (file === undefined) {
    file = new TextFile(uri, read.text);
    known.set(read, file);
  }
  return { ok: true, file };
}

const tooLarge = `This file is too large to be checked: over ${largestText / 1_000_000} MB. Exclude it with the setting databaseArchitect.exclude if it defines no schema.`;

const reasons = {
  denied: "This file may not be read: the system denies it.",
  "too large": tooLarge,
  "not a file": "This is no plain file, so it is not read.",
};

function failed(message: string): Reading {
  return { ok: false, problem: { span: { start: 0, end: 0 }, message, severity: "warning", code: "file-set-aside" } };
}
