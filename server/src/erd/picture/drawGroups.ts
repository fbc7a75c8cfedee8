/** What belongs together as ground under the boxes: one shape for each group, whose boxes' surroundings run into each other. */
import type { ErdDiagram } from "../../../../protocol/src/erd.ts";
import { type Area, grown, meet } from "./geometry.ts";
import { node, type PictureNode } from "./node.ts";

/** Half of what lies between neighbours, and a little more: their grounds meet. */
const margin = 36;
/** Of a group's name above its first box; what overlays say of the box stands between. */
const nameHeight = 23;
/** How many grounds can be told apart; the names tell all of them apart. */
export const tones = 8;

/** Ground and name of each group with at least two boxes in sight, where there is more than one group. */
export function groupNodes(
  diagram: Pick<ErdDiagram, "tables" | "enums" | "groups">,
  areas: ReadonlyMap<string, Area>,
): readonly PictureNode[] {
  if (diagram.groups.length < 2) return [];
  const members = new Map<string, Area[]>();
  for (const { key, group } of [...diagram.tables, ...diagram.enums]) {
    const area = areas.get(key);
    if (area === undefined) continue;
    const list = members.get(group);
    if (list === undefined) members.set(group, [grown(area, margin)]);
    else list.push(grown(area, margin));
  }
  return diagram.groups.flatMap(({ key, name, kind }, i) => {
    const grounds = members.get(key) ?? [];
    if (grounds.length < 2 || kind === "rest") return [];
    const largest = largestPatch(grounds);
    const [highest] = [...largest].sort((a, b) => a.y + a.x / 4 - (b.y + b.x / 4) || a.x - b.x);
    if (highest === undefined) return [];
    return [
      node("g", { class: `group tone-${i % tones}`, "data-group": key }, [
        node("path", { class: "ground", d: grounds.map(shape).join("") }),
        node("text", { class: "groupName", x: highest.x + margin, y: highest.y + margin - nameHeight }, [name]),
      ]),
    ];
  });
}

function shape({ x, y, width, height }: Area): string {
  const r = 14;
  return `M${x + r} ${y}h${width - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${height - 2 * r}a${r} ${r} 0 0 1-${r} ${r}h${2 * r - width}a${r} ${r} 0 0 1-${r}-${r}v${2 * r - height}a${r} ${r} 0 0 1 ${r}-${r}Z`;
}

/** The most grounds that run into each other. */
function largestPatch(grounds: readonly Area[]): readonly Area[] {
  const waiting = new Set(grounds);
  let largest: readonly Area[] = [];
  for (const start of grounds) {
    if (!waiting.delete(start)) continue;
    const patch = [start];
    for (const area of patch) {
      for (const other of waiting) {
        if (!meet(area, other)) continue;
        waiting.delete(other);
        patch.push(other);
      }
    }
    if (patch.length > largest.length) largest = patch;
  }
  return largest;
}
