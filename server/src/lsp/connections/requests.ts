/** Which question about connections is answered by what. What asks is parsed first. */
import type { CancellationToken, Connection } from "vscode-languageserver/node";
import * as v from "valibot";
import {
  connectionKey,
  type ConnectionRefusal,
  connectionsChanged,
  connectionTree,
  countRows,
  findAddresses,
  readAddress,
  testConnection,
} from "../../../../protocol/src/connections.ts";
import { changedShape, connectionParamsShape, countRowsParamsShape, readAddressParamsShape, treeParamsShape } from "../../../../protocol/src/connectionsShapes.ts";
import type * as Sources from "../../connections/addressSources.ts";
import type { KnownConnections } from "../../connections/knownConnections.ts";
import type { FileHost } from "../../text/fileHost.ts";
import { signalOf } from "../cancellation.ts";
import type { Serving } from "../handling.ts";

/** `connections` are those of `serving`, with what only the client asks for. `roots` are the workspace folders of now. */
export function answerConnectionRequests(connection: Connection, serving: Serving, connections: KnownConnections, files: FileHost): void {
  /** Faults are logged; the person hears of a failure either way. */
  const answer = <Params, Result>(method: string, shape: v.GenericSchema<unknown, Params>, handler: (params: Params, signal: AbortSignal) => Promise<Result>): void => {
    connection.onRequest<unknown, never>(method, async (params: unknown, token: CancellationToken): Promise<unknown> => {
      const end = serving.activity.begin();
      try {
        return await handler(v.parse(shape, params), signalOf(token));
      } catch (error) {
        serving.log(method, error);
        return { ok: false, reason: "There was a fault in the language server; the output has the details." } satisfies ConnectionRefusal;
      } finally {
        end();
      }
    });
  };
  answer(connectionKey, v.unknown(), () => connections.seal.publicKey());
  answer(readAddress, readAddressParamsShape, (params) => connections.readAddress(params));
  answer(findAddresses, v.unknown(), async () => {
    const { environment, roots } = serving.workspace.snapshot();
    if (!environment.workspaceTrusted) return [];
    const { findAddressesIn }: typeof Sources = await import("../../connections/addressSources.ts");
    return findAddressesIn(files, roots);
  });
  answer(testConnection, connectionParamsShape, async ({ id }, signal) => (await connections.live()).test(id, signal));
  answer(connectionTree, treeParamsShape, async (params, signal) => (await connections.live()).tree(params, signal));
  answer(countRows, countRowsParamsShape, async (params, signal) => (await connections.live()).count(params, signal));
  connection.onNotification(connectionsChanged, (params: unknown) => {
    connections.forget(v.parse(changedShape, params).ids).catch((error: unknown) => serving.log(connectionsChanged, error));
  });
}
