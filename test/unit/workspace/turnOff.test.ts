import assert from "node:assert/strict";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { readConfiguration } from "../../../server/src/workspace/configuration.ts";
import { turnOffEdit } from "../../../server/src/workspace/turnOff.ts";

const uri = "file:///workspace/database-architect.jsonc";
const rule = "no-float-money";

describe("Turning a rule off in a configuration file", () => {
  const after = (text: string | undefined): string | undefined => {
    const edit = turnOffEdit(rule, uri, text);
    if (edit === undefined) return undefined;
    const written = edit.kind === "create" ? edit.text : applyEdits(text ?? "", edit.edits);
    const { configuration, problems } = readConfiguration(written);
    assert.deepEqual(problems, []);
    assert.equal(configuration.rules.get(rule)?.severity, "off");
    return written;
  };

  it("makes the file where there is none", () => {
    assert.equal(after(undefined), '{\n  "rules": {\n    "no-float-money": "off"\n  }\n}\n');
  });

  it("adds to what is there, and keeps its comments, indents and line ends", () => {
    assert.equal(after("{}\n"), '{\n  "rules": {\n    "no-float-money": "off"\n  }\n}\n');
    assert.equal(
      after('{\r\n\t// ours\r\n\t"rules": {\r\n\t\t// why\r\n\t\t"no-timetz": "error"\r\n\t}\r\n}\r\n'),
      '{\r\n\t// ours\r\n\t"rules": {\r\n\t\t// why\r\n\t\t"no-timetz": "error",\r\n\t\t"no-float-money": "off"\r\n\t}\r\n}\r\n',
    );
  });

  it("changes what is said about the rule, under whatever name, and keeps its options", () => {
    assert.equal(after('{ "rules": { "float-for-money": "error" } }'), '{ "rules": { "float-for-money": "off" } }');
    assert.equal(after('\uFEFF{ "rules": { "no-float-money": { "severity": "hint" } } }'), '\uFEFF{ "rules": { "no-float-money": { "severity": "off" } } }');
  });

  it("is left to people where the file is broken, or has something to say for certain files", () => {
    for (const text of ['{ "rules": {', '{ "rules": [] }', "[]", '{ "overrides": [{ "files": ["a"], "rules": { "no-float-money": "error" } }] }'])
      assert.equal(after(text), undefined, text);
  });

  it("does no harm to any text", () => {
    for (const text of ["", "// only a comment\n", "null", '"x"', "{,}", "\u0000"]) assert.doesNotThrow(() => turnOffEdit(rule, uri, text), text);
  });
});
