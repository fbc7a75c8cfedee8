/** Baselines on the command line: written, held against, out of date, broken. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, rulesIn } from "../support/commandLine.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const file = "known.json";
const keyless = "CREATE TABLE log (at timestamptz);\n";
const check = ["check", "--baseline", file];

describe("A baseline", () => {
  let folder: string;
  const written = (): string => readFileSync(join(folder, file), "utf8");
  beforeEach(async () => {
    folder = temporaryFolder({ "db/schema.sql": keyless });
  });

  it("is written with one line a finding, and then leaves these out", async () => {
    const update = await run(folder, ...check, "--update-baseline");
    assert.deepEqual([update.status, update.stderr], [0, "database-architect: known.json lists the one finding of this check.\n"]);
    assert.equal(
      written(),
      '{\n  "version": 1,\n  "findings": [\n    { "file": "db/schema.sql", "rule": "require-primary-key", "subject": "public.log" }\n  ]\n}\n',
    );
    const result = await run(folder, ...check);
    assert.deepEqual([result.status, result.stdout], [0, "No findings in 1 file. 1 finding of the baseline is left out.\n"]);
  });

  it("holds while lines move, and lets new findings through", async () => {
    await run(folder, ...check, "--update-baseline");
    writeFiles(folder, { "db/schema.sql": `-- a\n\n-- b\n  ${keyless}CREATE TABLE more (at timestamptz);\n` });
    const result = await run(folder, ...check);
    assert.equal(result.status, 1);
    assert.match(result.stdout, /^db\/schema\.sql:5:14 .*Table more has no primary key/m);
    assert.deepEqual(rulesIn(result), ["require-primary-key"]);
  });

  it("says at its own lines what is found no longer, which is no failure", async () => {
    writeFiles(folder, { "db/schema.sql": `${keyless}CREATE TABLE more (at timestamptz);\n` });
    await run(folder, ...check, "--update-baseline");
    writeFiles(folder, { "db/schema.sql": keyless });
    const result = await run(folder, ...check);
    assert.equal(result.status, 0);
    assert.match(
      result.stdout,
      /^known\.json:5:5 warning require-primary-key no longer finds public\.more in db\/schema\.sql\. Bring the baseline up to date with --update-baseline\. \(stale-baseline\)$/m,
    );
    await run(folder, ...check, "--update-baseline");
    assert.doesNotMatch(written(), /public\.more/);
    assert.doesNotMatch((await run(folder, ...check)).stdout, /stale/);
  });

  it("keeps what it lists of files that were not looked at, and does not call it out of date", async () => {
    writeFiles(folder, { "other/schema.sql": "CREATE TABLE other (at timestamptz);\n" });
    await run(folder, ...check, "--update-baseline");
    const both = written();
    const result = await run(folder, ...check, "db");
    assert.deepEqual([result.status, rulesIn(result)], [0, []]);
    await run(folder, ...check, "db", "--update-baseline");
    assert.equal(written(), both);
  });

  it("lists findings of deleted files as found no longer", async () => {
    writeFiles(folder, { "other/schema.sql": "CREATE TABLE other (at timestamptz);\n" });
    await run(folder, ...check, "--update-baseline");
    rmSync(join(folder, "other"), { recursive: true });
    assert.match((await run(folder, ...check)).stdout, /no longer finds public\.other in other\/schema\.sql/);
  });

  it("counts findings that are alike", async () => {
    const comment = "-- database-architect-ignore-file require-primary-key\n";
    writeFiles(folder, { "db/schema.sql": comment + comment + keyless });
    await run(folder, ...check, "--update-baseline");
    assert.match(written(), /"rule": "require-suppression-reason", "subject": "require-primary-key", "count": 2 \}/);
    writeFiles(folder, { "db/schema.sql": comment + keyless });
    assert.match((await run(folder, ...check)).stdout, /finds require-primary-key in db\/schema\.sql once, not 2 times/);
    writeFiles(folder, { "db/schema.sql": comment.repeat(3) + keyless });
    assert.deepEqual(rulesIn(await run(folder, ...check)), ["require-suppression-reason"]);
  });

  it("knows a rule by its earlier name", async () => {
    writeFiles(folder, { [file]: '{ "version": 1, "findings": [{ "file": "db/schema.sql", "rule": "no-primary-key", "subject": "public.log" }] }' });
    assert.equal((await run(folder, ...check)).status, 0);
  });

  it("may lie anywhere; its files are named from there", async () => {
    mkdirSync(join(folder, "ci"));
    await run(folder, "check", "--baseline", "ci/known.json", "--update-baseline");
    assert.match(readFileSync(join(folder, "ci/known.json"), "utf8"), /"file": "\.\.\/db\/schema\.sql"/);
    assert.equal((await run(folder, "check", "--baseline", "ci/known.json")).status, 0);
  });

  it("holds in every format, and says in JSON how much it hides", async () => {
    await run(folder, ...check, "--update-baseline");
    assert.equal((await run(folder, ...check, "--format", "github")).stdout, "");
    const json: unknown = JSON.parse((await run(folder, ...check, "--format", "json")).stdout);
    assert.ok(typeof json === "object" && json !== null && "inBaseline" in json && "findings" in json);
    assert.deepEqual([json.inBaseline, json.findings], [1, []]);
  });

  it("lists what is at least as grave as asked for", async () => {
    await run(folder, ...check, "--update-baseline", "--severity", "error");
    assert.equal(written(), '{\n  "version": 1,\n  "findings": []\n}\n');
  });

  it("that is missing or broken ends the run with 2 and a sentence that says where", async () => {
    const wrong = async (text: string | undefined): Promise<string> => {
      if (text !== undefined) writeFiles(folder, { [file]: text });
      const { status, stdout, stderr } = await run(folder, ...check);
      assert.deepEqual([status, stdout], [2, ""]);
      return stderr;
    };
    assert.match(await wrong(undefined), /The baseline .*known\.json cannot be read: missing\. Write one with --update-baseline\./);
    assert.match(await wrong("{"), /known\.json:1:2 This is not JSON: close brace expected\. Write it anew/);
    assert.match(await wrong('{ "version": 2, "findings": [] }'), /known\.json:1:1 This is no baseline of this version\./);
    assert.match(await wrong('{ "version": 1,\n  "findings": [{ "rule": "x" }] }'), /known\.json:2:16 An entry has a rule, a subject and a file\./);
    for (const text of ["", "[]", "null", '{ "version": 1, "findings": {} }']) await wrong(text);
  });

  it("that cannot be written ends the run with 2", async () => {
    const result = await run(folder, "check", "--baseline", "nowhere/known.json", "--update-baseline");
    assert.equal(result.status, 2);
    assert.match(result.stderr, /The baseline .*nowhere\/known\.json cannot be written: ENOENT/);
  });
});
