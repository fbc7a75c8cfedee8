/** The script of the worker thread that arranges diagrams: a large one takes longer than a keystroke may. */
import { parentPort } from "node:worker_threads";
import type { ErdDiagram, ErdPositions } from "../../../../protocol/src/erd.ts";
import { arrangeAround } from "../../erd/layout/keeping.ts";

if (parentPort === null) throw new Error("layoutWorker runs in a worker thread only.");
const port = parentPort;
port.on("message", ({ id, diagram, kept }: LayoutRequest) => {
  try {
    port.postMessage({ id, positions: arrangeAround(diagram, kept) });
  } catch (error) {
    port.postMessage({ id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

export interface LayoutRequest {
  readonly id: number;
  readonly diagram: ErdDiagram;
  readonly kept: ErdPositions;
}
