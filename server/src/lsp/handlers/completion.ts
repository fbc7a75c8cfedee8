/** `textDocument/completion`: names of the project's schema in SQL; in Prisma what its own extension would offer, where it is missing. */
import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type CompletionParams,
  InsertTextFormat,
} from "vscode-languageserver/node";
import { completePrisma } from "../../editing/completePrisma.ts";
import { completeSql } from "../../editing/completeSql.ts";
import { type Completion, type CompletionKind, mostCompletions } from "../../editing/completion.ts";
import type { LineIndex } from "../../text/lineIndex.ts";
import type { Tree } from "../../workspace/memory.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { Client } from "../client.ts";
import type { HandlerContext } from "../handling.ts";
import { resolverFor } from "../objectUnder.ts";
import { rangeOf } from "../toDiagnostic.ts";

export function* completion(snapshot: Snapshot, params: CompletionParams, { client }: HandlerContext): Steps<CompletionList> {
  const uri = ownUri(params.textDocument.uri);
  const file = snapshot.file(uri);
  const tree = yield* snapshot.tree(uri);
  if (file === undefined || tree === undefined) return { isIncomplete: false, items: [] };
  const offset = file.lines.offset(params.position);
  const offers = yield* offersAt(snapshot, tree, offset);
  const isQuoted = file.text.charAt(offers[0]?.span.start ?? offset) === '"';
  return { isIncomplete: offers.length >= mostCompletions, items: offers.map((offer) => itemOf(offer, isQuoted, file.lines, client)) };
}

function* offersAt(snapshot: Snapshot, tree: Tree, offset: number): Steps<readonly Completion[]> {
  const { uri, text } = tree.file;
  if (tree.kind === "prisma") {
    if (snapshot.environment.prismaExtensionInstalled || tree.file.directive !== undefined) return [];
    const project = (yield* snapshot.projectsOf(uri)).find(({ schemaUris }) => schemaUris.includes(uri));
    const files = project === undefined ? [tree.file] : (yield* snapshot.check(project)).prismaFiles;
    return completePrisma(files, text, offset);
  }
  const [project] = yield* snapshot.projectsServing(uri);
  return project === undefined ? [] : completeSql(tree.file, offset, resolverFor(yield* snapshot.check(project)));
}

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  table: CompletionItemKind.Class,
  view: CompletionItemKind.Interface,
  column: CompletionItemKind.Field,
  schema: CompletionItemKind.Module,
  type: CompletionItemKind.TypeParameter,
  enum: CompletionItemKind.Enum,
  value: CompletionItemKind.EnumMember,
  function: CompletionItemKind.Function,
  constraint: CompletionItemKind.Constant,
  alias: CompletionItemKind.Variable,
  keyword: CompletionItemKind.Keyword,
  attribute: CompletionItemKind.Property,
  argument: CompletionItemKind.Property,
  model: CompletionItemKind.Class,
  field: CompletionItemKind.Field,
};

function itemOf(
  { label, kind, detail, insert, isSnippet, span, rank }: Completion,
  isQuoted: boolean,
  lines: LineIndex,
  client: Client,
): CompletionItem {
  const takesSnippet = isSnippet && client.takesSnippets;
  return {
    label: oneLine(label),
    kind: kinds[kind],
    ...(detail === "" ? {} : { detail: oneLine(detail) }),
    sortText: String(rank).padStart(4, "0"),
    // Editors compare it with what stands there.
    filterText: isQuoted && !label.startsWith('"') ? `"${label}` : label,
    insertTextFormat: takesSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range: rangeOf(span, lines), newText: isSnippet && !takesSnippet ? plain(insert) : insert },
  };
}

/** A snippet without its places for the cursor. */
function plain(snippet: string): string {
  return snippet.replaceAll(/\\([$}\\])|\$\d/g, "$1");
}

/** A name may hold anything. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
