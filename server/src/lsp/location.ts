/** Places in files as locations, with the lines and the URI that the editor knows. */
import type { Location } from "vscode-languageserver/node";
import type { Span } from "../text/span.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { rangeOf } from "./toDiagnostic.ts";

/** Empty when the file has gone. */
export function locationOf({ uri, span }: { readonly uri: string; readonly span: Span }, snapshot: Snapshot): Location[] {
  const lines = snapshot.file(uri)?.lines;
  return lines === undefined ? [] : [{ uri: snapshot.editorUri(uri), range: rangeOf(span, lines) }];
}
