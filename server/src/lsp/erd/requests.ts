/** Which handler answers which request about diagrams. What asks is parsed first. */
import type { CancellationToken, Connection, ResponseError } from "vscode-languageserver/node";
import * as v from "valibot";
import { erdEdit, type ErdOutcome, erdPicture, type ErdPicture, type ErdPictureParams, erdPlace, erdSources, erdStates } from "../../../../protocol/src/erd.ts";
import { editParamsShape, pictureParamsShape, sourcesParamsShape, statesParamsShape, targetParamsShape } from "../../../../protocol/src/erdShapes.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { answering, type Handler, type Serving } from "../handling.ts";
import { listErdStates } from "./comparable.ts";
import type { ErdDiagrams } from "./diagrams.ts";
import type { LayoutThread } from "./layoutThread.ts";
import { type ErdWritten, writeErdEdit } from "./edit.ts";
import { erdPlaceOf } from "./place.ts";
import { pictureOf } from "./pictureOf.ts";
import { listErdSources } from "./sources.ts";
import type { ErdStates } from "./states.ts";

export interface ErdServing {
  readonly diagrams: ErdDiagrams;
  readonly layout: LayoutThread;
  readonly states: ErdStates;
}

export function answerErdRequests(connection: Connection, serving: Serving, erd: ErdServing): void {
  connection.onRequest(erdSources, answering(serving, erdSources, parsed(sourcesParamsShape, listErdSources), () => []));
  connection.onRequest(erdStates, answering(serving, erdStates, parsed(statesParamsShape, listErdStates), () => ({ migrations: [], revisions: [] })));
  connection.onRequest(erdPlace, answering(serving, erdPlace, parsed(targetParamsShape, erdPlaceOf), () => null));
  const write = answering(serving, erdEdit, parsed(editParamsShape, (snapshot, params, { client, now }) => writeErdEdit(snapshot, params, { diagrams: erd.diagrams, client, now })), (): ErdWritten => faultyEdit);
  connection.onRequest<ErdOutcome, never>(erdEdit, async (params: unknown, token: CancellationToken) => apply(await write(params, token), connection));
  const picture = (snapshot: Snapshot, { source, positions }: ErdPictureParams): Steps<ErdPicture | Promise<ErdPicture>> =>
    pictureOf(snapshot, source, positions, erd);
  connection.onRequest(erdPicture, answering(serving, erdPicture, parsed(pictureParamsShape, picture), () => faulty));
}

async function apply(written: ErdWritten | ResponseError<never>, connection: Connection): Promise<ErdOutcome | ResponseError<never>> {
  if (!("ok" in written) || !written.ok) return written;
  const { applied } = await connection.workspace.applyEdit({ label: written.label, edit: written.edit });
  return applied ? { ok: true } : { ok: false, reason: "The editor refused the change: a text has changed meanwhile." };
}

/** A handler for parameters as they came. @throws when they have another shape, which `answering` takes for a fault. */
function parsed<Params, Result>(shape: v.GenericSchema<unknown, Params>, handler: Handler<Params, Result>): Handler<unknown, Result> {
  return (snapshot, params, context) => handler(snapshot, v.parse(shape, params), context);
}

const faultyEdit: ErdWritten = { ok: false, reason: "There was a fault in writing this change; the output has the details." };

const reason = "There was a fault in making this diagram; the output has the details.";
const faulty: ErdPicture = {
  diagram: { revision: 0, title: "", status: { kind: "empty", reason }, tables: [], enums: [], relations: [], groups: [], isDifference: false },
  positions: {},
};
