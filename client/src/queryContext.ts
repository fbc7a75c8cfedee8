/**
 * Tells menus whether the cursor is in a query, and whether the document has any: asked of the server when the cursor
 * rests. A menu that opens under a cursor that has just jumped may be a moment behind; the commands say so themselves.
 */
import { commands, type Disposable, type TextEditor, window, workspace } from "vscode";
import { type QueriesHere, queriesHere, type QueriesHereParams } from "../../protocol/src/queries.ts";
import type { ServerSession } from "./serverSession.ts";

/** Milliseconds. */
const rest = 120;

/** Of documents that may have queries. */
const languages = /^(?:sql|postgres|pgsql|plpgsql|typescript|typescriptreact|javascript|javascriptreact)$/;

export function watchQueries(server: ServerSession): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let told = "";
  let asked = 0;
  const tell = (here: QueriesHere): void => {
    const text = JSON.stringify(here);
    if (text === told) return;
    told = text;
    void commands.executeCommand("setContext", "databaseArchitect.queryHere", here.isHere);
    void commands.executeCommand("setContext", "databaseArchitect.hasQueries", here.count > 0);
  };
  const ask = async (editor: TextEditor | undefined): Promise<void> => {
    const number = ++asked;
    const here = editor === undefined || !languages.test(editor.document.languageId) ? none : await answered(server, editor);
    if (number === asked) tell(here);
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(window.activeTextEditor), rest);
  };
  const listening = [
    window.onDidChangeActiveTextEditor(soon),
    window.onDidChangeTextEditorSelection(({ textEditor }) => (textEditor === window.activeTextEditor ? soon() : undefined)),
    workspace.onDidChangeTextDocument(({ document }) => (document === window.activeTextEditor?.document ? soon() : undefined)),
  ];
  soon();
  return {
    dispose() {
      clearTimeout(timer);
      for (const each of listening) each.dispose();
    },
  };
}

const none: QueriesHere = { isHere: false, count: 0 };

async function answered(server: ServerSession, { document, selection }: TextEditor): Promise<QueriesHere> {
  const params: QueriesHereParams = { textDocument: { uri: document.uri.toString() }, start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
  try {
    return await server.ask(queriesHere, params, parsed);
  } catch {
    // The server is not there, or about to end: then nothing can be explained either.
    return none;
  }
}

function parsed(answer: unknown): QueriesHere {
  if (typeof answer !== "object" || answer === null || !("isHere" in answer && "count" in answer)) return none;
  const { isHere, count } = answer;
  return { isHere: isHere === true, count: typeof count === "number" ? count : 0 };
}
