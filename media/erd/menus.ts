/** What the menus of the diagram offer. */
import type { ErdDiagram, ErdTarget, ErdFileFormat } from "../../protocol/src/erd.ts";
import type { MenuItem } from "./menu.ts";
import { type DetailChoice, type OverlayName, type ViewState, without } from "./state.ts";

export interface BoxActions {
  reveal(): void;
  around(hops: number): void;
  hide(): void;
  move(): void;
  rename(): void;
  addColumn(): void;
  addRelation(): void;
  simulateDelete(): void;
}

/** `isText`: what is shown stands in files of this workspace as it is, and can be changed there. */
export function boxMenu(target: ErdTarget, { isText, isMovable }: { readonly isText: boolean; readonly isMovable: boolean }, actions: BoxActions): readonly MenuItem[] {
  const isColumn = target.kind === "table" && target.column !== undefined;
  const common: readonly MenuItem[] = [
    { label: "Go to Definition", run: actions.reveal },
    { label: "Show Only Its Neighbours", isSeparate: true, run: () => actions.around(1) },
    { label: "Show Up to 2 Hops Away", run: () => actions.around(2) },
    { label: "Show Up to 3 Hops Away", run: () => actions.around(3) },
    { label: "Hide", run: actions.hide },
    ...(isMovable ? [{ label: "Move", run: actions.move }] : []),
  ];
  if (target.kind !== "table") return common;
  const edits: readonly MenuItem[] = [
    { label: isColumn ? "Rename Column…" : "Rename…", isSeparate: true, run: actions.rename },
    { label: "Add Column…", run: actions.addColumn },
    { label: "Add Relation…", run: actions.addRelation },
  ];
  return [
    ...common,
    ...(isText ? edits : []),
    { label: "Simulate Delete", isSeparate: true, run: actions.simulateDelete },
  ];
}

const details: readonly (readonly [DetailChoice, string])[] = [
  ["auto", "Detail by Zoom"],
  ["names", "Names Only"],
  ["keys", "Keys Only"],
  ["columns", "All Columns"],
];

const overlays: readonly (readonly [OverlayName, string])[] = [
  ["findings", "Findings"],
  ["personalData", "Personal Data"],
  ["rowSecurity", "Row-Level Security"],
  ["size", "Size and Rows"],
];

/** `measure` asks for a database to take sizes from. */
export function viewMenu(diagram: ErdDiagram, state: ViewState, set: (state: ViewState) => void, measure: () => void): readonly MenuItem[] {
  let now = state;
  const change = (next: ViewState): void => {
    now = next;
    set(next);
  };
  const shown = state.groups ?? diagram.groups.map(({ key }) => key);
  const hasSizes = diagram.tables.some(({ size }) => size !== undefined);
  return [
    ...details.map(([detail, label]): MenuItem => ({ label, checked: state.detail === detail, stays: true, run: () => change({ ...now, detail }) })),
    ...overlays
      .filter(([overlay]) => overlay !== "size" || hasSizes)
      .map(([overlay, label], i): MenuItem => ({
        label,
        checked: state.overlays.includes(overlay),
        isSeparate: i === 0,
        stays: true,
        run: () => change({ ...now, overlays: toggled(now.overlays, overlay) }),
      })),
    ...(hasSizes || diagram.isDifference ? [] : [{ label: "Size and Rows from a Database…", run: measure }]),
    { label: "Only Tables with Findings", checked: state.onlyWithFindings, isSeparate: true, stays: true, run: () => change({ ...now, onlyWithFindings: !now.onlyWithFindings }) },
    ...(diagram.groups.length < 2 ? [] : diagram.groups).map((group, i): MenuItem => ({
      label: `${group.name}${group.kind === "schema" ? " (schema)" : ""}`,
      checked: shown.includes(group.key),
      isSeparate: i === 0,
      stays: true,
      run() {
        const groups = toggled(shown, group.key);
        change(groups.length === diagram.groups.length ? without(now, "groups") : { ...now, groups });
      },
    })),
  ];
}

export function exportMenu(run: (format: ErdFileFormat) => void, savePng: () => void): readonly MenuItem[] {
  const formats: readonly (readonly [ErdFileFormat, string])[] = [
    ["svg", "SVG…"],
    ["pdf", "PDF…"],
    ["html", "HTML…"],
    ["mermaid", "Mermaid…"],
    ["dbml", "DBML…"],
    ["plantuml", "PlantUML…"],
  ];
  const [svg, ...others] = formats.map(([format, label]) => ({ label, run: () => run(format) }));
  return [...(svg === undefined ? [] : [svg]), { label: "PNG…", run: savePng }, ...others];
}

function toggled<Item>(items: readonly Item[], item: Item): readonly Item[] {
  return items.includes(item) ? items.filter((one) => one !== item) : [...items, item];
}
