/** Which question about connections is answered by what. What asks is parsed first. */
import type { Connection } from "vscode-languageserver/node";
import * as v from "valibot";
import { connectionKey, connectionsChanged } from "../../../../protocol/src/connections.ts";
import { changedShape } from "../../../../protocol/src/connectionsShapes.ts";
import type { KnownConnections } from "../../connections/connections.ts";

export function answerConnectionRequests(connection: Connection, connections: KnownConnections): void {
  connection.onRequest(connectionKey, () => connections.seal.publicKey());
  connection.onNotification(connectionsChanged, (params: unknown) => connections.forget(v.parse(changedShape, params).ids));
}
