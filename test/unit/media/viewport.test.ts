import assert from "node:assert/strict";
import fc from "fast-check";
import { contains, fitted, kept, largestScale, panned, seen, showing, smallestScale, toScreen, toWorld, zoomed } from "../../../media/erd/viewport.ts";

const viewports = fc.record({ x: fc.double({ min: -1e4, max: 1e4, noNaN: true }), y: fc.double({ min: -1e4, max: 1e4, noNaN: true }), scale: fc.double({ min: smallestScale, max: largestScale, noNaN: true }) });
const points = fc.record({ x: fc.double({ min: 0, max: 2000, noNaN: true }), y: fc.double({ min: 0, max: 2000, noNaN: true }) });
const screen = { width: 800, height: 600 };
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-3;

describe("The viewport", () => {
  it("keeps what is under the pointer there while it zooms", () => {
    fc.assert(
      fc.property(viewports, points, fc.double({ min: 0.1, max: 10, noNaN: true }), (viewport, at, factor) => {
        const under = toWorld(viewport, at);
        const after = toScreen(zoomed(viewport, factor, at), under);
        return near(after.x, at.x) && near(after.y, at.y);
      }),
    );
  });

  it("never zooms out of its bounds", () => {
    let viewport = { x: 0, y: 0, scale: 1 };
    for (let i = 0; i < 100; i++) viewport = zoomed(viewport, 2, { x: 5, y: 5 });
    assert.equal(viewport.scale, largestScale);
    for (let i = 0; i < 100; i++) viewport = zoomed(viewport, 0.5, { x: 5, y: 5 });
    assert.equal(viewport.scale, smallestScale);
  });

  it("keeps some of the diagram in sight, and stays where it is while there is some", () => {
    const box = { x: 100, y: 100, width: 4000, height: 3000 };
    fc.assert(
      fc.property(viewports, (viewport) => {
        const now = seen(kept(viewport, box, screen), screen);
        const some = Math.min(59 / viewport.scale, now.width * 0.49, now.height * 0.49);
        const inner = { x: box.x + some, y: box.y + some, width: box.width - 2 * some, height: box.height - 2 * some };
        return now.x < inner.x + inner.width + 1e-3 && now.x + now.width > inner.x - 1e-3 && now.y < inner.y + inner.height + 1e-3 && now.y + now.height > inner.y - 1e-3;
      }),
    );
    assert.deepEqual(kept({ x: 500, y: 700, scale: 1 }, box, screen), { x: 500, y: 700, scale: 1 });
  });

  it("is back where it was after a pan there and back", () => {
    const viewport = { x: 10, y: 20, scale: 0.5 };
    assert.deepEqual(panned(panned(viewport, 30, -40), -30, 40), viewport);
  });

  it("fits all of a diagram, and makes a small one no larger than life", () => {
    const box = { x: -500, y: 100, width: 9000, height: 3000 };
    assert.ok(contains(seen(fitted(box, screen), screen), box));
    assert.equal(fitted({ x: 0, y: 0, width: 100, height: 50 }, screen).scale, 1);
  });

  it("moves no further than it takes to see a box, and not at all when it is seen", () => {
    const viewport = { x: 0, y: 0, scale: 1 };
    assert.deepEqual(showing(viewport, { x: 100, y: 100, width: 100, height: 100 }, screen), viewport);
    assert.deepEqual(showing(viewport, { x: 1000, y: 100, width: 100, height: 100 }, screen, 0), { x: 300, y: 0, scale: 1 });
  });
});
