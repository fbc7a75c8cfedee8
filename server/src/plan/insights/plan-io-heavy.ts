/** Blocks that were not in memory. */
import { count, kilobytes, milliseconds } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planIoHeavy = defineInsight({
  id: "plan-io-heavy",
  severity: "information",
  summary: "Most blocks had to be read from outside of shared buffers.",
  why: "Reading a block from disk takes a hundred times what finding it in memory takes; the second run of the same query may look harmless.",
  sources: ["https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-SHARED-BUFFERS"],
  *check({ plan: { root } }) {
    const { buffers } = root;
    if (buffers === undefined || buffers.read < 1_000 || buffers.read <= buffers.hit) return;
    const waited = buffers.readMs === 0 ? "" : `, ${milliseconds(buffers.readMs)} of waiting`;
    yield told(root, `${count(buffers.read)} blocks (${kilobytes(buffers.read * 8)}) were read and ${count(buffers.hit)} found in memory${waited}.`, { do: "text", text: "Run it again to see it warm; reading fewer blocks (an index, fewer columns) helps in both cases." });
  },
});
