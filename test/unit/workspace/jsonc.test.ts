import assert from "node:assert/strict";
import { type Jsonc, readJsonc } from "../../../server/src/workspace/jsonc.ts";

describe("JSON with comments", () => {
  const valueOf = (text: string): unknown => JSON.parse(JSON.stringify(readJsonc(text).value ?? null));

  it("is read with comments, trailing commas and a byte order mark", () => {
    const text = '\uFEFF{ // a\n "a": [1, 2, /* b */ ],\n "url": "https://x/*y*/,]", "quoted": "\\"//,}", }';
    assert.deepEqual(valueOf(text), { a: [1, 2], url: "https://x/*y*/,]", quoted: '"//,}' });
    assert.deepEqual(readJsonc(text).problems, []);
  });

  it("that is half-typed is read as far as it can be, with what is wrong where it is wrong", () => {
    const text = '{ "a": 1,\n "b": of,\n "c": [2], "d"';
    assert.deepEqual(valueOf(text), { a: 1, c: [2] });
    assert.deepEqual(
      readJsonc(text).problems.map(({ span, message }) => [text.slice(span.start, span.end), message]),
      [
        ["of", "This is not JSON: invalid symbol."],
        [",", "This is not JSON: value expected."],
        ["", "This is not JSON: colon expected."],
      ],
    );
  });

  it("knows the place of every key and value, and of what is around one that is not there", () => {
    const text = '{ "a": { "b": [10, true] } }';
    const json = readJsonc(text);
    const at = (path: readonly (string | number)[], part: "key" | "value"): string => sliceOf(text, json, path, part);
    assert.equal(at(["a", "b", 1], "value"), "true");
    assert.equal(at(["a", "b"], "key"), '"b"');
    assert.equal(at(["a", "c", 4], "value"), '{ "b": [10, true] }');
    assert.equal(at([], "value"), text);
    assert.equal(sliceOf("", readJsonc(""), ["a"], "key"), "");
  });

  it("that says something twice is wrong at the second place", () => {
    const text = '{ "a": 1, "b": { "a": 2 }, "a": 3 }';
    assert.deepEqual(
      readJsonc(text).problems.map(({ span, message }) => [span.start, message]),
      [[text.lastIndexOf('"a"'), '"a" is set twice; this one holds.']],
    );
  });

  it("without end or sense is a problem, never a fault", () => {
    assert.deepEqual(
      readJsonc("[".repeat(200_000)).problems.map(({ message }) => message),
      ["This is nested too deeply."],
    );
    for (const text of ["", "nonsense", "\u0000", '{"__proto__": {"x": 1}}', '"', "{", '{"a"', "/*"]) assert.doesNotThrow(() => readJsonc(text));
  });
});

function sliceOf(text: string, json: Jsonc, path: readonly (string | number)[], part: "key" | "value"): string {
  const { start, end } = json.spanOf(path, part);
  return text.slice(start, end);
}
