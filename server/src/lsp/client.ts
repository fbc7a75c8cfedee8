/** What the client said about itself in `initialize`, parsed once into what the handlers ask. */
import type { InitializeParams } from "vscode-languageserver/node";

export interface Client {
  /** Asks for diagnostics; otherwise they are sent to it unasked. */
  readonly pulls: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly showsRelatedInformation: boolean;
  readonly readsCodeDescription: boolean;
  readonly hasCodeActionLiterals: boolean;
  /** Asks for a code action's edit when it is chosen. */
  readonly resolvesEdits: boolean;
  readonly readsDocumentChanges: boolean;
  readonly createsFiles: boolean;
  readonly appliesEdits: boolean;
  readonly nestsSymbols: boolean;
  readonly readsMarkdown: boolean;
  readonly answersConfiguration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchers: boolean;
  readonly takesSnippets: boolean;
  readonly preparesRename: boolean;
  /** Takes a formatter for the languages it is good for, and gives it back. */
  readonly registersFormatters: boolean;
  readonly tellsFolders: boolean;
  /** Our own client: it shows a rule's page itself. */
  readonly opensRulePages: boolean;
  /** Our own client: lenses may lead somewhere. */
  readonly showsPlaces: boolean;
  /** Our own client: it has panels with diagrams. */
  readonly showsErd: boolean;
  /** Our own client: it has a command that explains a query. */
  readonly explainsQueries: boolean;
  /** Our own client: it has a command that proves a migration. */
  readonly provesMigrations: boolean;
  /** Our own client: it has connection profiles, and passwords for them. */
  readonly keepsConnections: boolean;
  /** How many diagnostics of a file it shows; what comes beyond is not sent. */
  readonly maxDiagnostics: number;
  readonly refreshesCodeLenses: boolean;
  readonly refreshesInlayHints: boolean;
}

export function parseClient({ capabilities, initializationOptions }: InitializeParams): Client {
  const options: unknown = initializationOptions;
  const { textDocument, workspace } = capabilities;
  const { codeAction, diagnostic, publishDiagnostics: published } = textDocument ?? {};
  return {
    pulls: diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    showsRelatedInformation: diagnostic?.relatedInformation === true || published?.relatedInformation === true,
    readsCodeDescription: diagnostic?.codeDescriptionSupport === true || published?.codeDescriptionSupport === true,
    hasCodeActionLiterals: codeAction?.codeActionLiteralSupport !== undefined,
    resolvesEdits: codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes("edit") === true,
    readsDocumentChanges: workspace?.workspaceEdit?.documentChanges === true,
    createsFiles: workspace?.workspaceEdit?.resourceOperations?.includes("create") === true,
    appliesEdits: workspace?.applyEdit === true,
    nestsSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    readsMarkdown: textDocument?.hover?.contentFormat?.includes("markdown") === true,
    answersConfiguration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    takesSnippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    preparesRename: textDocument?.rename?.prepareSupport === true,
    registersFormatters:
      textDocument?.formatting?.dynamicRegistration === true && textDocument.rangeFormatting?.dynamicRegistration === true,
    tellsFolders: workspace?.workspaceFolders === true,
    opensRulePages: isSet(options, "opensRulePages"),
    showsPlaces: isSet(options, "showsPlaces"),
    showsErd: isSet(options, "showsErd"),
    explainsQueries: isSet(options, "explainsQueries"),
    provesMigrations: isSet(options, "provesMigrations"),
    keepsConnections: isSet(options, "keepsConnections"),
    maxDiagnostics: countIn(options, "maxDiagnostics"),
    refreshesCodeLenses: workspace?.codeLens?.refreshSupport === true,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
  };
}

function isSet(options: unknown, name: string): boolean {
  return typeof options === "object" && options !== null && Reflect.get(options, name) === true;
}

function countIn(options: unknown, name: string): number {
  const value: unknown = typeof options === "object" && options !== null ? Reflect.get(options, name) : undefined;
  return typeof value === "number" && value > 0 ? value : Number.POSITIVE_INFINITY;
}
