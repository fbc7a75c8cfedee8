import assert from "node:assert/strict";
import type { ColumnStatistics } from "../../../server/src/database/columnStatistics.ts";
import { parameterColumns } from "../../../server/src/explain/parameterColumns.ts";
import { suggestionsFor } from "../../../server/src/explain/suggestions.ts";
import { titleOfValues } from "../../../server/src/explain/valueTitles.ts";
import { buildPlan } from "../../../server/src/plan/buildPlan.ts";

const column = (operator: string) => ({ parameter: 1, schema: "public", table: "deals", column: "status", operator });
const statistics = (more: Partial<ColumnStatistics>): ColumnStatistics => ({ schema: "public", table: "deals", column: "status", nulls: 0, common: [], bounds: [], ...more });
const common = [
  { value: "open", share: 0.9 },
  { value: "won", share: 0.09 },
  { value: "lost", share: 0.01 },
];

describe("Values to plan a query for", () => {
  it("are the commonest of the column and the rarest that is known", () => {
    assert.deepEqual(suggestionsFor(column("="), statistics({ common }), "text").map(({ value, kind }) => `${kind} ${value}`), ["common open", "rare lost"]);
    assert.deepEqual(suggestionsFor(column("="), statistics({ common, bounds: ["a", "m", "z"] }), "text").map(({ value, kind }) => `${kind} ${value}`), ["common open", "rare m"]);
  });

  it("are where a range holds most and where it holds least", () => {
    const bounds = Array.from({ length: 101 }, (_, i) => String(i));
    assert.deepEqual(suggestionsFor(column(">"), statistics({ bounds }), "integer").map(({ value, kind }) => `${kind} ${value}`), ["common 10", "rare 99"]);
    assert.deepEqual(suggestionsFor(column("<="), statistics({ bounds }), "integer").map(({ value, kind }) => `${kind} ${value}`), ["common 99", "rare 10"]);
  });

  it("are lists where a list is compared, with what needs quotes in quotes", () => {
    assert.equal(suggestionsFor(column("="), statistics({ common: [{ value: 'a"b\\c', share: 1 }] }), "text[]")[0]?.value, '{"a\\"b\\\\c"}');
  });

  it("are a guess by the type where nothing is known, and none for types of a person's own", () => {
    assert.deepEqual(suggestionsFor(undefined, undefined, "bigint"), [{ value: "20", kind: "guess" }]);
    assert.deepEqual(suggestionsFor(column("="), undefined, "uuid")[0]?.kind, "guess");
    assert.deepEqual(suggestionsFor(column("="), undefined, "mood"), []);
    assert.deepEqual(suggestionsFor(column("="), undefined, undefined), []);
  });

  it("are of the column that the plan compares the parameter with, equality first", () => {
    const scan = (condition: string): object => ({ "Node Type": "Seq Scan", "Relation Name": "deals", Schema: "sales", Alias: "d", Filter: condition });
    const plan = buildPlan({ Plan: { ...scan("((d.amount > $2) AND ((d.status)::text = $1) AND (d.note ~~ $12))") } });
    assert.ok(typeof plan !== "string");
    assert.deepEqual([...parameterColumns(plan)].map(([number, found]) => `$${number} ${found.schema ?? ""}.${found.table}.${found.column} ${found.operator}`).sort(), ["$1 sales.deals.status =", "$12 sales.deals.note ~~", "$2 sales.deals.amount >"]);
  });

  it("are called what the query, the column or PostgreSQL calls them", () => {
    const parameters = [
      { number: 1, name: "status", suggestions: [] },
      { number: 2, column: "deals.amount", suggestions: [] },
      { number: 3, suggestions: [] },
      { number: 4, suggestions: [] },
    ];
    assert.equal(titleOfValues(parameters, ["open", "7", null, "x"]), "status = 'open', amount = 7, $3 = NULL, …");
    assert.equal(titleOfValues([], []), "as it is");
  });
});
