import assert from "node:assert/strict";
import { parseArguments } from "../../../server/src/cli/arguments.ts";

const message = (...given: readonly string[]): string => {
  const parsed = parseArguments(given);
  return parsed.command === "wrong" ? parsed.message : `understood as ${parsed.command}`;
};

const plain = {
  command: "check",
  paths: ["."],
  format: "pretty",
  severity: "hint",
  rules: { preset: undefined, rules: new Map() },
  baseline: undefined,
  updatesBaseline: false,
  types: false,
  changed: undefined,
};

describe("The command line's arguments", () => {
  it("default to the current folder, for people, everything", () => {
    assert.deepEqual(parseArguments(["check"]), plain);
  });

  it("may stand in any order", () => {
    const expected = { ...plain, paths: ["a", "b"], format: "sarif", severity: "warning" };
    assert.deepEqual(parseArguments(["check", "a", "b", "--format", "sarif", "--severity=warning"]), expected);
    assert.deepEqual(parseArguments(["--severity", "warning", "--format=sarif", "check", "a", "b"]), expected);
  });

  it("set the preset and single rules, by any of their names, the last one leading", () => {
    const given = ["check", "--preset=strict", "--rule", "no-float-money=error", "--rule=fk-without-index=off", "--rule", "no-float-money=hint"];
    const rules = new Map([
      ["no-float-money", { severity: "hint", options: {} }],
      ["require-index-on-foreign-key", { severity: "off", options: {} }],
    ]);
    assert.deepEqual(parseArguments(given), { ...plain, rules: { preset: "strict", rules } });
  });

  it("name a baseline and a revision", () => {
    const baseline = parseArguments(["check", "--baseline", "known.json", "--update-baseline"]);
    assert.deepEqual(baseline, { ...plain, baseline: "known.json", updatesBaseline: true });
    assert.deepEqual(parseArguments(["check", "--changed=origin/main", "db"]), { ...plain, paths: ["db"], changed: "origin/main" });
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
    const help = "See database-architect --help.";
    assert.equal(message("check", "--preset", "hard"), `--preset must be one of recommended, strict, all. ${help}`);
    assert.equal(message("check", "--rule", "no-flaot-money=off"), `--rule: "no-flaot-money" is no rule. Did you mean no-float-money? ${help}`);
    assert.equal(
      message("check", "--rule", "no-float-money=loud"),
      `--rule: no-float-money must be "off", "error", "warning", "information" or "hint". ${help}`,
    );
    assert.match(message("check", "--rule", "no-float-money"), /^--rule takes a rule and what it is to be/);
    assert.equal(message("check", "--update-baseline"), `--update-baseline needs --baseline <file>. ${help}`);
    assert.match(message("check", "--baseline=a", "--update-baseline", "--changed=b"), /does not go with --changed/);
    assert.match(message("check", "--changed"), /--changed/);
    assert.match(message("check", "--fix"), /--fix/);
    assert.match(message("check", "--format"), /--format/);
  });
});
