/** What a person chose to see of a diagram. */
import type { ErdDeletion } from "../../../../protocol/src/erd.ts";

/** How much of each box is drawn: its name only; keys and foreign keys; every column. */
export type Detail = "names" | "keys" | "columns";

export type Overlay = "findings" | "personalData" | "rowSecurity" | "size";

/** How a box is drawn. */
export interface BoxLook {
  readonly detail: Detail;
  readonly overlays: ReadonlySet<Overlay>;
}

export interface PictureOptions {
  readonly detail: Detail;
  /** Keys of boxes that are not drawn, nor what ends at them. */
  readonly hidden?: ReadonlySet<string>;
  readonly overlays?: ReadonlySet<Overlay>;
  /** Boxes and relations that are selected or found; everything else steps back where `dimmed` says so. */
  readonly highlighted?: ReadonlySet<string>;
  readonly dimmed?: boolean;
  /** A delete that is simulated: boxes and relations are marked by what happens to them. */
  readonly deletion?: ErdDeletion;
}

export const everything: PictureOptions = { detail: "columns", overlays: new Set<Overlay>(["findings"]) };
