/** An arrangement in which some boxes stand already, whether they are nearly all of them or a few that a person dragged. */
import type { ErdDiagram, ErdPositions } from "../../../../protocol/src/erd.ts";
import { type Box, boxesOf } from "../picture/boxes.ts";
import { arrange } from "./arrange.ts";

/** Every box; `kept` ones where they are. */
export function arrangeAround(diagram: ErdDiagram, kept: ErdPositions): ErdPositions {
  const boxes = boxesOf(diagram);
  const standing = Object.fromEntries(Object.entries(kept).filter(([key]) => boxes.has(key)));
  const count = Object.keys(standing).length;
  if (count === 0) return arrange(diagram);
  if (count * 2 > boxes.size) return arrange(diagram, standing);
  // Too few to build around: a picture of its own, in which what stands in the way of a kept box looks for another place.
  const free = Object.entries(arrange(diagram)).filter(
    ([key, at]) => standing[key] === undefined && !Object.entries(standing).some(([other, place]) => meet(boxes.get(key), at, boxes.get(other), place)),
  );
  return arrange(diagram, { ...Object.fromEntries(free), ...standing });
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function meet(a: Box | undefined, at: Place, b: Box | undefined, place: Place): boolean {
  if (a === undefined || b === undefined) return false;
  return at.x < place.x + b.width && place.x < at.x + a.width && at.y < place.y + b.height && place.y < at.y + a.height;
}
