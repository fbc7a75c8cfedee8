/** What can be read of a diagram from far away. */
import assert from "node:assert/strict";
import type { ErdPositions } from "../../../protocol/src/erd.ts";
import { isReadable, type Label, labelsOf } from "../../../media/erd/labels.ts";
import { finished, movedScene, type Scene, sceneOf } from "../../../media/erd/scene.ts";
import { overlap } from "../../../media/erd/viewport.ts";
import { prismaDiagram } from "../../support/diagrams.ts";

const count = 120;
const models = Array.from({ length: count }, (_, i) =>
  i === 0 ? "model Hub {\n  id Int @id\n  spokes Spoke1[]\n}" : `model Spoke${i} {\n  id Int @id\n${i === 1 ? "  hubId Int\n  hub Hub @relation(fields: [hubId], references: [id])\n" : ""}}`,
);
const diagram = prismaDiagram(models.join("\n\n"));
const positions: ErdPositions = Object.fromEntries(diagram.tables.map(({ key }, i) => [key, { x: (i % 12) * 200, y: Math.floor(i / 12) * 120 }]));

describe("Names seen from far away", () => {
  const scene = sceneOf({ diagram, positions });
  const labelled = (scale: number): readonly Label[] => labelsOf(scene, [{ name: "everything", at: { x: 0, y: -2000 } }], new Set(), scale);

  it("are never smaller than ten pixels on the screen", () => {
    for (const scale of [0.02, 0.05, 0.1, 0.2]) for (const { size } of labelled(scale)) assert.ok(size * scale >= 9.99, `${size * scale} at ${scale}`);
  });

  it("never lie over each other", () => {
    for (const scale of [0.02, 0.05, 0.1, 0.2]) {
      const areas = labelled(scale).map(({ area }) => area);
      areas.forEach((area, i) => assert.ok(!areas.slice(i + 1).some((other) => overlap(area, other)), `at ${scale}`));
    }
  });

  it("reach no farther to the sides than the boxes do", () => {
    const right = Math.max(...[...scene.boxes.values()].map(({ area }) => area.x + area.width));
    const far = labelsOf(scene, [{ name: "a group at the right edge", at: { x: right - 10, y: -2000 } }], new Set(), 0.2);
    for (const { area, lines } of far) assert.ok(area.x >= -0.01 && area.x + area.width <= right + 0.01, lines.join(" "));
  });

  it("are of groups and of the most tied tables first, and of what is selected before those", () => {
    const [group, table] = labelled(0.02);
    assert.deepEqual([group?.kind, table?.lines.join("")], ["group", "Hub"]);
    const chosen = labelsOf(scene, [], new Set(), 0.02, "public.Spoke77")[0];
    assert.equal(chosen?.lines.join(""), "Spoke77");
  });

  it("are only of boxes whose own name cannot be read", () => {
    assert.deepEqual(labelsOf(scene, [], new Set(), 1), []);
    assert.ok([...scene.boxes.values()].every((placed) => isReadable(placed, 1)));
  });
});

describe("The scene of a diagram", () => {
  const whole = (scene: Scene): Scene => {
    const steps = finished(scene);
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
    }
  };

  it("has its boxes at once and its relations afterwards", () => {
    const first = sceneOf({ diagram, positions });
    assert.deepEqual([first.boxes.size, first.relations.length, first.isUnfinished], [count, 0, true]);
    assert.deepEqual([whole(first).relations.length, whole(first).isUnfinished], [diagram.relations.length, false]);
  });

  it("keeps what did not change as the same objects, also when the picture comes again", () => {
    const before = whole(sceneOf({ diagram, positions }));
    const after = sceneOf(JSON.parse(JSON.stringify({ diagram, positions })), before);
    assert.equal(after.isUnfinished, false);
    assert.equal(after.relations[0], before.relations[0]);
    for (const [key, placed] of after.boxes) assert.equal(placed, before.boxes.get(key));
  });

  it("finds a new course for what ends at a box that is moved, and for nothing else", () => {
    const before = whole(sceneOf({ diagram, positions }));
    const moved = movedScene(before, { "public.Spoke1": { x: 900, y: 900 } });
    assert.deepEqual([moved.relations.length, moved.isUnfinished], [0, true]);
    assert.notDeepEqual(whole(moved).relations[0]?.route, before.relations[0]?.route);
    assert.equal(movedScene(before, { "public.Spoke99": { x: 900, y: 900 } }).relations[0], before.relations[0]);
  });

  it("slides the end of a line along when a column is added above it, and searches where the line would cross a box", () => {
    const pair = (...added: readonly string[]) =>
      prismaDiagram(`model Parent {\n${added.map((name) => `  ${name} Int\n`).join("")}  id Int @id\n  children Child[]\n}\n\nmodel Child {\n  id Int @id\n  parentId Int\n  parent Parent @relation(fields: [parentId], references: [id])\n}\n\nmodel Wall {\n  id Int @id\n  a Int\n}`);
    const at: ErdPositions = { "public.Child": { x: 0, y: 0 }, "public.Parent": { x: 600, y: 300 }, "public.Wall": { x: 5000, y: 5000 } };
    const before = whole(sceneOf({ diagram: pair(), positions: at }));
    const after = whole(sceneOf({ diagram: pair("first", "second"), positions: at }, before));
    const [old, slid] = [before.relations[0]?.route.points ?? [], after.relations[0]?.route.points ?? []];
    assert.ok(old.length >= 4, "the line has a piece that gives way");
    assert.deepEqual(slid, old.map((point, i) => (i >= old.length - 2 ? { ...point, y: point.y + 40 } : point)));
    const middle = slid[1] ?? { x: 0, y: 0 };
    const blocked = whole(sceneOf({ diagram: pair("first", "second"), positions: { ...at, "public.Wall": { x: middle.x - 70, y: middle.y + 60 } } }, before));
    assert.notDeepEqual(blocked.relations[0]?.route.points, slid);
  });
});
