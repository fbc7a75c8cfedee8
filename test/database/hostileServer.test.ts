import assert from "node:assert/strict";
import process from "node:process";
import { inspect } from "node:util";
import { DatabaseError } from "../../server/src/database/databaseError.ts";
import { explain } from "../../server/src/database/explain.ts";
import { openReadOnly } from "../../server/src/database/session.ts";
import { type HostileBehaviour, type HostileServer, hostileServer } from "../support/hostileServer.ts";

/** What is waited for here is half a second; the rest is patience with a busy machine. */
describe("a server that goes wrong", function () {
  this.timeout(40_000);

  let server: HostileServer | undefined;
  afterEach(() => server?.stop());

  /** `patience`: milliseconds for an answer; a slow machine takes seconds for hundreds of megabytes. */
  async function failure(behaviour: HostileBehaviour, patience = 500): Promise<DatabaseError> {
    server = await hostileServer(behaviour);
    const { url } = server;
    const settings = { url, connectTimeoutMs: 500, statementTimeoutMs: patience };
    const error = await explain(settings, { text: "SELECT 1", analyze: false, environment: "development", consent: {} }).then(
      (answer) => assert.fail(`an answer: ${JSON.stringify(answer)}`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof DatabaseError, inspect(error));
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /hunter2/);
    return error;
  }

  /** Nothing of ours stays connected to it. */
  async function assertLeftAlone(): Promise<void> {
    const deadline = Date.now() + 3_000;
    while ((server?.openSockets() ?? 0) > 0) {
      assert.ok(Date.now() < deadline, "a connection is still open after three seconds");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it("is given up when it never lets anybody in, and talks all the while", async () => {
    const error = await failure({ atStart: (wire) => wire.endlessly(() => wire.message("N", Buffer.from("SNOTICE\0C00000\0Msoon\0\0"))) });
    assert.match(error.message, /timeout|more than/);
    await assertLeftAlone();
  });

  it("is given up when it answers with notices and nothing else", async () => {
    const error = await failure({ atQuery: { number: 2, misdeed: (wire) => wire.endlessly(() => wire.message("N", Buffer.from("SNOTICE\0C00000\0Mstill here\0\0"))) } });
    assert.match(error.message, /did not answer|more than/);
    await assertLeftAlone();
  });

  it("is given up when it sends rows without end, before they fill the memory", async () => {
    const before = process.memoryUsage().rss;
    const long = "x".repeat(65_536);
    const error = await failure({
      atQuery: {
        number: 2,
        misdeed: (wire) => {
          wire.describe();
          wire.endlessly(() => wire.row("1", long));
        },
      },
    }, 120_000);
    assert.match(error.message, /it sent more than 256 MB for one answer/);
    assert.ok((server?.sent() ?? 0) < 600_000_000, `${server?.sent()} bytes were taken`);
    assert.ok(process.memoryUsage().rss - before < 1_200_000_000);
    await assertLeftAlone();
  });

  it("is given up when it announces a message of 4 GB and sends it", async () => {
    const error = await failure({
      atQuery: {
        number: 2,
        misdeed: (wire) => {
          wire.message("D", Buffer.alloc(0), 0xfffffff0);
          wire.endlessly(() => wire.bytes(Buffer.alloc(65_536)));
        },
      },
    }, 120_000);
    assert.match(error.message, /it sent more than 256 MB for one answer/);
    await assertLeftAlone();
  });

  for (const [what, misdeed] of [
    ["in the middle of a message", (wire) => (wire.message("D", Buffer.alloc(3), 400), wire.hangUp())],
    ["without a word", (wire) => wire.hangUp()],
    ["after half an error", (wire) => (wire.message("E", Buffer.from("SERROR\0C57P01\0Mterm"), 300), wire.hangUp())],
  ] satisfies readonly (readonly [string, NonNullable<HostileBehaviour["atStart"]>])[]) {
    it(`is reported when it hangs up ${what}`, async () => {
      const error = await failure({ atQuery: { number: 2, misdeed } });
      assert.equal(error.isOutage, true, error.message);
      await assertLeftAlone();
    });

    it(`is reported when it hangs up at the beginning, ${what}`, async () => {
      const error = await failure({ atStart: misdeed });
      assert.match(error.message, /^Could not connect to 127\.0\.0\.1:\d+\/shop/);
      await assertLeftAlone();
    });
  }

  it("is reported when it speaks another protocol", async () => {
    const error = await failure({ atStart: (wire) => wire.bytes(Buffer.from("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")) });
    assert.match(error.message, /^Could not connect/);
    await assertLeftAlone();
  });

  it("cannot have its error repeat the password", async () => {
    const error = await failure({ atQuery: { number: 1, misdeed: (wire) => (wire.error("XX000", "you said hunter2-of-the-tests"), wire.ready()) } });
    assert.match(error.message, /you said/);
  });

  it("is given up when it is silent in the middle, by a session too", async () => {
    server = await hostileServer({ atQuery: { number: 0, misdeed: () => undefined } });
    await assert.rejects(openReadOnly({ url: server.url, connectTimeoutMs: 500, statementTimeoutMs: 500 }), DatabaseError);
    await assertLeftAlone();
  });
});
