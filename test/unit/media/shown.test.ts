import assert from "node:assert/strict";
import type { ErdDiagram, ErdRelation, ErdTable } from "../../../protocol/src/erd.ts";
import { nextBox } from "../../../media/erd/navigation.ts";
import { search } from "../../../media/erd/search.ts";
import { filtersInWords, hiddenBoxes, neighboursOf, within } from "../../../media/erd/shown.ts";
import { initialState, parseState } from "../../../media/erd/state.ts";

const table = (name: string, group = "a", columns: readonly string[] = ["id"]): ErdTable => ({
  key: `public.${name}`,
  schema: "public",
  name,
  kind: "table",
  columns: columns.map((column) => ({ name: column, type: "integer", primaryKey: column === "id", foreignKey: false, unique: false, nullable: false })),
  group,
  findings: name === "orders" ? [{ rule: "r", severity: "warning", message: "m" }] : [],
  rowSecurity: { enabled: false, forced: false, policies: [] },
  accessibleName: name,
});
const relation = (from: string, to: string): ErdRelation => ({
  key: `public.${from}.${to}`,
  kind: "foreignKey",
  from: { table: `public.${from}`, columns: ["id"], cardinality: "many", optional: true },
  to: { table: `public.${to}`, columns: ["id"], cardinality: "one", optional: false },
  hasIndex: true,
  accessibleName: "",
});
const diagram: ErdDiagram = {
  revision: 1,
  title: "shop",
  status: { kind: "ok" },
  tables: [table("customers", "a", ["id", "order_count"]), table("orders"), table("lines"), table("logs", "b")],
  enums: [],
  relations: [relation("orders", "customers"), relation("lines", "orders")],
  groups: [
    { key: "a", name: "a", kind: "domain" },
    { key: "b", name: "b", kind: "rest" },
  ],
  isDifference: false,
};
const neighbours = neighboursOf(diagram.relations);

describe("What is shown", () => {
  it("is everything at first", () => {
    assert.equal(hiddenBoxes(diagram, initialState, neighbours).size, 0);
    assert.equal(filtersInWords(diagram, initialState, new Set()), "");
  });

  it("is what is at most so many relations away", () => {
    assert.deepEqual([...within("public.customers", 1, neighbours)], ["public.customers", "public.orders"]);
    assert.deepEqual([...within("public.customers", 2, neighbours)], ["public.customers", "public.orders", "public.lines"]);
    const state = { ...initialState, around: { key: "public.customers", hops: 1 } };
    const hidden = hiddenBoxes(diagram, state, neighbours);
    assert.deepEqual([...hidden].sort(), ["public.lines", "public.logs"]);
    assert.equal(filtersInWords(diagram, state, hidden), "2 of 4 shown: around customers, 1 hop");
  });

  it("is everything again when the table in the middle has gone", () => {
    assert.equal(hiddenBoxes(diagram, { ...initialState, around: { key: "public.gone", hops: 1 } }, neighbours).size, 0);
  });

  it("can be tables with findings, or of some groups", () => {
    assert.equal(hiddenBoxes(diagram, { ...initialState, onlyWithFindings: true }, neighbours).has("public.orders"), false);
    assert.equal(hiddenBoxes(diagram, { ...initialState, onlyWithFindings: true }, neighbours).size, 3);
    assert.deepEqual([...hiddenBoxes(diagram, { ...initialState, groups: ["a"] }, neighbours)], ["public.logs"]);
  });
});

describe("Searching", () => {
  it("finds the table that is called so before columns that contain it", () => {
    assert.deepEqual(search(diagram, "order").map(({ label }) => label), ["orders", "customers.order_count"]);
    assert.deepEqual(search(diagram, " "), []);
    assert.deepEqual(search(diagram, "nothing"), []);
  });
});

describe("Arrow keys", () => {
  it("go to the nearest table that way, and nowhere at the edge", () => {
    const at = (x: number, y: number): { x: number; y: number; width: number; height: number } => ({ x, y, width: 10, height: 10 });
    const boxes = new Map([["a", at(0, 0)], ["b", at(50, 5)], ["c", at(200, 0)], ["d", at(0, 90)]]);
    assert.equal(nextBox("a", "right", boxes), "b");
    assert.equal(nextBox("b", "right", boxes), "c");
    assert.equal(nextBox("a", "down", boxes), "d");
    assert.equal(nextBox("a", "left", boxes), undefined);
  });
});

describe("What a page remembers", () => {
  it("is what it was, or nothing at all when it is something else", () => {
    const state = { ...initialState, viewport: { x: 1, y: 2, scale: 0.5 }, source: { kind: "project", uri: "file:///a" } } as const;
    assert.deepEqual(parseState(JSON.parse(JSON.stringify(state))), state);
    for (const other of [undefined, null, 3, { viewport: { x: "1" } }, { ...state, overlays: ["all"] }]) assert.deepEqual(parseState(other), initialState);
  });
});
