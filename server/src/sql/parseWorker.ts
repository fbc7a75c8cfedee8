/** The script of the worker thread that parses large statements: a text comes in, the parser's answer goes out as JSON. */
import { parentPort } from "node:worker_threads";
import { loadModule } from "libpg-query";
import { askParser, type Outcome } from "./outcomes.ts";

/** Code units of JSON. Reading a larger answer would stop the main thread for longer than a keystroke may take. */
const largestAnswer = 12_000_000;

if (parentPort === null) throw new Error("parseWorker runs in a worker thread only.");
const port = parentPort;
void loadModule().then(() => {
  port.on("message", (text: string) => port.postMessage(answerTo(text)));
  port.postMessage("ready");
});

function answerTo(text: string): string {
  try {
    const answer = JSON.stringify(askParser(text));
    return answer.length <= largestAnswer ? answer : setAside("its parse tree is too large");
  } catch {
    // JSON nests no deeper than the stack.
    return setAside("it is nested too deeply");
  }
}

function setAside(reason: string): string {
  const outcome: Outcome = { kind: "setAside", reason };
  return JSON.stringify(outcome);
}
