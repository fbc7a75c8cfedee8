/** Which boxes of a diagram are drawn, by what a person chose; and what is near what. Pure. */
import type { ErdDiagram, ErdRelation } from "../../protocol/src/erd.ts";
import type { ViewState } from "./state.ts";

export type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

/** By key of a box, the keys of the boxes it is tied to. */
export function neighboursOf(relations: readonly ErdRelation[]): Neighbours {
  const neighbours = new Map<string, Set<string>>();
  const tie = (a: string, b: string): void => {
    const known = neighbours.get(a);
    if (known === undefined) neighbours.set(a, new Set([b]));
    else known.add(b);
  };
  for (const { from, to } of relations) {
    if (from.table === to.table) continue;
    tie(from.table, to.table);
    tie(to.table, from.table);
  }
  return neighbours;
}

/** `key` and everything at most `hops` relations away. */
export function within(key: string, hops: number, neighbours: Neighbours): ReadonlySet<string> {
  const reached = new Set([key]);
  let edge = [key];
  for (let hop = 0; hop < hops && edge.length > 0; hop++) {
    edge = edge.flatMap((one) => [...(neighbours.get(one) ?? [])]).filter((one) => !reached.has(one));
    for (const one of edge) reached.add(one);
  }
  return reached;
}

/** Keys of the boxes that are not drawn. */
export function hiddenBoxes(diagram: ErdDiagram, state: ViewState, neighbours: Neighbours): ReadonlySet<string> {
  const hidden = new Set(state.hidden);
  const { around, groups, onlyWithFindings } = state;
  const exists = around !== undefined && [...diagram.tables, ...diagram.enums].some(({ key }) => key === around.key);
  const near = exists ? within(around.key, around.hops, neighbours) : undefined;
  for (const box of [...diagram.tables, ...diagram.enums]) {
    if (near !== undefined && !near.has(box.key)) hidden.add(box.key);
    if (groups !== undefined && !groups.includes(box.group)) hidden.add(box.key);
    if (onlyWithFindings && !("findings" in box && box.findings.length > 0)) hidden.add(box.key);
  }
  return hidden;
}

/** Why less is shown than there is, for people; empty when all of it is. */
export function filtersInWords(diagram: ErdDiagram, state: ViewState, hidden: ReadonlySet<string>): string {
  const boxes = [...diagram.tables, ...diagram.enums];
  const left = boxes.filter(({ key }) => !hidden.has(key)).length;
  if (left === boxes.length) return "";
  const name = state.around === undefined ? undefined : boxes.find(({ key }) => key === state.around?.key)?.name;
  const reasons = [
    ...(name === undefined || state.around === undefined ? [] : [`around ${name}, ${state.around.hops} ${state.around.hops === 1 ? "hop" : "hops"}`]),
    ...(state.onlyWithFindings ? ["only with findings"] : []),
    ...(state.groups === undefined ? [] : [`${state.groups.length} of ${diagram.groups.length} groups`]),
    ...(state.hidden.length === 0 ? [] : [`${state.hidden.length} hidden`]),
  ];
  return `${left} of ${boxes.length} shown: ${reasons.join(", ")}`;
}
