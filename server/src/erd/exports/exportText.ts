/** A diagram as a text in another format: the same bytes for the same diagram. */
import type { ErdDiagram, ErdPositions, ErdTextFormat } from "../../../../protocol/src/erd.ts";
import { dbmlOf } from "./dbml.ts";
import { svgOf } from "../svg.ts";
import { type Digest, htmlOf } from "./html.ts";
import { mermaidOf } from "./mermaid.ts";
import { plantumlOf } from "./plantuml.ts";
import { withoutHidden } from "./words.ts";

export interface ExportOptions {
  /** Of what is drawn: `svg` and `html`. */
  readonly palette: "light" | "dark";
  readonly digest: Digest;
  /** Boxes that stand already; the others are placed. */
  readonly positions?: ErdPositions;
  /** Keys of boxes that are left out. */
  readonly hidden?: readonly string[];
}

export function exportText(diagram: ErdDiagram, format: ErdTextFormat, { hidden = [], digest, ...drawing }: ExportOptions): string {
  const shown = withoutHidden(diagram, new Set(hidden));
  switch (format) {
    case "svg":
      return svgOf(shown, drawing);
    case "html":
      return htmlOf(shown, drawing, digest);
    case "mermaid":
      return mermaidOf(shown);
    case "dbml":
      return dbmlOf(shown);
    case "plantuml":
      return plantumlOf(shown);
  }
}
