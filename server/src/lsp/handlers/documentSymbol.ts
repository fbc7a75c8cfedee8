/** `textDocument/documentSymbol`: the outline of a Prisma schema or an SQL file. */
import { type DocumentSymbol, type DocumentSymbolParams, type SymbolInformation, SymbolKind } from "vscode-languageserver/node";
import { type PrismaSymbol, prismaSymbols } from "../../prisma/symbols.ts";
import { type SqlSymbol, sqlSymbols } from "../../sql/symbols.ts";
import type { LineIndex } from "../../text/lineIndex.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { HandlerContext } from "../handling.ts";
import { rangeOf } from "../toDiagnostic.ts";

export function* documentSymbol(
  snapshot: Snapshot,
  params: DocumentSymbolParams,
  { client }: HandlerContext,
): Steps<DocumentSymbol[] | SymbolInformation[]> {
  const uri = ownUri(params.textDocument.uri);
  const file = snapshot.file(uri);
  const tree = yield* snapshot.tree(uri);
  if (file === undefined || tree === undefined) return [];
  yield;
  const symbols =
    tree.kind === "prisma"
      ? prismaSymbols(tree.file).map((symbol) => ofPrisma(symbol, file.lines))
      : sqlSymbols(tree.file).map((symbol) => ofSql(symbol, file.lines));
  return client.nestsSymbols ? symbols : flat(symbols, params.textDocument.uri);
}

const prismaKinds: Readonly<Record<PrismaSymbol["kind"], SymbolKind>> = {
  model: SymbolKind.Class,
  view: SymbolKind.Interface,
  type: SymbolKind.Struct,
  enum: SymbolKind.Enum,
  datasource: SymbolKind.Module,
  generator: SymbolKind.Module,
  field: SymbolKind.Field,
  relation: SymbolKind.Property,
  value: SymbolKind.EnumMember,
  property: SymbolKind.Constant,
  index: SymbolKind.Key,
};

const sqlKinds: Readonly<Record<SqlSymbol["kind"], SymbolKind>> = {
  table: SymbolKind.Class,
  column: SymbolKind.Field,
  constraint: SymbolKind.Key,
  index: SymbolKind.Key,
  view: SymbolKind.Interface,
  materializedView: SymbolKind.Interface,
  function: SymbolKind.Function,
  procedure: SymbolKind.Function,
  trigger: SymbolKind.Event,
  policy: SymbolKind.Operator,
  enum: SymbolKind.Enum,
  enumValue: SymbolKind.EnumMember,
  domain: SymbolKind.TypeParameter,
  type: SymbolKind.Struct,
  sequence: SymbolKind.Number,
  schema: SymbolKind.Namespace,
  extension: SymbolKind.Package,
  block: SymbolKind.Function,
  query: SymbolKind.String,
  statement: SymbolKind.Object,
};

function ofPrisma({ name, detail, kind, span, nameSpan, children }: PrismaSymbol, lines: LineIndex): DocumentSymbol {
  return {
    name: named(name),
    detail,
    kind: prismaKinds[kind],
    range: rangeOf(span, lines),
    selectionRange: rangeOf(nameSpan, lines),
    children: children.map((child) => ofPrisma(child, lines)),
  };
}

function ofSql({ name, detail, kind, span, nameSpan, children }: SqlSymbol, lines: LineIndex): DocumentSymbol {
  return {
    name: named(name),
    detail,
    kind: sqlKinds[kind],
    range: rangeOf(span, lines),
    selectionRange: rangeOf(nameSpan, lines),
    children: children.map((child) => ofSql(child, lines)),
  };
}

/** Editors refuse a symbol without a name, which is what a half-typed one has. */
function named(name: string): string {
  return name.trim() === "" ? "…" : name;
}

function flat(symbols: readonly DocumentSymbol[], uri: string, containerName?: string): SymbolInformation[] {
  return symbols.flatMap(({ name, kind, range, children }) => [
    { name, kind, location: { uri, range }, ...(containerName === undefined ? {} : { containerName }) },
    ...flat(children ?? [], uri, name),
  ]);
}
