/** Diagnostics for clients that do not ask for them: sent when they changed, the edited file's first. */
import type { Connection } from "vscode-languageserver/node";
import { finishInSlices, type Steps, unlessAbandoned } from "../workspace/steps.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Client } from "./client.ts";
import { resultIdOf } from "./resultId.ts";
import { diagnosticsOf } from "./toDiagnostic.ts";

export class Publisher {
  readonly #connection: Connection;
  readonly #client: Client;
  /** What the client shows, by own URI: the version and the name of the list. */
  readonly #shown = new Map<string, string>();

  constructor(connection: Connection, client: Client) {
    this.#connection = connection;
    this.#client = client;
  }

  /** Sends what there is to say now. Gives up quietly when `isStale`; what was sent until then holds. */
  async publish(snapshot: Snapshot, first: string | undefined, isStale: () => boolean): Promise<void> {
    await unlessAbandoned(finishInSlices(this.#steps(snapshot, first), isStale));
  }

  *#steps(snapshot: Snapshot, first: string | undefined): Steps<void> {
    if (first !== undefined) yield* this.#send(first, snapshot);
    for (const uri of new Set([...(yield* snapshot.reportedUris()), ...this.#shown.keys()])) {
      yield;
      yield* this.#send(uri, snapshot);
    }
  }

  *#send(uri: string, snapshot: Snapshot): Steps<void> {
    const report = yield* snapshot.report(uri);
    const diagnostics = report === undefined ? [] : diagnosticsOf(report, snapshot, this.#client);
    const version = report?.file.version;
    const state = `${version ?? ""} ${resultIdOf(diagnostics)}`;
    if (this.#shown.get(uri) === state || (diagnostics.length === 0 && version === undefined && !this.#shown.has(uri))) return;
    if (diagnostics.length === 0 && version === undefined) this.#shown.delete(uri);
    else this.#shown.set(uri, state);
    void this.#connection.sendDiagnostics({ uri: snapshot.editorUri(uri), diagnostics, ...(version === undefined ? {} : { version }) });
  }
}
