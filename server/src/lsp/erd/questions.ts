/** What a view asks about a diagram that it shows: what a DELETE would do, and the diagram as text in another format. */
import type { Connection } from "vscode-languageserver/node";
import * as v from "valibot";
import { type ErdDeletion, erdDeletion, type ErdDeletionParams, erdExport, type ErdExportParams, type ErdPicture } from "../../../../protocol/src/erd.ts";
import { deletionParamsShape, exportParamsShape } from "../../../../protocol/src/erdShapes.ts";
import { deletionOf } from "../../erd/deletion.ts";
import { exportText } from "../../erd/exports/exportText.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { digestOf } from "../../workspace/digest.ts";
import { finishInSlices, type Steps } from "../../workspace/steps.ts";
import { answering, type Serving } from "../handling.ts";
import { type Drawing, pictureOf } from "./pictureOf.ts";

export function answerErdQuestions(connection: Connection, serving: Serving, drawing: Drawing): void {
  const deletion = (snapshot: Snapshot, params: unknown): Steps<ErdDeletion | Promise<ErdDeletion>> => deletionIn(snapshot, v.parse(deletionParamsShape, params), drawing);
  connection.onRequest(erdDeletion, answering(serving, erdDeletion, deletion, () => faultyDeletion));
  const text = (snapshot: Snapshot, params: unknown): Steps<string | Promise<string>> => textOf(snapshot, v.parse(exportParamsShape, params), drawing);
  connection.onRequest(erdExport, answering(serving, erdExport, text, () => ""));
}

/** In a difference, of the later schema. */
function* deletionIn(snapshot: Snapshot, { source, table }: ErdDeletionParams, { states }: Drawing): Steps<ErdDeletion | Promise<ErdDeletion>> {
  const state = source.kind === "difference" ? source.after : source;
  const tell = function* (): Steps<ErdDeletion> {
    const stated = yield* states.schema(snapshot, state);
    return stated.ok ? deletionOf(stated.schema, table) : { table, effects: [], summary: stated.reason };
  };
  return states.needsGit(state) ? states.read(snapshot, state).then(() => finishInSlices(tell(), () => false)) : yield* tell();
}

function* textOf(snapshot: Snapshot, { source, format, positions, hidden, palette }: ErdExportParams, drawing: Drawing): Steps<string | Promise<string>> {
  const picture = yield* pictureOf(snapshot, source, positions, drawing);
  const write = ({ diagram, positions: placed }: ErdPicture): string => exportText(diagram, format, { palette, positions: placed, hidden, digest: digestOf });
  return picture instanceof Promise ? picture.then(write) : write(picture);
}

const faultyDeletion: ErdDeletion = { table: "", effects: [], summary: "There was a fault in simulating this delete; the output has the details." };
