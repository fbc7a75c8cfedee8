import assert from "node:assert/strict";
import { formatPositions, parsePositions, withPositions } from "../../../protocol/src/erdPositions.ts";

describe("The file of positions", () => {
  it("is sorted, one line a table, whole numbers", () => {
    const text = formatPositions({ "prisma/schema.prisma": { "public.orders": [10.6, -20.2], "public.accounts": [0, 5] } });
    assert.equal(
      text,
      `{
  "version": 1,
  "diagrams": {
    "prisma/schema.prisma": {
      "public.accounts": [0, 5],
      "public.orders": [11, -20]
    }
  }
}
`,
    );
  });

  it("is the same whatever the order in which tables were moved", () => {
    const one = formatPositions({ b: { x: [1, 2], y: [3, 4] }, a: { z: [5, 6] } });
    const other = formatPositions({ a: { z: [5, 6] }, b: { y: [3, 4], x: [1, 2] } });
    assert.equal(one, other);
  });

  it("reads what it wrote, whatever tables are called", () => {
    const positions = { "": { 'public.<img src=x onerror="alert(1)">': [1, 2], "public.a\nb": [3, 4], "public.__proto__x": [5, 6] } } as const;
    assert.deepEqual(parsePositions(formatPositions(positions) ?? ""), positions);
  });

  it("is not there when nothing was moved", () => {
    assert.equal(formatPositions({}), undefined);
    assert.equal(formatPositions(withPositions({ a: { t: [1, 2] } }, "a", {})), undefined);
  });

  it("is nothing to go by when somebody broke it", () => {
    for (const text of ["", "{", "null", "[]", '{"version":2,"diagrams":{}}', '{"version":1,"diagrams":{"a":{"t":[1]}}}', '{"version":1,"diagrams":{"a":{"t":["1",2]}}}', '{"version":1,"diagrams":{"a":{"t":[1e300,2]}}}'])
      assert.equal(parsePositions(text), undefined, text);
  });

  it("keeps the other diagrams when one changes", () => {
    assert.deepEqual(withPositions({ a: { t: [1, 2] }, b: { u: [3, 4] } }, "a", { t: [9, 9] }), { a: { t: [9, 9] }, b: { u: [3, 4] } });
  });
});
