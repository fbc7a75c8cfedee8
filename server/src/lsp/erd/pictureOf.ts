/** `databaseArchitect/erd/picture`: the diagram and where its boxes stand. */
import type { ErdDiagram, ErdPicture, ErdPositions, ErdSource } from "../../../../protocol/src/erd.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { finishInSlices, type Steps } from "../../workspace/steps.ts";
import type { ErdDiagrams } from "./diagrams.ts";
import type { LayoutThread } from "./layoutThread.ts";
import type { ErdStates } from "./states.ts";

export interface Drawing {
  readonly diagrams: ErdDiagrams;
  readonly layout: LayoutThread;
  readonly states: ErdStates;
}

/** What stands stays; the others are placed around it. A promise where that takes another thread, git, or a database. */
export function* pictureOf(snapshot: Snapshot, source: ErdSource, standing: ErdPositions, drawing: Drawing): Steps<ErdPicture | Promise<ErdPicture>> {
  if (!drawing.states.isOutside(source)) return yield* drawn(snapshot, source, standing, drawing);
  return drawnAfterwards(snapshot, source, standing, drawing);
}

async function drawnAfterwards(snapshot: Snapshot, source: ErdSource, standing: ErdPositions, drawing: Drawing): Promise<ErdPicture> {
  await drawing.states.read(snapshot, source);
  return await finishInSlices(drawn(snapshot, source, standing, drawing), () => false);
}

function* drawn(
  snapshot: Snapshot,
  source: ErdSource,
  standing: ErdPositions,
  { diagrams, layout }: Drawing,
): Steps<ErdPicture | Promise<ErdPicture>> {
  const diagram = yield* diagrams.give(snapshot, source);
  const kept = keptOf(diagram, standing);
  if (Object.keys(kept).length === diagram.tables.length + diagram.enums.length) return { diagram, positions: kept };
  return layout.arrange(diagram, kept).then((positions) => ({ diagram, positions }));
}

function keptOf({ tables, enums }: ErdDiagram, standing: ErdPositions): ErdPositions {
  const kept: Record<string, ErdPositions[string]> = {};
  for (const { key } of [...tables, ...enums]) {
    const at = standing[key];
    if (at !== undefined) kept[key] = at;
  }
  return kept;
}
