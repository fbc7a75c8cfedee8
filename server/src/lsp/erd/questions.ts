/** What a view asks about a diagram that it shows: what a DELETE would do, and the diagram as text in another format. */
import type { Connection } from "vscode-languageserver/node";
import * as v from "valibot";
import { type ErdDeletion, erdDeletion, type ErdDeletionParams, type ErdDiagram, erdExport, type ErdExported, type ErdExportParams, type ErdLettering, type ErdPicture, type ErdTextFormat } from "../../../../protocol/src/erd.ts";
import { deletionParamsShape, exportParamsShape } from "../../../../protocol/src/erdShapes.ts";
import { deletionOf } from "../../erd/deletion.ts";
import type * as Text from "../../erd/exports/exportText.ts";
import type * as Words from "../../erd/exports/words.ts";
import type { Lettering } from "../../erd/pdf/lettering.ts";
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
  const text = (snapshot: Snapshot, params: unknown): Steps<ErdExported | Promise<ErdExported>> => fileOf(snapshot, v.parse(exportParamsShape, params), drawing);
  connection.onRequest(erdExport, answering(serving, erdExport, text, () => written("")));
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

function* fileOf(snapshot: Snapshot, { source, format, positions, hidden, palette, letterings = [] }: ErdExportParams, drawing: Drawing): Steps<ErdExported | Promise<ErdExported>> {
  const picture = yield* pictureOf(snapshot, source, positions, drawing);
  const write = ({ diagram, positions: placed }: ErdPicture): ErdExported | Promise<ErdExported> => {
    const shown = { palette, positions: placed, hidden };
    return format === "pdf" ? pdf(diagram, { ...shown, letterings }) : text(diagram, format, shown);
  };
  return picture instanceof Promise ? picture.then(write) : write(picture);
}

function written(content: string): ErdExported {
  return { content, shapeless: [], shapelessIn: [] };
}

/** What writes it is read only now: few diagrams are taken elsewhere. */
async function text(diagram: ErdDiagram, format: ErdTextFormat, shown: Omit<Text.ExportOptions, "digest">): Promise<ErdExported> {
  const { exportText }: typeof Text = await import("../../erd/exports/exportText.ts");
  return written(exportText(diagram, format, { ...shown, digest: digestOf }));
}

async function pdf(diagram: ErdDiagram, { hidden, letterings = [], ...drawing }: Pick<ErdExportParams, "palette" | "positions" | "hidden" | "letterings">): Promise<ErdExported> {
  const { pdfOf }: typeof Pdf = await import("../../erd/pdf/pdf.ts");
  const { withoutHidden }: typeof Words = await import("../../erd/exports/words.ts");
  const { bytes, ...others } = pdfOf(withoutHidden(diagram, new Set(hidden)), { ...drawing, font: await diagramFont(), letterings: letterings.map(letteringOf) });
  return { content: Buffer.from(bytes).toString("base64"), ...others };
}

function letteringOf({ data, pixels, ...lettering }: ErdLettering): Lettering {
  return { ...lettering, [pixels]: new Uint8Array(Buffer.from(data, "base64")) };
}

const faultyDeletion: ErdDeletion = { table: "", effects: [], summary: "There was a fault in simulating this delete; the output has the details." };
