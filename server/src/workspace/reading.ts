/** Reads texts: open documents first, then the disk; what cannot be read becomes a problem that says why. */
import { pathOfUri } from "../prisma/fileUris.ts";
import type { FileText } from "../text/fileHost.ts";
import type { Problem } from "../text/problem.ts";
import type { Language } from "./change.ts";
import type { State } from "./state.ts";
import { TextFile } from "./textFile.ts";

/**
 * Longer texts are not looked into, in UTF-16 code units: no schema written by people comes near it, and of SQL only
 * dumps do. Reading one must not keep the thread for more than a moment.
 */
export const largestText = { prisma: 4_000_000, sql: 8_000_000, other: 4_000_000 } as const;

export type Reading =
  | { readonly ok: true; readonly file: TextFile }
  /** `problem` is undefined when there simply is no such file. */
  | { readonly ok: false; readonly problem: Problem | undefined };

export function readFile(uri: string, state: State, known: WeakMap<FileText, TextFile>): Reading {
  const document = state.documents.get(uri);
  if (document !== undefined) return checked(document.file, document.language);
  const path = pathOfUri(uri);
  if (path === undefined) return { ok: false, problem: undefined };
  const read = state.disk.readText(path);
  if (!read.ok) return read.reason === "missing" ? { ok: false, problem: undefined } : failed(reasons[read.reason](uri));
  let file = known.get(read);
  if (file === undefined) {
    file = new TextFile(uri, read.text);
    known.set(read, file);
  }
  return checked(file, languageOf(uri));
}

function checked(file: TextFile, language: Language): Reading {
  return file.text.length > largestText[language] ? failed(tooLarge(language)) : { ok: true, file };
}

const reasons = {
  denied: () => "This file may not be read: the system denies it.",
  "too large": (uri: string) => tooLarge(languageOf(uri)),
  "not a file": () => "This is no plain file, so it is not read.",
};

function tooLarge(language: Language): string {
  return `This file is too large to be checked: over ${largestText[language] / 1_000_000} MB. Exclude it with the setting databaseArchitect.exclude if it defines no schema.`;
}

/** Of a file that is not open, by its name. */
export function languageOf(uri: string): Language {
  return uri.endsWith(".prisma") ? "prisma" : uri.endsWith(".sql") ? "sql" : "other";
}

function failed(message: string): Reading {
  return { ok: false, problem: { span: { start: 0, end: 0 }, message, severity: "warning", code: "file-set-aside" } };
}
