/**
 * The one way every request is answered. A handler is a pure function of a snapshot, in steps; what may go wrong around
 * it is dealt with here: the request is cancelled, the workspace changes meanwhile, the handler has a fault.
 */
import { type CancellationToken, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { Connections } from "../connections/connections.ts";
import type { LabAccess } from "../lab/labs.ts";
import type { KeptProofs } from "../migrations/keptProofs.ts";
import type { EngineThread } from "../prisma/engineThread.ts";
import { Abandoned, finishInSlices, type Steps } from "../workspace/steps.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { ownUri } from "../workspace/workspace.ts";
import type { Activity } from "./activity.ts";
import type { Client } from "./client.ts";
import type { LastPlans } from "./lastPlans.ts";

/** What a handler may know beside the snapshot. */
export interface HandlerContext {
  readonly client: Client;
  readonly now: Date;
  readonly engine: EngineThread;
  readonly lastPlans: LastPlans;
  readonly proofs: KeptProofs;
}

/** What takes a thread of its own is answered as a promise. */
export type Handler<Params, Result> = (snapshot: Snapshot, params: Params, context: HandlerContext) => Steps<Result | Promise<Result>>;

export interface Serving {
  readonly workspace: Workspace;
  readonly client: Client;
  readonly activity: Activity;
  readonly engine: EngineThread;
  /** The databases that a person has made known. */
  readonly connections: Connections;
  /** A scratch database for each project. */
  readonly labs: LabAccess;
  /** What was explained last. */
  readonly lastPlans: LastPlans;
  /** What came of proving migrations. */
  readonly proofs: KeptProofs;
  /** Resolves when settings and parser are there. */
  readonly ready: Promise<void>;
  log(what: string, error: unknown): void;
}

/**
 * Answers with the handler's result over the newest snapshot: work over an older one is dropped and begun again. A
 * cancelled request fails as cancelled, a position in a document that has changed since as outdated; a fault is logged
 * and answered with `empty(params)`, so that the editor goes on.
 */
export function answering<Params, Result>(
  serving: Serving,
  name: string,
  handler: Handler<Params, Result>,
  empty: (params: Params) => Result,
): (params: Params, token: CancellationToken) => Promise<Result | ResponseError<never>> {
  return async (params, token) => {
    const end = serving.activity.begin();
    try {
      await serving.ready;
      const version = versionOf(params, serving.workspace.snapshot());
      for (;;) {
        if (token.isCancellationRequested) return new ResponseError<never>(LSPErrorCodes.RequestCancelled, `${name} was cancelled.`);
        const snapshot = serving.workspace.snapshot();
        if (versionOf(params, snapshot) !== version)
          return new ResponseError<never>(LSPErrorCodes.ContentModified, `${name}: the document has changed.`);
        const isAbandoned = (): boolean => token.isCancellationRequested || serving.workspace.snapshot() !== snapshot;
        try {
          const { client, engine, lastPlans, proofs } = serving;
          const result = await finishInSlices(handler(snapshot, params, { client, engine, lastPlans, proofs, now: new Date() }), isAbandoned);
          if (!(result instanceof Promise)) return result;
          const later = await result;
          if (versionOf(params, serving.workspace.snapshot()) === version) return later;
        } catch (error) {
          if (!(error instanceof Abandoned)) throw error;
        }
      }
    } catch (error) {
      serving.log(name, error);
      return empty(params);
    } finally {
      end();
    }
  };
}

/** The version of the document that the parameters point into, or ask to be formatted; undefined when they do neither. */
function versionOf(params: unknown, snapshot: Snapshot): number | undefined {
  if (typeof params !== "object" || params === null || !("textDocument" in params)) return undefined;
  if (!("position" in params || "range" in params || "options" in params)) return undefined;
  const { textDocument } = params;
  if (typeof textDocument !== "object" || textDocument === null || !("uri" in textDocument) || typeof textDocument.uri !== "string")
    return undefined;
  return snapshot.file(ownUri(textDocument.uri))?.version;
}
