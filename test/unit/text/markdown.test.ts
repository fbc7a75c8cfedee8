import assert from "node:assert/strict";
import { codeBlock, codeSpan, escaped } from "../../../server/src/text/markdown.ts";

describe("Markdown", () => {
  it("shows a name as it is, whatever marks it holds", () => {
    assert.equal(codeSpan("orders"), "`orders`");
    assert.equal(codeSpan("a`b"), "``a`b``");
    assert.equal(codeSpan("`a"), "`` `a ``");
    assert.equal(codeSpan("a\n b"), "`a⏎b`");
  });

  it("spells out characters that would turn a line around", () => {
    assert.equal(codeSpan("a\u202eb"), "`a⟨U+202E⟩b`");
  });

  it("keeps code from ending its block", () => {
    assert.equal(codeBlock("sql", "a ``` b"), "````sql\na ``` b\n````");
  });

  it("takes the meaning out of what people wrote", () => {
    assert.equal(escaped("<img src=x> [a](command:x) *b* & `c`"), "&lt;img src=x&gt; \\[a\\](command:x) \\*b\\* &amp; \\`c\\`");
    assert.equal(escaped("1. one\n- two\n# three"), "1\\. one\n\\- two\n\\# three");
  });
});
