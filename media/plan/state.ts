/** What a person chose to see of a plan, apart from the plan itself: kept across reloads, and pure. */
import * as v from "valibot";

export interface ViewState {
  /** What the host restores the panel by. */
  readonly panel?: string;
  readonly picture: "tree" | "icicle" | "table";
  /** Undefined: the first that the plan has. */
  readonly measure?: "time" | "cost" | "rows" | "buffers";
  readonly tab: TabName;
  readonly statement: number;
  /** A place in the statement's plans, or two side by side. */
  readonly shown: number | "pair";
  readonly selected?: number;
}

export type TabName = "insights" | "node" | "values" | "plans";

export const initialState: ViewState = { picture: "tree", tab: "insights", statement: 0, shown: 0 };

const place = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const stateShape: v.GenericSchema<unknown, ViewState> = v.object({
  panel: v.exactOptional(v.string()),
  picture: v.picklist(["tree", "icicle", "table"]),
  measure: v.exactOptional(v.picklist(["time", "cost", "rows", "buffers"])),
  tab: v.picklist(["insights", "node", "values", "plans"]),
  statement: place,
  shown: v.union([place, v.literal("pair")]),
  selected: v.exactOptional(place),
});

/** What an earlier page remembered; the initial state where that cannot be used. */
export function parseState(remembered: unknown): ViewState {
  const parsed = v.safeParse(stateShape, remembered);
  return parsed.success ? parsed.output : initialState;
}

export function withoutSelection(state: ViewState): ViewState {
  const { selected: _gone, ...rest } = state;
  return rest;
}
