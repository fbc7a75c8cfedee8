/** What the version before a migration asks: its calls are compiled against the schema as it was then. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { scratchAssets } from "../../../scripts/support/scratchAssets.mjs";
import type { EarlierClient } from "../../../server/src/migrations/clients.ts";
import { earlierClients } from "../../../server/src/migrations/earlierClients.ts";
import { queriesBeside } from "../../../server/src/migrations/workspaceCalls.ts";
import { uriOfPath } from "../../../server/src/prisma/fileUris.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import { queryCompilerWorker } from "../../../server/src/workspace/assets.ts";
import { nodeFiles } from "../../../server/src/workspace/nodeFiles.ts";
import { filesBefore } from "../../../server/src/workspace/revisionFiles.ts";
import { historyIn } from "../../support/runHistory.ts";
import { temporaryFolder, writeFiles } from "../../support/temporaryFolder.ts";

const schema = (field: string): string => `datasource db {\n  provider = "postgresql"\n}\nmodel Deal {\n  id Int @id\n  ${field} Int\n  @@map("deal")\n}\n`;
const init = { "prisma/migrations/20260101000000_init/migration.sql": 'CREATE TABLE deal (id int PRIMARY KEY, amount int NOT NULL);\n' };
const rename = { "prisma/migrations/20260102000000_total/migration.sql": 'ALTER TABLE deal RENAME COLUMN amount TO total;\n' };

describe("the client before a migration", function () {
  this.timeout(120_000);
  let root: string;
  const git = (...args: readonly string[]): void => void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: root, stdio: "pipe" });

  beforeEach(() => {
    root = temporaryFolder({ ...init, "prisma/schema.prisma": schema("amount"), "src/deals.ts": "export const all = () => db.deal.findMany();\nexport const large = () => db.deal.findMany({ where: { amount: 7 } });\n", "queries/old.sql": "SELECT amount FROM deal;\n" });
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    writeFiles(root, { ...rename, "prisma/schema.prisma": schema("total"), "src/deals.ts": "export const all = () => db.deal.findMany();\n", "queries/old.sql": "SELECT total FROM deal;\n" });
  });

  async function clients(): Promise<{ readonly now: readonly string[]; readonly old: EarlierClient | undefined; readonly first: EarlierClient | undefined }> {
    const compiler = { worker: queryCompilerWorker, assets: pathToFileURL(`${await scratchAssets()}/`), deadline: 60_000 };
    const { migrations } = historyIn(join(root, "prisma/migrations"), "prisma");
    const path = join(root, "prisma/schema.prisma");
    const beside = { root, except: join(root, "prisma/migrations"), schema: [parsePrisma(uriOfPath(path), readFileSync(path, "utf8"))], host: nodeFiles() };
    const earlier = earlierClients(migrations, beside, filesBefore, compiler);
    const [first, second] = migrations;
    assert.ok(first !== undefined && second !== undefined);
    return { now: (await queriesBeside(beside, compiler)).map(({ text }) => text), old: await earlier(second), first: await earlier(first) };
  }

  const columns = (texts: readonly string[]): readonly string[] => texts.map((text) => `${text.includes("amount") ? "amount" : ""}${text.includes("total") ? "total" : ""}`);

  it("is that of the last commit while the migration is in none", async () => {
    const { now, old } = await clients();
    assert.deepEqual(columns(now), ["total", "total"]);
    assert.deepEqual(columns(old?.queries.map(({ text }) => text) ?? []), ["amount", "amount", "amount"]);
    assert.deepEqual(old?.queries.map(({ name }) => name), ["queries/old.sql:1", "src/deals.ts:1 (Deal.findMany)", "src/deals.ts:2 (Deal.findMany)"]);
  });

  it("is that of the commit before the one that brought the migration, and unknown for the first", async () => {
    git("add", ".");
    git("commit", "-q", "-m", "second");
    writeFiles(root, { "prisma/schema.prisma": schema("sum") });
    git("commit", "-q", "-a", "-m", "third");
    const { old, first } = await clients();
    assert.equal(old?.queries.length, 3);
    assert.match(old?.commit ?? "", /^[0-9a-f]{9}$/);
    assert.equal(first, undefined);
  });
});
