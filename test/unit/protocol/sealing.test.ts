import assert from "node:assert/strict";
import { Seal, sealed } from "../../../protocol/src/sealing.ts";

describe("A sealed secret", () => {
  const secret = "pä$$ wörd 😀 ".repeat(200);

  it("is opened by whom it was sealed for", async () => {
    const seal = new Seal();
    const text = await sealed(secret, await seal.publicKey());
    assert.ok(!text.includes("wörd"));
    assert.equal(await seal.open(text), secret);
    assert.equal(await seal.open(await sealed("", await seal.publicKey())), "");
  });

  it("is another text each time", async () => {
    const key = await new Seal().publicKey();
    assert.notEqual(await sealed(secret, key), await sealed(secret, key));
  });

  it("is closed to everybody else, and to whoever changes it", async () => {
    const seal = new Seal();
    const text = await sealed("s3cret", await seal.publicKey());
    await assert.rejects(new Seal().open(text), /not sealed for this process/);
    for (const other of ["", "s3cret", "a.b.c", `${text.slice(0, -8)}AAAAAAA=`]) {
      await assert.rejects(seal.open(other), (error: Error) => /not sealed for this process/.test(error.message) && !error.message.includes("s3cret"));
    }
  });
});
