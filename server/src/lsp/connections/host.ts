/** The client as the room `connections` sees it: whom profiles and secrets are asked of. */
import { CancellationTokenSource, type Connection } from "vscode-languageserver/node";
import * as v from "valibot";
import { connectionCredentials, listConnections } from "../../../../protocol/src/connections.ts";
import { credentialsShape, profilesShape } from "../../../../protocol/src/connectionsShapes.ts";
import type { ConnectionsHost } from "../../connections/connections.ts";
import { pathOfUri } from "../../prisma/fileUris.ts";
import type { FileHost } from "../../text/fileHost.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import type { Client } from "../client.ts";

export function connectionsHost(
  connection: Connection,
  client: Client,
  workspace: Workspace,
  files: FileHost,
  log: (what: string, error: unknown) => void,
): ConnectionsHost {
  return {
    log,
    isTrusted: () => workspace.snapshot().environment.workspaceTrusted,
    async listProfiles() {
      return client.keepsConnections ? v.parse(profilesShape, await connection.sendRequest(listConnections, {})) : [];
    },
    async credentials(id, key, signal) {
      if (!client.keepsConnections) return { ok: false, reason: "This editor keeps no connections." };
      const source = new CancellationTokenSource();
      const cancel = (): void => source.cancel();
      signal.addEventListener("abort", cancel);
      try {
        return v.parse(credentialsShape, await connection.sendRequest(connectionCredentials, { id, key }, source.token));
      } finally {
        signal.removeEventListener("abort", cancel);
        source.dispose();
      }
    },
    readFile(uri) {
      const path = pathOfUri(uri);
      const file = path === undefined ? undefined : files.readText(path);
      return file?.ok === true ? file.text : undefined;
    },
  };
}
