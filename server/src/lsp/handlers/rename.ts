/**
 * `textDocument/rename`: a model, field, enum or value of a Prisma schema gets another name in all of its files, and the
 * database keeps its own. Names in SQL are the database's: those are changed by a new migration.
 */
import {
  LSPErrorCodes,
  type PrepareRenameParams,
  type PrepareRenameResult,
  type RenameParams,
  ResponseError,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { type Occurrence, occurrenceAt } from "../../prisma/occurrences.ts";
import { renamePrisma } from "../../prisma/rename.ts";
import type { PrismaFile } from "../../prisma/syntax.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { HandlerContext } from "../handling.ts";
import { rangeOf } from "../toDiagnostic.ts";
import { workspaceEditOf } from "../toEdit.ts";

export function* prepareRename(snapshot: Snapshot, params: PrepareRenameParams): Steps<PrepareRenameResult | null | ResponseError<void>> {
  const found = yield* renamed(snapshot, params);
  if (found === undefined || found instanceof ResponseError) return found ?? null;
  const lines = snapshot.file(found.occurrence.uri)?.lines;
  return lines === undefined ? null : { range: rangeOf(found.occurrence.span, lines), placeholder: found.occurrence.target.name };
}

export function* rename(
  snapshot: Snapshot,
  params: RenameParams,
  { client }: HandlerContext,
): Steps<WorkspaceEdit | null | ResponseError<void>> {
  const found = yield* renamed(snapshot, params);
  if (found === undefined || found instanceof ResponseError) return found ?? null;
  const renaming = renamePrisma(found.files, found.occurrence.target, params.newName);
  if (!renaming.ok) return refused(renaming.reason);
  return workspaceEditOf(renaming.edits, snapshot, client) ?? null;
}

interface Renamed {
  readonly occurrence: Occurrence;
  /** All files of the schemas that the file belongs to. */
  readonly files: readonly PrismaFile[];
}

function* renamed(snapshot: Snapshot, params: PrepareRenameParams): Steps<Renamed | ResponseError<void> | undefined> {
  const uri = ownUri(params.textDocument.uri);
  const file = snapshot.file(uri);
  const tree = yield* snapshot.tree(uri);
  if (file === undefined || tree === undefined) return undefined;
  if (tree.kind === "sql")
    return refused("Names in SQL are the database's. Rename the model or field in the Prisma schema, or write a migration that renames.");
  const files: PrismaFile[] = [];
  for (const one of yield* schemaUris(snapshot, uri)) {
    const other = yield* snapshot.tree(one);
    if (other?.kind === "prisma") files.push(other.file);
  }
  const occurrence = occurrenceAt(files, uri, file.lines.offset(params.position));
  return occurrence === undefined ? refused("Models, fields, enums and their values can be renamed here.") : { occurrence, files };
}

function* schemaUris(snapshot: Snapshot, uri: string): Steps<ReadonlySet<string>> {
  const projects = yield* snapshot.projectsOf(uri);
  return new Set([...projects.flatMap((project) => (project.schemaUris.includes(uri) ? project.schemaUris : [])), uri]);
}

function refused(reason: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
