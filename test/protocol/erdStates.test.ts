/** Diagrams of revisions, migrations and what differs between them, what a DELETE does, and exports, asked of a real server. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { type ErdDeletion, erdDeletion, erdExport, type ErdExportParams, erdPicture, type ErdPicture, type ErdSource, type ErdState } from "../../protocol/src/erd.ts";
import { exportedShape } from "../../protocol/src/erdShapes.ts";
import * as v from "valibot";
import { LspClient } from "../support/lspClient.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const first = "migrations/001_first.sql";
const second = "migrations/002_second.sql";

describe("A diagram of other states than the editor's", function () {
  this.timeout(240_000);

  let folder: string;
  let client: LspClient;
  const git = (...args: readonly string[]): void => {
    const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "", GIT_CONFIG_NOSYSTEM: "1" };
    execFileSync("git", [...identity, ...args], { cwd: folder, env, stdio: "ignore" });
  };
  const uri = (path: string): string => pathToFileURL(join(folder, path)).href;
  const picture = (source: ErdSource): Promise<ErdPicture> => client.connection.sendRequest(erdPicture, { source, positions: {} });
  const marks = ({ diagram: { tables } }: ErdPicture): readonly unknown[] => tables.map(({ name, change }) => [name, change]);
  const now = (): ErdState => ({ kind: "project", uri: uri(first) });

  before(async () => {
    folder = temporaryFolder({ [first]: "CREATE TABLE users (id int PRIMARY KEY, email text);\n" });
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "-m", "a commit");
    writeFiles(folder, { [second]: "CREATE TABLE posts (id int PRIMARY KEY, author_id int NOT NULL REFERENCES users ON DELETE CASCADE);\n" });
    client = await LspClient.inProcess({ folders: [folder] });
  });
  after(() => client.stop());

  it("is of a git revision", async () => {
    const then = await picture({ kind: "revision", uri: uri(first), revision: "HEAD" });
    assert.deepEqual(marks(then), [["users", undefined]]);
    assert.match(then.diagram.title, /: HEAD$/);
  });

  it("is of a history up to one of its migrations", async () => {
    assert.deepEqual(marks(await picture({ kind: "history", uri: uri("migrations"), until: uri(first) })), [["users", undefined]]);
    assert.deepEqual(marks(await picture({ kind: "history", uri: uri(second) })), [
      ["posts", undefined],
      ["users", undefined],
    ]);
  });

  it("is of what differs between a revision, or a migration, and the files", async () => {
    const expected = [
      ["posts", "added"],
      ["users", undefined],
    ];
    for (const before of [
      { kind: "revision", uri: uri(first), revision: "main" },
      { kind: "history", uri: uri(first), until: uri(first) },
    ] as const) {
      const difference = await picture({ kind: "difference", before, after: now() });
      assert.equal(difference.diagram.isDifference, true);
      assert.deepEqual(marks(difference), expected);
      assert.deepEqual(Object.keys(difference.positions).sort(), ["public.posts", "public.users"]);
    }
  });

  it("follows a branch to its next commit", async () => {
    const source: ErdSource = { kind: "difference", before: { kind: "revision", uri: uri(first), revision: "main" }, after: now() };
    const before = await picture(source);
    git("add", "--all");
    git("commit", "--quiet", "-m", "another commit");
    const after = await picture(source);
    assert.deepEqual(marks(after), [
      ["posts", undefined],
      ["users", undefined],
    ]);
    assert.ok(after.diagram.revision > before.diagram.revision);
  });

  it("says why there is none", async () => {
    const none = await picture({ kind: "revision", uri: uri(first), revision: "nowhere" });
    assert.equal(none.diagram.status.kind, "empty");
    assert.match("reason" in none.diagram.status ? none.diagram.status.reason : "", /git knows no revision "nowhere" in /);
    const gone = await picture({ kind: "difference", before: { kind: "history", uri: uri(first), until: uri("migrations/003.sql") }, after: now() });
    assert.deepEqual(gone.diagram.status, { kind: "empty", reason: "This migration is no longer there." });
  });

  it("says what a DELETE would do", async () => {
    const deletion: ErdDeletion = await client.connection.sendRequest(erdDeletion, { source: now(), table: "public.users" });
    assert.deepEqual(deletion.effects.map(({ table, effect }) => [table, effect]), [["public.posts", "deleted"]]);
    assert.equal(deletion.summary, "A DELETE from users deletes rows of posts.");
  });

  it("is written in other formats, without what is hidden, where a person has put it", async () => {
    const written = async (params: Partial<ErdExportParams>): Promise<string> => {
      const exported = await client.connection.sendRequest(erdExport, { source: now(), format: "mermaid", positions: {}, hidden: [], palette: "light", ...params });
      return v.parse(exportedShape, exported).content;
    };
    assert.match(await written({}), /^erDiagram\n {2}posts \{/);
    assert.match(await written({ hidden: ["public.posts"] }), /^erDiagram\n {2}users \{/);
    for (const format of ["svg", "html", "dbml", "plantuml"] as const) assert.match(await written({ format }), /posts/);
    assert.match(await written({ format: "svg", positions: { "public.users": { x: 4321, y: 1234 } } }), /translate\(4321 1234\)/);
  });
});
