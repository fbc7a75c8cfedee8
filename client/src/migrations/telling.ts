/** How a person is told of what did not happen, led to a statement, and asked for a name that must be typed. */
import { Position, Range, Uri, window } from "vscode";

export function refused(what: string, reason: string): void {
  void window.showErrorMessage(`${what}. ${reason}`);
}

/** `line` counts from 0. */
export async function show(uri: string, line: number): Promise<void> {
  const at = new Position(line, 0);
  await window.showTextDocument(Uri.parse(uri), { selection: new Range(at, at), preview: false });
}

/** The name of a database as a person typed it; undefined when the person left. */
export async function typedName(title: string, why: string, database: string): Promise<string | undefined> {
  return window.showInputBox({ title, prompt: `${why} Type ${database} to go on.`, ignoreFocusOut: true, validateInput: (text) => (text === database ? undefined : `The name of the database: ${database}`) });
}
