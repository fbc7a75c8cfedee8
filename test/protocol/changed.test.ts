/** `--changed` on the command line, over real git repositories. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { run } from "../support/commandLine.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const first = "migrations/001_first.sql";
const second = "migrations/002_second.sql";
const tables = `CREATE TABLE account (id bigint PRIMARY KEY);
CREATE TABLE deal (id bigint PRIMARY KEY, account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE);
CREATE INDEX deal_account_id_idx ON deal (account_id);
CREATE TABLE old_log (at timestamptz);
`;

describe("The changes since a revision", () => {
  let folder: string;
  const git = (...args: readonly string[]): string => {
    const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "", GIT_CONFIG_NOSYSTEM: "1" };
    return execFileSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
  };
  const commit = (): void => {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "-m", "a commit");
  };
  /** `file:line rule subject` of each finding. */
  const found = async (revision: string, ...paths: readonly string[]): Promise<readonly string[]> => {
    const { stdout, stderr } = await run(folder, "check", ...paths, "--changed", revision, "--format", "json");
    assert.equal(stderr, "");
    const report: { findings: { rule: string; subject: string; uri: string; range: { start: { line: number } } }[] } = JSON.parse(stdout);
    return report.findings.map(({ rule, subject, uri, range }) => `${uri.slice(uri.lastIndexOf("/") + 1)}:${range.start.line + 1} ${rule} ${subject}`);
  };

  beforeEach(() => {
    folder = temporaryFolder({ [first]: tables });
    git("init", "--quiet");
    commit();
  });

  it("have no findings when there are none", async () => {
    assert.deepEqual(await found("HEAD"), []);
    assert.equal((await run(folder, "check", "--changed", "HEAD")).status, 0);
    assert.equal((await run(folder, "check")).status, 1);
  });

  it("have the findings of a new file, tracked or not", async () => {
    writeFiles(folder, { [second]: "CREATE TABLE new_log (at timestamptz);\n" });
    const expected = ["002_second.sql:1 require-primary-key public.new_log"];
    assert.deepEqual(await found("HEAD"), expected);
    commit();
    assert.deepEqual(await found("HEAD"), []);
    assert.deepEqual(await found("HEAD~1"), expected);
  });

  it("have the findings of a statement that was edited, not of its neighbours or of what has moved", async () => {
    writeFiles(folder, { [first]: `-- moved\n\n${tables}CREATE TABLE new_log (at timestamptz);\n` });
    assert.deepEqual(await found("HEAD"), ["001_first.sql:7 require-primary-key public.new_log"]);
    writeFiles(folder, { [first]: tables.replace("old_log (at", "old_log (seen") });
    assert.deepEqual(await found("HEAD"), ["001_first.sql:4 require-primary-key public.old_log"]);
  });

  it("have the findings that they cause elsewhere", async () => {
    writeFiles(folder, { [second]: "DROP INDEX deal_account_id_idx;\n" });
    assert.deepEqual(await found("HEAD"), [
      "001_first.sql:2 require-index-on-foreign-key public.deal(account_id)",
      "002_second.sql:1 require-concurrent-drop public.deal.deal_account_id_idx",
    ]);
  });

  it("are counted from where the branch began", async () => {
    git("checkout", "--quiet", "-b", "feature");
    writeFiles(folder, { [second]: "CREATE TABLE mine (at timestamptz);\n" });
    commit();
    git("checkout", "--quiet", "main");
    writeFiles(folder, { [first]: tables.replace("old_log (at", "old_log (seen") });
    commit();
    git("checkout", "--quiet", "feature");
    assert.deepEqual(await found("main"), ["002_second.sql:1 require-primary-key public.mine"]);
  });

  it("are, in a Prisma schema, those of whole blocks", async () => {
    const model = (name: string, field = ""): string => `model ${name} {\n  at DateTime @db.Timestamptz(3) @unique\n${field}}\n`;
    const schema = `datasource db {\n  provider = "postgresql"\n}\n\n${model("Old")}\n${model("Other")}`;
    folder = temporaryFolder({ "schema.prisma": schema, "database-architect.jsonc": '{ "rules": { "require-primary-key": "error" } }' });
    git("init", "--quiet");
    commit();
    writeFiles(folder, { "schema.prisma": schema.replace(model("Other"), model("Other", "  note String\n")) });
    const subjects = (await found("HEAD")).filter((finding) => finding.includes("require-primary-key"));
    assert.deepEqual(subjects, ["schema.prisma:9 require-primary-key public.Other"]);
  });

  it("follow a file that was renamed", async () => {
    commit();
    renameSync(join(folder, first), join(folder, "migrations/001_renamed.sql"));
    git("add", "--all");
    assert.deepEqual(await found("HEAD"), []);
  });

  it("do not come from other line ends", async () => {
    writeFiles(folder, { [first]: tables.replaceAll("\n", "\r\n") });
    assert.deepEqual(await found("HEAD"), []);
  });

  it("keep problems of changed files, and leave out the others'", async () => {
    writeFiles(folder, { [first]: `${tables}CREATE TABEL nonsense;\n` });
    commit();
    writeFiles(folder, { [second]: "CREATE TABEL nonsense;\n" });
    const { stdout } = await run(folder, "check", "--changed", "HEAD");
    assert.match(stdout, /^migrations\/002_second\.sql:1:8 error/m);
    assert.doesNotMatch(stdout, /001_first/);
  });

  it("do not hide what is wrong with the check itself", async () => {
    await run(folder, "check", "--baseline", "known.json", "--update-baseline");
    writeFiles(folder, { "database-architect.jsonc": '{ "preset": 1 }', [first]: tables.replace("at timestamptz", "at timestamptz PRIMARY KEY") });
    commit();
    const { stdout } = await run(folder, "check", "--baseline", "known.json", "--changed", "HEAD");
    assert.match(stdout, /^database-architect\.jsonc:1:13 error preset must be/m);
    assert.match(stdout, /^known\.json:\d+:5 warning require-primary-key no longer finds public\.old_log/m);
  });

  it("are found in a folder below the repository, with odd names, and through a link", async () => {
    const odd = "packages/ä b'\"\n/schema.sql";
    writeFiles(folder, { [odd]: "CREATE TABLE odd (at timestamptz);\n" });
    commit();
    writeFiles(folder, { [odd]: "CREATE TABLE odd (at timestamptz);\nCREATE TABLE odder (at timestamptz);\n" });
    const expected = ["schema.sql:2 require-primary-key public.odder"];
    assert.deepEqual(await found("HEAD", "packages"), expected);
    const repository = folder;
    folder = join(temporaryFolder(), "link");
    symlinkSync(repository, folder);
    assert.deepEqual(await found("HEAD", "packages"), expected);
  });

  it("go with a baseline", async () => {
    await run(folder, "check", "--baseline", "known.json", "--update-baseline");
    writeFiles(folder, { [first]: tables.replace("old_log (at", "old_log (seen"), [second]: "CREATE TABLE new_log (at timestamptz);\n" });
    const { stdout } = await run(folder, "check", "--baseline", "known.json", "--changed", "HEAD");
    assert.match(stdout, /new_log/);
    assert.doesNotMatch(stdout, /old_log/);
  });

  it("cannot be told without a repository, a revision, or git, and that is said", async () => {
    const failed = async (where: string, revision: string): Promise<string> => {
      const { status, stdout, stderr } = await run(where, "check", `--changed=${revision}`);
      assert.deepEqual([status, stdout], [2, ""]);
      return stderr;
    };
    assert.match(await failed(temporaryFolder({ "schema.sql": tables }), "HEAD"), /--changed needs a git repository: .*not a git repository/);
    for (const revision of ["nowhere", "--output=x", "-h", "", "HEAD:migrations", "HEAD\nmain"])
      assert.match(await failed(folder, revision), new RegExp(`git knows no revision ${JSON.stringify(revision).replaceAll("\\", "\\\\")} in `));
    const path = process.env["PATH"];
    try {
      process.env["PATH"] = temporaryFolder();
      assert.match(await failed(folder, "HEAD"), /--changed needs git, and there is no git on the PATH\./);
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("say in a shallow clone that more of the history is needed", async () => {
    commit();
    commit();
    const clone = temporaryFolder();
    git("clone", "--quiet", "--depth=1", `file://${folder}`, clone);
    const { status, stderr } = await run(clone, "check", "--changed", "HEAD~1");
    assert.equal(status, 2);
    assert.match(stderr, /The clone is shallow: fetch more of its history first\./);
    rmSync(clone, { recursive: true });
  });
});
