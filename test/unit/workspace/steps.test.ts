import assert from "node:assert/strict";
import { LastCall } from "../../../server/src/workspace/lastCall.ts";
import { Abandoned, finish, finishInSlices, type Steps, turn } from "../../../server/src/workspace/steps.ts";

function* countTo(limit: number, seen: number[]): Steps<string> {
  for (let at = 1; at <= limit; at++) {
    seen.push(at);
    const until = performance.now() + 4;
    while (performance.now() < until);
    yield;
  }
  return "done";
}

describe("Steps", () => {
  it("are refused, instead of going round for ever, where they wait for others and nothing else can go on", () => {
    const memory = new LastCall<number>();
    const inputs: readonly unknown[] = [1];
    const underway = memory.get(inputs, function* () {
      yield;
      return 1;
    });
    underway.next();
    assert.throws(() => finish(memory.get(inputs, function* () { return 2; })), /being computed/);
    assert.equal(finish(underway), 1);
    assert.equal(finish(memory.get(inputs, function* () { return 2; })), 1);
  });

  it("come to the same result with and without pauses", async () => {
    assert.equal(finish(countTo(3, [])), "done");
    assert.equal(await finishInSlices(countTo(3, []), () => false), "done");
  });

  it("let the event loop turn while they run", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await finishInSlices(countTo(20, []), () => false);
    clearInterval(timer);
    assert.ok(turns >= 3, `${turns} turns`);
  });

  it("stop at the next pause after they were given up", async () => {
    const seen: number[] = [];
    let isAbandoned = false;
    setTimeout(() => (isAbandoned = true), 15);
    await assert.rejects(
      finishInSlices(countTo(500, seen), () => isAbandoned),
      Abandoned,
    );
    assert.ok(seen.length < 100, `${seen.length} steps were taken`);
  });
});

describe("A memory of the last call", () => {
  it("computes once for the same inputs, and again for others, with the last result at hand", () => {
    const memory = new LastCall<string>();
    const previous: (string | undefined)[] = [];
    const ask = (input: string): string =>
      finish(
        memory.get([input], function* (last) {
          previous.push(last);
          yield;
          return input.toUpperCase();
        }),
      );
    assert.deepEqual([ask("a"), ask("a"), ask("b"), ask("a")], ["A", "A", "B", "A"]);
    assert.deepEqual(previous, [undefined, "A", "B"]);
  });

  it("has everybody wait who asks for what is being computed", async () => {
    const memory = new LastCall<string>();
    let computations = 0;
    const ask = (): Promise<string> =>
      finishInSlices(
        memory.get(["same"], function* () {
          computations++;
          yield* countTo(10, []);
          return "result";
        }),
        () => false,
      );
    assert.deepEqual(await Promise.all([ask(), ask(), ask()]), ["result", "result", "result"]);
    assert.equal(computations, 1);
  });

  it("goes on after a computation that was given up or failed", async () => {
    const memory = new LastCall<string>();
    let isAbandoned = false;
    const given = finishInSlices(
      memory.get(["x"], function* () {
        for (;;) yield* countTo(1, []);
      }),
      () => isAbandoned,
    );
    await turn();
    isAbandoned = true;
    await assert.rejects(given, Abandoned);
    assert.throws(() =>
      finish(
        memory.get(["x"], function* (): Steps<string> {
          yield;
          throw new Error("broken");
        }),
      ),
    );
    const answer = finish(
      memory.get(["x"], function* () {
        yield;
        return "fine";
      }),
    );
    assert.equal(answer, "fine");
  });
});
