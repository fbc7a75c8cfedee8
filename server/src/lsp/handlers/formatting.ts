/**
 * `textDocument/formatting` and `textDocument/rangeFormatting`: SQL statement by statement; Prisma by the schema engine,
 * as a whole, unless Prisma's own extension does that.
 */
import type { DocumentFormattingParams, DocumentRangeFormattingParams, FormattingOptions, TextEdit } from "vscode-languageserver/node";
import type { EngineThread } from "../../prisma/engineThread.ts";
import { formatPrisma } from "../../prisma/format.ts";
import { formatSql, type Indentation } from "../../sql/format.ts";
import type { Edit } from "../../text/edit.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { TextFile } from "../../workspace/textFile.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { HandlerContext } from "../handling.ts";
import { rangeOf } from "../toDiagnostic.ts";

export function* documentFormatting(
  snapshot: Snapshot,
  { textDocument, options }: DocumentFormattingParams,
  { engine }: HandlerContext,
): Steps<TextEdit[] | null | Promise<TextEdit[] | null>> {
  const uri = ownUri(textDocument.uri);
  const file = snapshot.file(uri);
  const tree = yield* snapshot.tree(uri);
  if (file === undefined || tree === undefined) return null;
  if (tree.kind === "sql") return textEdits(yield* formatSql(tree.file, indentationOf(options)), file);
  const isLeftToPrisma = snapshot.environment.prismaExtensionInstalled || tree.file.directive !== undefined;
  // What is half typed would be formatted as what it is not.
  if (isLeftToPrisma || tree.file.problems.length > 0) return null;
  return prismaEdits(engine, yield* schemaAround(file, snapshot), file);
}

export function* rangeFormatting(
  snapshot: Snapshot,
  { textDocument, range, options }: DocumentRangeFormattingParams,
): Steps<TextEdit[] | null> {
  const uri = ownUri(textDocument.uri);
  const file = snapshot.file(uri);
  const tree = yield* snapshot.tree(uri);
  if (file === undefined || tree?.kind !== "sql") return null;
  const { lines } = file;
  const span = { start: lines.offset(range.start), end: lines.offset(range.end) };
  return textEdits(yield* formatSql(tree.file, indentationOf(options), span), file);
}

async function prismaEdits(engine: EngineThread, files: readonly TextFile[], file: TextFile): Promise<TextEdit[]> {
  return textEdits(await formatPrisma(engine, files, file.uri), file);
}

/** The files of the schema that the file is part of: the engine completes relations between them. */
function* schemaAround(file: TextFile, snapshot: Snapshot): Steps<readonly TextFile[]> {
  const project = (yield* snapshot.projectsOf(file.uri)).find(({ schemaUris }) => schemaUris.includes(file.uri));
  return (project?.schemaUris ?? [file.uri]).flatMap((uri) => snapshot.file(uri) ?? []);
}

function indentationOf({ tabSize, insertSpaces }: FormattingOptions): Indentation {
  return { tabSize: Math.min(16, Math.max(1, tabSize)), insertSpaces };
}

function textEdits(edits: readonly Edit[], { lines }: TextFile): TextEdit[] {
  return edits.map(({ span, text }) => ({ range: rangeOf(span, lines), newText: text }));
}
