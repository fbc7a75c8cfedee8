import assert from "node:assert/strict";
import fc from "fast-check";
import { TextDocument } from "vscode-languageserver-textdocument";
import { LineIndex } from "../../../server/src/text/lineIndex.ts";

describe("Line index", () => {
  it("agrees with the protocol's own text documents about every offset", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "😀", "\n", "\r", "\r\n", "é")).map((parts) => parts.join("")),
        (text) => {
          const lines = new LineIndex(text);
          const document = TextDocument.create("untitled:x", "plain", 1, text);
          assert.equal(lines.lineCount, document.lineCount);
          for (let offset = 0; offset <= text.length; offset++) {
            // Inside a line's end the other one says the end of the line; both are understood.
            if (text.charAt(offset) === "\n" && text.charAt(offset - 1) === "\r") continue;
            assert.deepEqual(lines.position(offset), document.positionAt(offset));
            assert.equal(lines.offset(document.positionAt(offset)), offset);
          }
        },
      ),
    );
  });

  it("clamps what lies outside of the text or past the end of a line", () => {
    const lines = new LineIndex("ab\r\ncd");
    assert.deepEqual(lines.position(-5), { line: 0, character: 0 });
    assert.deepEqual(lines.position(99), { line: 1, character: 2 });
    assert.equal(lines.offset({ line: 0, character: 99 }), 2);
    assert.equal(lines.offset({ line: 9, character: 0 }), 6);
    assert.equal(lines.offset({ line: -1, character: 0 }), 0);
  });
});
