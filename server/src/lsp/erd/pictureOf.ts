/** `databaseArchitect/erd/picture`: the diagram and where its boxes stand. */
import type { ErdPicture, ErdPositions, ErdSource } from "../../../../protocol/src/erd.ts";
import { boxesOf } from "../../erd/picture/boxes.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { ErdDiagrams } from "./diagrams.ts";

/** What stands stays; the others are placed around it. */
export function* pictureOf(snapshot: Snapshot, source: ErdSource, standing: ErdPositions, diagrams: ErdDiagrams): Steps<ErdPicture> {
  const diagram = yield* diagrams.diagram(snapshot, source);
  yield;
  let [x, y, row] = [0, 0, 0];
  const positions = Object.fromEntries(
    [...boxesOf(diagram).values()].map((box) => {
      const at = standing[box.key];
      if (at !== undefined) return [box.key, at];
      if (x > 3000) [x, y, row] = [0, y + row + 60, 0];
      const place = { x, y };
      x += box.width + 80;
      row = Math.max(row, box.height);
      return [box.key, place];
    }),
  );
  return { diagram, positions };
}
