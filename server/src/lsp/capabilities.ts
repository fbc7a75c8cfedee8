/** What the server says it can do, and which files it asks the client to watch. */
import {
  CodeActionKind,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  type DidChangeWatchedFilesRegistrationOptions,
  WatchKind,
} from "vscode-languageserver/node";
import { configurationFile } from "../../../protocol/src/settings.ts";
import { parseClient } from "./client.ts";
import { fixAllFindings, fixRuleInWorkspace } from "./commands.ts";
import { fixAllKind } from "./handlers/codeAction.ts";

export function initializeResult(params: InitializeParams, version: string): InitializeResult {
  const client = parseClient(params);
  return {
    serverInfo: { name: "Database Architect", version },
    capabilities: {
      positionEncoding: "utf-16",
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
      ...(client.pulls
        ? { diagnosticProvider: { identifier: "databaseArchitect", interFileDependencies: true, workspaceDiagnostics: true } }
        : {}),
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      workspaceSymbolProvider: true,
      codeLensProvider: { resolveProvider: true },
      inlayHintProvider: true,
      documentSymbolProvider: true,
      // Others are told later, for which languages.
      ...(client.registersFormatters ? {} : { documentFormattingProvider: true, documentRangeFormattingProvider: true }),
      ...(client.hasCodeActionLiterals
        ? { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind], resolveProvider: client.resolvesEdits } }
        : {}),
      completionProvider: { triggerCharacters: [".", "@", "(", "[", ","] },
      renameProvider: client.preparesRename ? { prepareProvider: true } : true,
      ...(client.appliesEdits ? { executeCommandProvider: { commands: [fixRuleInWorkspace, fixAllFindings] } } : {}),
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

export const watchedFiles: DidChangeWatchedFilesRegistrationOptions = {
  watchers: [
    { globPattern: "**/*.{prisma,sql}" },
    { globPattern: `**/${configurationFile}` },
    { globPattern: "**/{prisma,prisma7}*.{js,ts,mjs,cjs,mts,cts}" },
    { globPattern: "**/package.json" },
    // A folder that goes is reported alone, without what it held.
    { globPattern: "**/*", kind: WatchKind.Delete },
  ],
};
