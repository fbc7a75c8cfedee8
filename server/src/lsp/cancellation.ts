/** The editor's word for calling off, as the rest of the server knows it. */
import type { CancellationToken } from "vscode-languageserver/node";

export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
