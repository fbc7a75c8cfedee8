/** What a view asks about a diagram that it shows: what a DELETE would do, and the diagram as text in another format. */
import type { Connection } from "vscode-languageserver/node";
import * as v from "valibot";
import { type ErdDeletion, erdDeletion, type ErdDeletionParams, type ErdDiagram, erdExport, type ErdExportParams, type ErdPicture } from "../../../../protocol/src/erd.ts";
import { deletionParamsShape, exportParamsShape } from "../../../../protocol/src/erdShapes.ts";
import { deletionOf } from "../../erd/deletion.ts";
import { exportText } from "../../erd/exports/exportText.ts";
import { withoutHidden } from "../../erd/exports/words.ts";
import type * as Pdf from "../../erd/pdf/pdf.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { digestOf } from "../../workspace/digest.ts";
import { diagramFont } from "../../workspace/diagramFont.ts";
import { finishInSlices, type Steps } from "../../workspace/steps.ts";
import { answering, type Serving } from "../handling.ts";
import { type Drawing, pictureOf } from "./pictureOf.ts";

export function answerErdQuestions(connection: Connection, serving: Serving, drawing: Drawing): void {
  const deletion = (snapshot: Snapshot, params: unknown): Steps<ErdDeletion | Promise<ErdDeletion>> => deletionIn(snapshot, v.parse(deletionParamsShape, params), drawing);
  connection.onRequest(erdDeletion, answering(serving, erdDeletion, deletion, () => faultyDeletion));
  const text = (snapshot: Snapshot, params: unknown): Steps<string | Promise<string>> => fileOf(snapshot, v.parse(exportParamsShape, params), drawing);
  connection.onRequest(erdExport, answering(serving, erdExport, text, () => ""));
}

/** In a difference, of the later schema. */
function* deletionIn(snapshot: Snapshot, { source, table }: ErdDeletionParams, { states }: Drawing): Steps<ErdDeletion | Promise<ErdDeletion>> {
  const state = source.kind === "difference" ? source.after : source;
  const tell = function* (): Steps<ErdDeletion> {
    const stated = yield* states.schema(snapshot, state);
    return stated.ok ? deletionOf(stated.schema, table) : { table, effects: [], summary: stated.reason };
  };
  return states.isOutside(state) ? states.read(snapshot, state).then(() => finishInSlices(tell(), () => false)) : yield* tell();
}

function* fileOf(snapshot: Snapshot, { source, format, positions, hidden, palette }: ErdExportParams, drawing: Drawing): Steps<string | Promise<string>> {
  const picture = yield* pictureOf(snapshot, source, positions, drawing);
  const write = ({ diagram, positions: placed }: ErdPicture): string | Promise<string> => {
    const shown = { palette, positions: placed, hidden };
    return format === "pdf" ? pdfText(diagram, shown) : exportText(diagram, format, { ...shown, digest: digestOf });
  };
  return picture instanceof Promise ? picture.then(write) : write(picture);
}

/** In base64. What writes it is read only now: few diagrams are printed. */
async function pdfText(diagram: ErdDiagram, { hidden, ...drawing }: Pick<ErdExportParams, "palette" | "positions" | "hidden">): Promise<string> {
  const { pdfOf }: typeof Pdf = await import("../../erd/pdf/pdf.ts");
  const { bytes } = pdfOf(withoutHidden(diagram, new Set(hidden)), { ...drawing, font: await diagramFont() });
  return Buffer.from(bytes).toString("base64");
}

const faultyDeletion: ErdDeletion = { table: "", effects: [], summary: "There was a fault in simulating this delete; the output has the details." };
