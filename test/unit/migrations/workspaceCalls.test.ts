/** The queries beside a history that a proof asks before and after: those that people wrote, and those of Prisma Client. */
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { scratchAssets } from "../../../scripts/support/scratchAssets.mjs";
import { queriesBeside } from "../../../server/src/migrations/workspaceCalls.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import { nodeFiles } from "../../../server/src/workspace/nodeFiles.ts";
import { queryCompilerWorker } from "../../../server/src/workspace/assets.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

describe("the queries beside a history", function () {
  this.timeout(60_000);

  it("are those of SQL files and the statements of Prisma Client's calls, each once and under the place that sends it", async () => {
    const root = temporaryFolder({
      "queries/open.sql": "SELECT id FROM deal WHERE amount > $1;\n",
      "src/deals.ts": "export const all = () => db.deal.findMany();\n\nexport const again = () => db.deal.findMany();\nexport const none = () => db.deal.findMany({ where: { nobody: 1 } });\n",
      "prisma/migrations/1_init/migration.sql": "SELECT 1;",
    });
    const schema = parsePrisma("file:///schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\nmodel Deal {\n  id Int @id\n  amount Int\n  @@map("deal")\n}\n');
    const worker = queryCompilerWorker;
    const found = await queriesBeside({ root, except: `${root}/prisma/migrations`, schema: [schema], host: nodeFiles() }, { worker, assets: pathToFileURL(`${await scratchAssets()}/`), deadline: 60_000 });
    assert.deepEqual(found.map(({ name }) => name), ["queries/open.sql:1", "src/deals.ts:1 (Deal.findMany)"]);
    assert.match(found[1]?.text ?? "", /^SELECT .*"amount" FROM "public"\."deal" WHERE /);
  });
});
