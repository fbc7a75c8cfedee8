import assert from "node:assert/strict";
import { compareBounds, hashBound, rangeBound } from "../../../server/src/model/partitionBounds.ts";

describe("bounds of partitions", () => {
  it("of a range meet when the times are the same, however they are written", () => {
    const [day, minute, zoned] = ["'2026-02-01'", "'2026-02-01 00:00'", "'2026-02-01T00:00:00.000Z'::timestamp with time zone"].map(from);
    assert.ok(day !== undefined && minute !== undefined && zoned !== undefined);
    assert.equal(compareBounds(day, minute), 0);
    assert.equal(compareBounds(day, zoned), 0);
  });

  it("of a range are in the order of their values, not of their texts", () => {
    const [nine, ten] = [from("9"), from("10")];
    assert.ok(nine !== undefined && ten !== undefined);
    assert.equal(Math.sign(compareBounds(nine, ten) ?? 0), -1);
  });

  it("have no order across time zones, nor across kinds", () => {
    const [utc, east, number] = [from("'2026-02-01 00:00+00'"), from("'2026-02-01 00:00+02'"), from("7")];
    assert.ok(utc !== undefined && east !== undefined && number !== undefined);
    assert.equal(compareBounds(utc, east), undefined);
    assert.equal(compareBounds(utc, number), undefined);
  });

  it("reach from the beginning to the end of the line", () => {
    const whole = rangeBound("FOR VALUES FROM (MINVALUE) TO (maxvalue)");
    assert.deepEqual(whole, { from: { kind: "min" }, to: { kind: "max" } });
    assert.equal(compareBounds({ kind: "min" }, { kind: "number", value: -1e9 }), -1);
  });

  it("that the text gives no order for are no range", () => {
    for (const bound of ["FOR VALUES FROM ('a') TO ('b')", "FOR VALUES FROM (1, 2) TO (3, 4)", "FOR VALUES IN ('a')", "DEFAULT", "FOR VALUES FROM (now()) TO (now())", ""])
      assert.equal(rangeBound(bound), undefined, bound);
  });

  it("of a hash are a modulus and a remainder", () => {
    assert.deepEqual(hashBound("for values with (modulus 4, remainder 3)"), { modulus: 4, remainder: 3 });
    assert.equal(hashBound("DEFAULT"), undefined);
  });
});

function from(value: string): Parameters<typeof compareBounds>[0] | undefined {
  return rangeBound(`FOR VALUES FROM (${value}) TO (MAXVALUE)`)?.from;
}
