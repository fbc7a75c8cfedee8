import assert from "node:assert/strict";
import { queryFingerprint } from "../../../server/src/sql/fingerprint.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";

describe("the fingerprint of a query", () => {
  before(loadSqlParser);

  it("is the same whatever the constants, the white space and the case of keywords", () => {
    const one = queryFingerprint("SELECT * FROM people WHERE id = 7 -- note");
    assert.match(one ?? "", /^[0-9a-f]{16}$/);
    assert.equal(queryFingerprint("select *\nfrom people where id = $1"), one);
  });

  it("differs for another table, column or operator", () => {
    const all = ["SELECT * FROM a WHERE x = 1", "SELECT * FROM b WHERE x = 1", "SELECT * FROM a WHERE y = 1", "SELECT * FROM a WHERE x > 1"].map(queryFingerprint);
    assert.equal(new Set(all).size, 4);
  });

  it("is undefined for what cannot be parsed", () => {
    for (const text of ["", "SELECT * FRM a", "SELECT 'open", "\\d people", "SELECT 1\0; DROP TABLE x", `SELECT ${"(".repeat(20_000)}`, " ".repeat(1_000_001)]) assert.equal(queryFingerprint(text), undefined, text.slice(0, 20));
  });
});
