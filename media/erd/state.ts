/** What a person chose to see, apart from the schema itself: kept across reloads, and pure. */
import * as v from "valibot";
import type { ErdSource, ErdTarget } from "../../protocol/src/erd.ts";
import { sourceShape, targetShape } from "../../protocol/src/erdShapes.ts";
import type { Viewport } from "./viewport.ts";

export type DetailChoice = "auto" | "names" | "keys" | "columns";
export type OverlayName = "findings" | "personalData" | "rowSecurity" | "size";

export interface ViewState {
  readonly source?: ErdSource;
  /** Undefined until somebody moves: the whole diagram then. */
  readonly viewport?: Viewport;
  readonly selection?: ErdTarget;
  readonly hidden: readonly string[];
  /** Only this box and what is at most so many relations away. */
  readonly around?: { readonly key: string; readonly hops: number };
  readonly onlyWithFindings: boolean;
  /** Keys of groups that are shown; undefined for all. */
  readonly groups?: readonly string[];
  readonly detail: DetailChoice;
  readonly overlays: readonly OverlayName[];
  readonly isListOpen: boolean;
}

export const initialState: ViewState = { hidden: [], onlyWithFindings: false, detail: "auto", overlays: ["findings"], isListOpen: false };

const finite = v.pipe(v.number(), v.finite());

const stateShape: v.GenericSchema<unknown, ViewState> = v.object({
  source: v.exactOptional(sourceShape),
  viewport: v.exactOptional(v.object({ x: finite, y: finite, scale: v.pipe(finite, v.minValue(0.001)) })),
  selection: v.exactOptional(targetShape),
  hidden: v.array(v.string()),
  around: v.exactOptional(v.object({ key: v.string(), hops: v.number() })),
  onlyWithFindings: v.boolean(),
  groups: v.exactOptional(v.array(v.string())),
  detail: v.picklist(["auto", "names", "keys", "columns"]),
  overlays: v.array(v.picklist(["findings", "personalData", "rowSecurity", "size"])),
  isListOpen: v.boolean(),
});

/** What an earlier page remembered; the initial state where that cannot be used. */
export function parseState(remembered: unknown): ViewState {
  const parsed = v.safeParse(stateShape, remembered);
  return parsed.success ? parsed.output : initialState;
}

/** Without one of its optional parts. */
export function without(state: ViewState, name: "viewport" | "selection" | "around" | "groups"): ViewState {
  const { [name]: _gone, ...rest } = state;
  return rest;
}
