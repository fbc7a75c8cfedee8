import assert from "node:assert/strict";
import * as v from "valibot";
import { type Channel, ChannelClosed, createChannel } from "../../../protocol/src/channel.ts";

const hostMethods = {
  add: { params: v.strictObject({ a: v.number(), b: v.number() }), result: v.number() },
  fail: { params: v.null(), result: v.null() },
  lie: { params: v.null(), result: v.number() },
  never: { params: v.null(), result: v.null() },
};
const viewMethods = { show: { params: v.strictObject({ name: v.string() }), result: v.null() } };

/** Two ends joined as a webview and its host are: messages are copies. */
function pair(): { view: Channel<typeof hostMethods>; host: Channel<typeof viewMethods>; log: string[]; shown: string[]; answers: unknown[] } {
  const log: string[] = [];
  const shown: string[] = [];
  const answers: unknown[] = [];
  const view = createChannel({
    in: viewMethods,
    out: hostMethods,
    handlers: {
      show({ name }) {
        shown.push(name);
        return null;
      },
    },
    post: (message) => host.receive(structuredClone(message)),
    log: (what) => log.push(what),
  });
  const host: Channel<typeof viewMethods> = createChannel({
    in: hostMethods,
    out: viewMethods,
    handlers: {
      add: ({ a, b }) => a + b,
      fail: () => {
        throw new Error("no such thing");
      },
      lie: () => JSON.parse('"not a number"'),
      never: () => new Promise<null>(() => undefined),
    },
    post(message) {
      answers.push(message);
      view.receive(structuredClone(message));
    },
    log: (what) => log.push(what),
  });
  return { view, host, log, shown, answers };
}

describe("A channel", () => {
  it("answers a request with its handler's result, in both directions", async () => {
    const { view, host, shown } = pair();
    assert.equal(await view.request("add", { a: 1, b: 2 }), 3);
    assert.equal(await host.request("show", { name: "orders" }), null);
    assert.deepEqual(shown, ["orders"]);
  });

  it("keeps answers apart that come back in another order", async () => {
    const { view } = pair();
    const answers = await Promise.all([view.request("add", { a: 1, b: 1 }), view.request("add", { a: 2, b: 2 })]);
    assert.deepEqual(answers, [2, 4]);
  });

  it("turns a throw into a reply, and logs it", async () => {
    const { view, log } = pair();
    await assert.rejects(view.request("fail", null), { message: "no such thing" });
    assert.deepEqual(log, ["“fail” failed: no such thing"]);
  });

  it("rejects an answer of another shape", async () => {
    const { view } = pair();
    await assert.rejects(view.request("lie", null), /“lie” was answered with something else/);
  });

  it("drops and logs requests there are not, also those that every object has", () => {
    for (const name of ["run", "toString", "__proto__", "constructor"]) {
      const { host, log, answers } = pair();
      host.receive({ kind: "request", id: 1, name, params: null });
      assert.deepEqual(log, [`dropped a request for “${name}”, which there is not`]);
      assert.deepEqual(answers, []);
    }
  });

  it("drops and logs parameters of another shape", () => {
    const { host, log, answers } = pair();
    host.receive({ kind: "request", id: 1, name: "add", params: { a: 1, b: "rm -rf /" } });
    host.receive({ kind: "request", id: 2, name: "add", params: { a: 1, b: 2, more: true } });
    assert.equal(log.length, 2);
    assert.match(log[0] ?? "", /^dropped a request for “add” with other parameters: b: /);
    assert.deepEqual(answers, []);
  });

  it("drops and logs whatever is no message of a channel", () => {
    for (const message of [null, 1, "request", [], {}, { kind: "request" }, { kind: "request", id: 1.5, name: "add" }, { kind: "other", id: 1 }]) {
      const { host, log } = pair();
      host.receive(message);
      assert.deepEqual(log, ["dropped a message of another shape"], JSON.stringify(message));
    }
  });

  it("drops replies that nobody waits for", async () => {
    const { view, log } = pair();
    await view.request("add", { a: 1, b: 2 });
    view.receive({ kind: "success", id: 1, result: 4 });
    assert.deepEqual(log, ["dropped a reply that nobody waits for"]);
  });

  it("rejects what is pending when it closes, and whatever is asked later", async () => {
    const { view } = pair();
    const pending = view.request("never", null);
    view.close();
    await assert.rejects(pending, ChannelClosed);
    await assert.rejects(view.request("add", { a: 1, b: 2 }), ChannelClosed);
  });

  it("hears nothing once it is closed", () => {
    const { host, shown, view } = pair();
    view.close();
    void host.request("show", { name: "orders" });
    assert.deepEqual(shown, []);
  });
});
