/** Documents as the client edits them: notifications of the protocol become changes of the workspace. */
import {
  type DidChangeTextDocumentParams,
  type DidOpenTextDocumentParams,
  type TextDocumentContentChangeEvent,
  TextDocumentContentChangeEvent as Event,
} from "vscode-languageserver/node";
import { LineIndex } from "../text/lineIndex.ts";
import type { Change, Language } from "../workspace/change.ts";
import type { TextFile } from "../workspace/textFile.ts";

/** What is edited, not what is compared or previewed: those come with schemes of their own. */
const schemes = /^(?:file|untitled|vscode-vfs|vscode-notebook-cell|inmemory):/;

export function opened({ textDocument }: DidOpenTextDocumentParams): Change | undefined {
  const { uri, languageId, version, text } = textDocument;
  return schemes.test(uri) ? { kind: "opened", uri, language: languageOf(uri, languageId), version, text } : undefined;
}

/** Undefined for a version that is not newer than the one known: it came too late. */
export function edited({ textDocument, contentChanges }: DidChangeTextDocumentParams, file: TextFile | undefined): Change | undefined {
  const { uri, version } = textDocument;
  if (file === undefined || (file.version !== undefined && version <= file.version)) return undefined;
  return { kind: "edited", uri, version, text: changedText(file, contentChanges) };
}

/** Each change refers to the text as the ones before it left it. */
function changedText(file: TextFile, changes: readonly TextDocumentContentChangeEvent[]): string {
  let { text, lines } = file;
  // Lines above everything changed so far are where they were: several cursors, which editors send from the last to
  // the first, need no second look at the text.
  let firstChange = Number.POSITIVE_INFINITY;
  for (const change of changes) {
    if (!Event.isIncremental(change)) {
      text = change.text;
      lines = new LineIndex(text);
      firstChange = Number.POSITIVE_INFINITY;
      continue;
    }
    let start = lines.offset(change.range.start);
    let end = lines.offset(change.range.end);
    if (end >= firstChange) {
      lines = new LineIndex(text);
      start = lines.offset(change.range.start);
      end = lines.offset(change.range.end);
      firstChange = Number.POSITIVE_INFINITY;
    }
    text = text.slice(0, start) + change.text + text.slice(end);
    firstChange = Math.min(firstChange, start);
  }
  return text;
}

function languageOf(uri: string, languageId: string): Language {
  if (languageId === "prisma" || uri.endsWith(".prisma")) return "prisma";
  // Dialects have ids of their own in some editors: `postgres`, `pgsql`, `plpgsql`.
  return /sql|postgres/.test(languageId) || uri.endsWith(".sql") ? "sql" : "other";
}
