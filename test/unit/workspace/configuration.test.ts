/** `database-architect.jsonc` in a workspace: what it changes, where, and what leads what. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { requireIndexOnForeignKey } from "../../../server/src/rules/indexes/require-index-on-foreign-key.ts";
import { noSoftDeleteUnique } from "../../../server/src/rules/keys/no-soft-delete-unique.ts";
import { requirePrimaryKey } from "../../../server/src/rules/keys/require-primary-key.ts";
import type { SchemaRule } from "../../../server/src/rules/rule.ts";
import { parseRuleChanges } from "../../../server/src/rules/settings.ts";
import { noFloatMoney } from "../../../server/src/rules/types/no-float-money.ts";
import { readConfiguration } from "../../../server/src/workspace/configuration.ts";
import { root, TestWorkspace } from "../../support/workspaceOf.ts";

const rules: readonly SchemaRule[] = [noFloatMoney, noSoftDeleteUnique, requireIndexOnForeignKey, requirePrimaryKey];
const file = "database-architect.jsonc";
const invoices = "CREATE TABLE invoice (total float8);\n";
const both = ["no-float-money public.invoice(total)", "require-primary-key public.invoice"];

const workspaceOf = (files: Readonly<Record<string, string>>): Promise<TestWorkspace> => TestWorkspace.of(files, rules);
const severities = (test: TestWorkspace, path: string): readonly string[] =>
  (test.report(path)?.findings ?? []).map(({ finding }) => `${finding.rule} ${finding.severity}`).sort();

describe("A configuration file", () => {
  it("sets rules for the files below it", async () => {
    const test = await workspaceOf({ "schema.sql": invoices, [file]: '{ "rules": { "no-float-money": "error", "no-primary-key": "off" } }' });
    assert.deepEqual(severities(test, "schema.sql"), ["no-float-money error"]);
  });

  it("leads the editor's settings, and the command line leads both", async () => {
    const test = await workspaceOf({ "schema.sql": invoices, [file]: '{ "rules": { "no-float-money": "hint" } }' });
    test.settings({ rules: { "no-float-money": "error", "require-primary-key": "information" } });
    assert.deepEqual(severities(test, "schema.sql"), ["no-float-money hint", "require-primary-key information"]);
    const demanded = parseRuleChanges({ "no-float-money": "error" }).changes;
    test.workspace.applyChange({ kind: "commandLine", rules: { preset: undefined, rules: demanded } });
    assert.deepEqual(severities(test, "schema.sql"), ["no-float-money error", "require-primary-key information"]);
  });

  it("chooses a preset, which single rules lead wherever they are set", async () => {
    const strict: SchemaRule = { ...noFloatMoney, id: "require-on-delete", preset: "strict" };
    const test = await TestWorkspace.of({ "schema.sql": invoices, [file]: '{ "preset": "all" }' }, [strict]);
    test.settings({ preset: "recommended", rules: { "require-on-delete": "hint" } });
    assert.deepEqual(severities(test, "schema.sql"), ["require-on-delete hint"]);
  });

  it("holds alone: the nearest one above a file, none further up", async () => {
    const test = await workspaceOf({
      "a/schema.sql": invoices,
      "b/c/schema.sql": invoices.replace("invoice", "payment"),
      [file]: '{ "rules": { "no-float-money": "off" } }',
      [`b/${file}`]: '{ "rules": { "require-primary-key": "off" } }',
    });
    assert.deepEqual(test.findings("a/schema.sql"), both.slice(1));
    assert.deepEqual(test.findings("b/c/schema.sql"), ["no-float-money public.payment(total)"]);
  });

  it("is none in folders that are left alone", async () => {
    const test = await workspaceOf({ "schema.sql": invoices, [`node_modules/a/${file}`]: "{ nonsense", [`old/${file}`]: "{ nonsense" });
    test.settings({ exclude: ["old"] });
    assert.deepEqual(test.problems(`node_modules/a/${file}`), []);
    assert.deepEqual(test.problems(`old/${file}`), []);
  });

  it("above the workspace folder holds as far up as it may", async () => {
    const files = { "packages/db/schema.sql": invoices, [file]: '{ "rules": { "no-float-money": "off" } }' };
    const test = await workspaceOf(files);
    test.workspace.applyChange({ kind: "roots", roots: [`${root}/packages/db`] });
    assert.deepEqual(test.findings("packages/db/schema.sql"), both);
    test.workspace.applyChange({ kind: "roots", roots: [`${root}/packages/db`], top: root });
    assert.deepEqual(test.findings("packages/db/schema.sql"), both.slice(1));
  });
});

describe("Overrides", () => {
  const first = "migrations/001_a.sql";
  const second = "migrations/002_b.sql";
  const histories = { [first]: invoices, [second]: "CREATE TABLE payment (amount float8);\n" };

  it("hold for findings by where they are shown, the later ones over the earlier", async () => {
    const test = await workspaceOf({
      ...histories,
      [file]: `{
        "rules": { "require-primary-key": "hint" },
        "overrides": [
          { "files": ["migrations/*"], "rules": { "no-float-money": "error" } },
          { "files": ["**/001_*.sql", "**/000_*.sql"], "rules": { "no-float-money": "off", "require-primary-key": "error" } },
        ],
      }`,
    });
    assert.deepEqual(severities(test, first), ["require-primary-key error"]);
    assert.deepEqual(severities(test, second), ["no-float-money error", "require-primary-key hint"]);
  });

  it("turn on in some files what is off in the others", async () => {
    const test = await workspaceOf({
      ...histories,
      [file]: '{ "rules": { "no-float-money": "off" }, "overrides": [{ "files": ["**/002_*"], "rules": { "no-float-money": "warning" } }] }',
    });
    assert.deepEqual(severities(test, first), ["require-primary-key warning"]);
    assert.deepEqual(severities(test, second), ["no-float-money warning", "require-primary-key warning"]);
  });

  it("may set other options", async () => {
    const unique = (table: string): string => `CREATE TABLE ${table} (id int PRIMARY KEY, email text UNIQUE, gone_at timestamptz, deleted_at timestamptz);\n`;
    const test = await workspaceOf({
      [first]: unique("a"),
      [second]: unique("b").replace("deleted_at timestamptz", "deleted_by text"),
      [file]: `{ "overrides": [{ "files": ["${second}"], "rules": { "no-soft-delete-unique": { "severity": "error", "options": { "columns": ["gone_at"] } } } }] }`,
    });
    const messages = (path: string): readonly string[] => (test.report(path)?.findings ?? []).map(({ finding }) => `${finding.severity} ${finding.message}`);
    assert.deepEqual(messages(first), ["warning Unique a(email) also holds for rows deleted by deleted_at."]);
    assert.deepEqual(messages(second), ["error Unique b(email) also holds for rows deleted by gone_at."]);
  });

  it("count a severity less where a finding is in doubt", async () => {
    const unread = "DO $$ BEGIN EXECUTE 'ALTER TABLE invoice ' || current_setting('a.b'); END $$;\n";
    const test = await workspaceOf({
      [first]: invoices,
      [second]: unread,
      [file]: '{ "overrides": [{ "files": ["**/001_*"], "rules": { "require-primary-key": "error", "no-float-money": "off" } }] }',
    });
    assert.deepEqual(severities(test, first), ["require-primary-key warning"]);
  });

  it("decide too whether a suppression is useless", async () => {
    const text = `-- database-architect-ignore-file no-float-money: not here\nCREATE TABLE a (id int PRIMARY KEY);\n`;
    const test = await workspaceOf({
      [first]: text,
      [second]: text.replace(" a ", " b "),
      [file]: '{ "overrides": [{ "files": ["**/002_*"], "rules": { "no-float-money": "off" } }] }',
    });
    assert.deepEqual(severities(test, first), ["no-unused-suppression information"]);
    assert.deepEqual(severities(test, second), []);
  });
});

describe("Ignored files", () => {
  it("count, and nothing is said about them: neither findings nor problems", async () => {
    const test = await workspaceOf({
      "migrations/001_a.sql": `${invoices}CREATE TABEL nonsense;\n-- database-architect-ignore-file no-such-rule: x\n`,
      "migrations/002_b.sql": "ALTER TABLE invoice ADD COLUMN fee float8;\n",
      [file]: '{ "ignore": ["migrations/001_*"] }',
    });
    assert.equal(test.report("migrations/001_a.sql"), undefined);
    assert.deepEqual(test.findings("migrations/002_b.sql"), ["no-float-money public.invoice(fee)"]);
    test.open("migrations/001_a.sql");
    assert.equal(test.report("migrations/001_a.sql"), undefined);
  });

  it("may be all there are", async () => {
    const test = await workspaceOf({ "schema.sql": invoices, [file]: '{ "ignore": ["**/*.sql"] }' });
    assert.equal(test.report("schema.sql"), undefined);
  });
});

describe("While a configuration file is typed", () => {
  it("it holds as it is typed, saved or not, and again as it was when it is closed", async () => {
    const test = await workspaceOf({ "schema.sql": invoices, [file]: "{}" });
    assert.deepEqual(test.findings("schema.sql"), both);
    test.open(file);
    test.type(file, '{ "rules": { "no-float-money": "off" } }');
    assert.deepEqual(test.findings("schema.sql"), both.slice(1));
    test.type(file, '{ "rules": { "no-float-money": "off", "require-primary-key": "off"');
    assert.deepEqual(test.findings("schema.sql"), []);
    assert.deepEqual(test.problems(file), ["This is not JSON: close brace expected."]);
    test.close(file);
    assert.deepEqual(test.findings("schema.sql"), both);
    assert.deepEqual(test.problems(file), []);
  });

  it("it holds before it is saved for the first time", async () => {
    const test = await workspaceOf({ "schema.sql": invoices });
    assert.deepEqual(test.findings("schema.sql"), both);
    test.open(file, '{ "rules": { "no-float-money": "off" } }');
    assert.deepEqual(test.findings("schema.sql"), both.slice(1));
    test.close(file);
    assert.deepEqual(test.findings("schema.sql"), both);
  });

  it("the disk counts when it is not open: made, changed, deleted", async () => {
    const test = await workspaceOf({ "schema.sql": invoices });
    test.save(file, '{ "rules": { "no-float-money": "off" } }');
    assert.deepEqual(test.findings("schema.sql"), both.slice(1));
    test.save(file, '{ "rules": { "require-primary-key": "off" } }');
    assert.deepEqual(test.findings("schema.sql"), both.slice(0, 1));
    test.save(file, undefined);
    assert.deepEqual(test.findings("schema.sql"), both);
  });

  it("nothing is checked again for a comment, and no schema is built again for a rule", async () => {
    const test = await workspaceOf({ "schema.sql": invoices, [file]: '{ "rules": {} }' });
    test.open(file);
    test.report("schema.sql");
    const { checks, schemas } = test.workspace.counters;
    test.type(file, '{ "rules": {} } // why');
    test.report("schema.sql");
    assert.equal(test.workspace.counters.checks, checks);
    test.type(file, '{ "rules": { "no-float-money": "off" } }');
    test.report("schema.sql");
    assert.deepEqual([test.workspace.counters.checks, test.workspace.counters.schemas], [checks + 1, schemas]);
    const { discoveries } = test.workspace.counters;
    test.save(file, '{ "rules": { "no-float-money": "off" } }');
    test.report("schema.sql");
    assert.equal(test.workspace.counters.discoveries, discoveries);
  });
});

describe("What is wrong in a configuration file", () => {
  const wrong = (text: string): readonly (readonly [string, string])[] =>
    readConfiguration(text).problems.map(({ span, message }) => [text.slice(span.start, span.end), message]);

  it("is said at its exact place", () => {
    const text = `{
  // a team's
  "preset": "hard",
  "postgresVersion": "16",
  "ignore": ["old/**", 3, "[z-a]"],
  "rules": { "no-flaot-money": "off", "prefer-uuid-type": { "severity": "bad" } },
  "overrides": [{ "files": "a", "rules": { "no-soft-delete-unique": { "options": { "column": [] } } } }, 7, {}],
  "ingore": []
}`;
    assert.deepEqual(wrong(text), [
      ['"ingore"', '"ingore" is not known here. Did you mean ignore?'],
      ['"hard"', 'preset must be "recommended", "strict" or "all".'],
      ['"no-flaot-money"', '"no-flaot-money" is no rule. Did you mean no-float-money?'],
      ['"bad"', 'severity must be "off", "error", "warning", "information" or "hint".'],
      ['"a"', "files must be a list of globs."],
      ['"column"', '"column" is no option of no-soft-delete-unique. Did you mean columns?'],
      ["7", "overrides must have files and rules in each item."],
      ["{}", "overrides must say in each item for which files it is."],
      ["3", "ignore must be a list of globs, and this is none."],
      ['"[z-a]"', "ignore must be a list of globs, and this is none."],
      ['"16"', "postgresVersion must be a major version of PostgreSQL, such as 16."],
    ]);
  });

  it("leaves what is right in force", () => {
    const { configuration } = readConfiguration('{ "preset": "hard", "rules": { "nope": 1, "no-float-money": "off" }, "postgresVersion": 17 }');
    assert.equal(configuration.preset, undefined);
    assert.deepEqual([...configuration.rules], [["no-float-money", { severity: "off", options: {} }]]);
    assert.equal(configuration.postgresVersion, 17);
  });

  it("may be everything, or nothing", () => {
    for (const text of ["", "  // only a comment\n", "{}"]) assert.deepEqual(wrong(text), [], text);
    assert.deepEqual(wrong("[]"), [["[]", "The configuration must be an object."]]);
    for (const text of ["{", "\u0000", '{ "rules": { "__proto__": "off" } }', '{ "overrides": [[[[', "[".repeat(100_000)])
      assert.ok(readConfiguration(text).problems.length > 0, text.slice(0, 40));
  });
});

describe("The example in the documentation", () => {
  const page = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
  const example = /```jsonc\n([^]*?)```/.exec(page)?.[1] ?? "{";

  it("may be cut off anywhere, or lack anything, and all places that are named lie in it", () => {
    for (let at = 0; at < example.length; at++) {
      for (const text of [example.slice(0, at), example.slice(0, at) + example.slice(at + 7)]) {
        for (const { span } of readConfiguration(text).problems)
          assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length, `${JSON.stringify(span)} in ${text}`);
      }
    }
  });

  it("is right, and says something in each of its parts", () => {
    const { configuration, problems } = readConfiguration(example);
    assert.deepEqual(problems, []);
    assert.deepEqual([configuration.preset, configuration.postgresVersion], ["strict", 16]);
    assert.deepEqual([configuration.rules.size, configuration.overrides.length, configuration.ignore.length], [3, 1, 1]);
  });
});

describe("The version of PostgreSQL", () => {
  const tellsVersion: SchemaRule = {
    ...requirePrimaryKey,
    *checkTable(table, _schema, { postgresVersion }) {
      yield { at: table.origins, subject: table.key, message: String(postgresVersion) };
    },
  };
  const versions = async (files: Readonly<Record<string, string>>, settings: object = {}): Promise<readonly string[]> => {
    const test = await TestWorkspace.of(files, [tellsVersion]);
    test.settings(settings);
    const [path = ""] = Object.keys(files);
    return (test.report(path)?.findings ?? []).map(({ finding }) => finding.message);
  };
  const dump = (version: string): string => `--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version ${version}\n-- Dumped by pg_dump version 17.1\n\n${invoices}`;

  it("is 15 when nobody says", async () => {
    assert.deepEqual(await versions({ "schema.sql": invoices }), ["15"]);
  });

  it("is what pg_dump wrote, in the last file where it did", async () => {
    assert.deepEqual(await versions({ "schema.sql": dump("13.4 (Debian 13.4-1.pgdg110+1)") }), ["13"]);
    assert.deepEqual(await versions({ "schema.sql": dump("9.6.24") }), ["9"]);
    assert.deepEqual(await versions({ "schema.sql": dump("18beta1") }), ["18"]);
    assert.deepEqual(await versions({ "migrations/001_a.sql": dump("12.1"), "migrations/002_b.sql": "-- Dumped from database version 16.0\n", "migrations/003_c.sql": "" }), ["16"]);
  });

  it("is not what a text says that only looks like it", async () => {
    assert.deepEqual(await versions({ "schema.sql": `${invoices}COMMENT ON TABLE invoice IS ' -- Dumped from database version 11.0';\n` }), ["15"]);
    assert.deepEqual(await versions({ "schema.sql": dump("x") }), ["15"]);
  });

  it("is what the settings say before that, and what the configuration file says before all", async () => {
    const files = { "schema.sql": dump("12.1") };
    assert.deepEqual(await versions(files, { postgresVersion: 14 }), ["14"]);
    assert.deepEqual(await versions({ ...files, [file]: '{ "postgresVersion": 17 }' }, { postgresVersion: 14 }), ["17"]);
  });
});
