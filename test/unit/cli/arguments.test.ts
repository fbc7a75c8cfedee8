import assert from "node:assert/strict";
import { parseArguments } from "../../../server/src/cli/arguments.ts";

const message = (...given: readonly string[]): string => {
  const parsed = parseArguments(given);
  return parsed.command === "wrong" ? parsed.message : `understood as ${parsed.command}`;
};

describe("The command line's arguments", () => {
  it("default to the current folder, for people, everything", () => {
    assert.deepEqual(parseArguments(["check"]), { command: "check", paths: ["."], format: "pretty", severity: "hint" });
  });

  it("may stand in any order", () => {
    const expected = { command: "check", paths: ["a", "b"], format: "sarif", severity: "warning" };
    assert.deepEqual(parseArguments(["check", "a", "b", "--format", "sarif", "--severity=warning"]), expected);
    assert.deepEqual(parseArguments(["--severity", "warning", "--format=sarif", "check", "a", "b"]), expected);
  });

  it("ask for help and version in their short forms too", () => {
    for (const given of [["--help"], ["-h"], ["check", "--help"]]) assert.equal(parseArguments(given).command, "help");
    for (const given of [["--version"], ["-v"]]) assert.equal(parseArguments(given).command, "version");
  });

  it("that are wrong are named, with the way to help", () => {
    assert.equal(message(), "A command is missing. See database-architect --help.");
    assert.equal(message("lint"), 'There is no command "lint". See database-architect --help.');
    assert.equal(
      message("check", "--format", "xml"),
      "--format must be one of pretty, json, sarif, github. See database-architect --help.",
    );
    assert.equal(
      message("check", "--severity", "bad"),
      "--severity must be one of error, warning, information, hint. See database-architect --help.",
    );
    assert.match(message("check", "--fix"), /--fix/);
    assert.match(message("check", "--format"), /--format/);
  });
});
