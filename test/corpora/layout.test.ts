/** What holds for every arrangement, on the corpora's real schemas. */
import assert from "node:assert/strict";
import type { ErdDiagram, ErdPositions } from "../../protocol/src/erd.ts";
import { arrange } from "../../server/src/erd/layout/arrange.ts";
import { boxesOf } from "../../server/src/erd/picture/boxes.ts";
import { type Area, areasOf, around, meet } from "../../server/src/erd/picture/geometry.ts";
import { routesOf } from "../../server/src/erd/picture/routes.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { corpusDiagram, pictureCases, sqlDiagram } from "../support/diagrams.ts";

describe("the arrangement of a diagram", () => {
  before(loadSqlParser);

  forEachCorpus((corpus) => {
    describe(`of ${corpus.id}`, function () {
      this.timeout(60_000);
      let diagram: ErdDiagram;
      let positions: ErdPositions;
      before(() => {
        diagram = corpusDiagram(corpus);
        positions = arrange(diagram);
      });

      it("lets no boxes overlap", () => assertApart(diagram, positions));

      it("is no more than twice as wide as high, nor the other way round", () => {
        const whole = around(areasOf(diagram, boxesOf(diagram), positions).values());
        assert.ok(whole !== undefined);
        const ratio = whole.width / whole.height;
        assert.ok(ratio >= 0.5 && ratio <= 2, `${whole.width} x ${whole.height}`);
      });

      it("does not depend on the order of anything", () => {
        const turned: ErdDiagram = {
          ...diagram,
          tables: diagram.tables.toReversed(),
          enums: diagram.enums.toReversed(),
          relations: diagram.relations.toReversed(),
        };
        assert.deepEqual(arrange(turned), positions);
      });

      it("leaves every box where it stands when one is added", () => {
        const added = diagram.tables[Math.floor(diagram.tables.length / 2)];
        assert.ok(added !== undefined);
        const { [added.key]: _, ...others } = positions;
        const after = arrange(diagram, others);
        for (const [key, at] of Object.entries(others)) assert.deepEqual(after[key], at);
        assertApart(diagram, after);
      });

      it("has a course for every relation, which begins and ends at its boxes", () => {
        const areas = areasOf(diagram, boxesOf(diagram), positions);
        const routes = routesOf(diagram.relations, boxesOf(diagram), areas);
        for (const { key, from, to } of diagram.relations) {
          const points = routes.get(key)?.points ?? [];
          assertAtEdge(areas.get(from.table), points[0], key);
          assertAtEdge(areas.get(to.table), points.at(-1), key);
          points.slice(1).forEach((point, i) => assert.ok(point.x === points[i]?.x || point.y === points[i]?.y, `${key} runs aslant`));
        }
      });
    });
  });

  for (const { id, diagram } of pictureCases) {
    it(`lets no boxes overlap: ${id}`, () => assertApart(diagram(), arrange(diagram())));
  }

  it("goes around a box that stands between two others", () => {
    const diagram = sqlDiagram(
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, a_id int REFERENCES a);",
    );
    const positions = { "public.a": { x: 0, y: 0 }, "public.b": { x: 300, y: 0 }, "public.c": { x: 600, y: 0 } };
    const boxes = boxesOf(diagram);
    const areas = areasOf(diagram, boxes, positions);
    const [route] = routesOf(diagram.relations, boxes, areas).values();
    const between = areas.get("public.b");
    assert.ok(route !== undefined && between !== undefined);
    route.points.slice(1).forEach((b, i) => {
      const a = route.points[i] ?? b;
      const piece = { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x) + 1, height: Math.abs(a.y - b.y) + 1 };
      assert.ok(!meet(piece, between), JSON.stringify(route.points));
    });
  });
});

function assertApart(diagram: ErdDiagram, positions: ErdPositions): void {
  const areas = [...areasOf(diagram, boxesOf(diagram), positions)];
  assert.equal(areas.length, diagram.tables.length + diagram.enums.length);
  areas.forEach(([key, area], i) => {
    for (const [other, second] of areas.slice(i + 1)) assert.ok(!meet(area, second), `${key} and ${other} overlap`);
  });
}

function assertAtEdge(area: Area | undefined, point: { readonly x: number; readonly y: number } | undefined, what: string): void {
  assert.ok(area !== undefined && point !== undefined, what);
  assert.ok(point.x === area.x || point.x === area.x + area.width, `${what} ends beside its box`);
  assert.ok(point.y >= area.y && point.y <= area.y + area.height, `${what} ends above or below its box`);
}
