/** `workspace/symbol`: tables, columns, types, routines and indexes of every project, in Prisma and in SQL. */
import { SymbolKind, type WorkspaceSymbol, type WorkspaceSymbolParams } from "vscode-languageserver/node";
import { type FoundSymbol, searchSymbols } from "../../editing/symbolSearch.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { locationOf } from "../location.ts";

const kinds: Readonly<Record<FoundSymbol["kind"], SymbolKind>> = {
  table: SymbolKind.Class,
  view: SymbolKind.Interface,
  column: SymbolKind.Field,
  enum: SymbolKind.Enum,
  type: SymbolKind.Struct,
  routine: SymbolKind.Function,
  index: SymbolKind.Key,
};

export function* workspaceSymbol(snapshot: Snapshot, { query }: WorkspaceSymbolParams): Steps<WorkspaceSymbol[]> {
  const projects = yield* snapshot.projects();
  const symbols: WorkspaceSymbol[] = [];
  for (const project of projects) {
    yield;
    const { schema, places } = yield* snapshot.check(project);
    for (const { kind, name, origin, container } of searchSymbols(schema, query)) {
      const containerName = [projects.length > 1 ? project.name : "", container].filter((part) => part !== "").join(" · ");
      for (const location of locationOf({ uri: origin.uri, span: places.nameSpan(origin) }, snapshot))
        symbols.push({ name, kind: kinds[kind], location, ...(containerName === "" ? {} : { containerName }) });
    }
  }
  return symbols;
}
