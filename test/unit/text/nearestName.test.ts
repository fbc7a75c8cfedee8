import assert from "node:assert/strict";
import { nearestName } from "../../../server/src/text/nearestName.ts";

describe("The nearest name", () => {
  const names = ["customers", "orders", "order_lines", "no-float-money"];

  it("is the one with the fewest slips of the pen", () => {
    for (const written of ["ordres", "order", "orderss", "oders", "ORDERS"]) assert.equal(nearestName(written, names), "orders", written);
    assert.equal(nearestName("no-flaot-money", names), "no-float-money");
    assert.equal(nearestName("orderlines", names), "order_lines");
  });

  it("is none when all are too far away", () => {
    for (const written of ["", "x", "invoices", "public"]) assert.equal(nearestName(written, names), undefined, written);
    assert.equal(nearestName("orders", []), undefined);
  });
});
