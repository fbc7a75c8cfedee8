import assert from "node:assert/strict";
import { blockSize, changeOf, count, milliseconds, misestimate, percent } from "../../../media/plan/figures.ts";
import { icicle, PlanTree, unfolded } from "../../../media/plan/planTree.ts";
import { initialState, parseState } from "../../../media/plan/state.ts";
import type { PlanNodeView, PlanSheet } from "../../../protocol/src/plan.ts";

const node = (id: number, parent: number | undefined, self: number, depth: number): PlanNodeView => ({ id, depth, type: `N${id}`, kind: "other", rows: { estimated: 1 }, facts: [], cost: { self, total: self, startup: 0 }, ...(parent === undefined ? {} : { parent }) });
const sheet = (nodes: readonly PlanNodeView[]): PlanSheet => ({ title: "", nodes, leftOut: 0, isAnalyzed: false, isGeneric: false, totals: { triggers: [], settings: [] }, measures: ["cost"], insights: [{ id: "a", severity: "information", summary: "", message: "", why: "", sources: [], node: 2 }, { id: "b", severity: "warning", summary: "", message: "", why: "", sources: [], node: 2 }], notes: [] });
const tree = new PlanTree(sheet([node(0, undefined, 10, 0), node(1, 0, 30, 1), node(2, 1, 60, 2), node(3, 0, 0, 1)]));

describe("A plan's picture", () => {
  it("adds up: what nodes have alone is the whole", () => {
    assert.equal(tree.whole("cost"), 100);
    const [root] = tree.roots;
    assert.ok(root !== undefined);
    assert.equal(tree.sum(root, "cost"), 100);
    assert.deepEqual(tree.nodes.map((each) => tree.share(each, "cost")), [0.1, 0.3, 0.6, 0]);
  });

  it("shows the gravest insight of a node", () => assert.equal(tree.node(2)?.severity, "warning"));

  it("leaves out what is below a node that is folded up", () => {
    assert.deepEqual(unfolded(tree, new Set([1])).map(({ view }) => view.id), [0, 1, 3]);
    assert.deepEqual(unfolded(tree, new Set()).map(({ view }) => view.id), [0, 1, 2, 3]);
  });

  it("is as an icicle as wide below as above, and never wider", () => {
    const boxes = icicle(tree, "cost", undefined, 0.001);
    assert.deepEqual(boxes.map(({ node: { view }, start, width, depth }) => [view.id, start, width, depth]).sort(), [[0, 0, 1, 0], [1, 0, 0.9, 1], [2, 0, 0.6, 2]]);
    const inner = icicle(tree, "cost", tree.node(1), 0.001);
    assert.equal(inner[0]?.width, 1);
    assert.ok(Math.abs((inner.find(({ node: { view } }) => view.id === 2)?.width ?? 0) - 60 / 90) < 1e-9);
  });

  it("gives every leaf the same width where nothing is measured", () => {
    const widths = icicle(tree, "time", undefined, 0.001).map(({ node: { view }, width }) => [view.id, width]);
    assert.deepEqual(widths.sort(), [[0, 1], [1, 0.5], [2, 0.5], [3, 0.5]]);
  });

  it("writes figures with few digits and one unit", () => {
    assert.deepEqual([0, 0.256, 9.876, 12.4, 999.6, 1234, 12_345_678, 4.2e9].map(count), ["0", "0.26", "9.88", "12", "1,000", "1,234", "12.3 M", "4.2 G"]);
    assert.deepEqual([0.0421, 0.5, 9.876, 214.3, 12_345, 90_000].map(milliseconds), ["0.042 ms", "0.5 ms", "9.88 ms", "214 ms", "12.3 s", "1.5 min"]);
    assert.deepEqual([0, 0.0001, 0.003, 0.256, 1].map(percent), ["0%", "<0.1%", "0.3%", "26%", "100%"]);
    assert.equal(blockSize(1204), "9.4 MB");
    assert.deepEqual([changeOf(8412, 9.3), changeOf(100, 104), changeOf(10, 84), changeOf(5, 5), changeOf(0, 5)], ["−99.8%", "+4%", "×8.4", "±0%", "new"]);
  });

  it("calls an estimate wrong only where it matters", () => {
    assert.deepEqual(misestimate(1, 400), { factor: 400, way: "more" });
    assert.deepEqual(misestimate(1000, 10), { factor: 100, way: "fewer" });
    assert.equal(misestimate(10, 12), undefined);
    assert.equal(misestimate(1, 5), undefined, "few rows do not matter");
    assert.equal(misestimate(undefined, 5), undefined);
  });

  it("remembers what was chosen, and nothing that was not remembered by it", () => {
    assert.deepEqual(parseState({ ...initialState, picture: "icicle", selected: 3 }), { ...initialState, picture: "icicle", selected: 3 });
    for (const broken of [undefined, null, 7, {}, { ...initialState, picture: "pie" }, { ...initialState, selected: -1 }]) assert.deepEqual(parseState(broken), initialState);
  });
});
