import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { nodeFiles } from "../../../server/src/workspace/nodeFiles.ts";
import { RereadFiles } from "../../../server/src/workspace/rereading.ts";
import { temporaryFolder, writeFiles } from "../../support/temporaryFolder.ts";

describe("Files that are looked at again", () => {
  const read = (files: Readonly<Record<string, string>>): { folder: string; reread: RereadFiles; changes: () => readonly string[] } => {
    const folder = temporaryFolder(files);
    const reread = new RereadFiles(nodeFiles());
    reread.list(folder);
    for (const path of Object.keys(files)) reread.readText(join(folder, path));
    return { folder, reread, changes: () => reread.changes().map(({ path, what }) => `${what} ${path.slice(folder.length)}`).sort() };
  };

  it("say nothing as long as nothing changes", () => {
    const { changes } = read({ "a.sql": "1" });
    assert.deepEqual(changes(), []);
  });

  it("say what was changed, once", () => {
    const { folder, changes } = read({ "a.sql": "1", "b.sql": "1" });
    writeFiles(folder, { "a.sql": "22" });
    assert.deepEqual(changes(), ["changed /a.sql"]);
    assert.deepEqual(changes(), []);
  });

  it("call a folder with other files new, so that it is listed again", () => {
    const { folder, changes } = read({ "a.sql": "1" });
    writeFiles(folder, { "b.sql": "1" });
    assert.deepEqual(changes(), ["created "]);
  });

  it("say what is gone, and what is there that was missing", () => {
    const { folder, reread, changes } = read({ "a.sql": "1" });
    assert.equal(reread.readText(join(folder, "b.sql")).ok, false);
    rmSync(join(folder, "a.sql"));
    writeFiles(folder, { "b.sql": "1" });
    assert.deepEqual(changes(), ["created ", "created /b.sql", "deleted /a.sql"]);
  });
});
