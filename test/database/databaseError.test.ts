import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { redact, toDatabaseError } from "../../server/src/database/databaseError.ts";

describe("redact", () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["password authentication failed for s3cret", ["s3cret"], "password authentication failed for ***"],
    ["postgresql://me:s3cret@db/shop", [], "postgresql://me:***@db/shop"],
    ["see postgres://me:a:b@c@db:5432/shop?x=1 there", [], "see postgres://me:***@db:5432/shop?x=1 there"],
    ["host=db password=s3cret user=me", [], "host=db password=*** user=me"],
    ["host=db password='it\\'s me' user=me", [], "host=db password=*** user=me"],
    ["?user=me&password=s3cret&x=1", [], "?user=me&password=***&x=1"],
    ["p%40ss and p@ss", ["p@ss"], "*** and ***"],
    ["abcdef", ["abc", "abcdef"], "***"],
    ["postgresql://me@db/shop", [], "postgresql://me@db/shop"],
    ["nothing here", [""], "nothing here"],
  ];
  for (const [text, secrets, expected] of cases) {
    it(`leaves ${JSON.stringify(expected)} of ${JSON.stringify(text)}`, () => assert.equal(redact(text, secrets), expected));
  }

  it("never lets a secret through, whatever it is and wherever it stands", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: "binary" }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!before.includes(secret) && !after.includes(secret) && !secret.includes("*"));
        assert.ok(!redact(`${before}${secret}${after}`, [secret]).includes(secret));
      }),
    );
  });
});

describe("toDatabaseError", () => {
  it("keeps what the server said", () => {
    const told = Object.assign(new Error('relation "t" does not exist'), {
      severity: "ERROR",
      code: "42P01",
      position: "15",
      detail: "none",
      hint: "look again",
    });
    const error = toDatabaseError(told, "Could not read", []);
    assert.equal(error.message, 'Could not read: relation "t" does not exist');
    assert.deepEqual([error.sqlState, error.position, error.detail, error.hint], ["42P01", 15, "none", "look again"]);
    assert.equal(error.isOutage, false);
  });

  it("tells the last of several attempts", () => {
    const attempts = new AggregateError([
      Object.assign(new Error("connect ECONNREFUSED ::1:1"), { code: "ECONNREFUSED" }),
      Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" }),
    ]);
    const error = toDatabaseError(attempts, "Could not connect", []);
    assert.equal(error.message, "Could not connect: connect ECONNREFUSED 127.0.0.1:1");
    assert.deepEqual([error.sqlState, error.systemCode, error.isOutage], [undefined, "ECONNREFUSED", true]);
  });

  it("drops the properties of the original, where Node keeps whole addresses", () => {
    const told = Object.assign(new TypeError("Invalid URL"), { code: "ERR_INVALID_URL", input: "postgresql://me:s3cret@:bad" });
    assert.ok(!inspect(toDatabaseError(told, "Could not connect", []), { depth: 9, showHidden: true }).includes("s3cret"));
  });

  it("takes anything that can be thrown", () => {
    for (const thrown of [undefined, null, "text", 1, {}, Symbol("s")])
      assert.ok(toDatabaseError(thrown, "Could not", []).message.startsWith("Could not: "));
  });

  it("takes an end of the server for an outage, a cancelled statement not", () => {
    const withCode = (code: string) => toDatabaseError(Object.assign(new Error("x"), { code, severity: "FATAL" }), "y", []);
    assert.deepEqual(
      ["57P01", "08006", "57014", "42601"].map((code) => withCode(code).isOutage),
      [true, true, false, false],
    );
    assert.equal(withCode("57014").isCanceled, true);
  });
});
