/** What the product preaches, practised: every migration of the sample has a way back, and each is proven. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readHistory } from "../../server/src/migrations/history.ts";
import { proveMigrations } from "../../server/src/migrations/prove.ts";
import { verdictText } from "../../server/src/migrations/proof.ts";
import { uriOfPath } from "../../server/src/prisma/fileUris.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { nodeFiles } from "../../server/src/workspace/nodeFiles.ts";
import { crm } from "../support/samples.ts";
import { scratchOptions } from "../support/scratch.ts";

describe("The migrations of the CRM sample", function () {
  this.timeout(400_000);

  it("lead up, down and up again, over rows in every table", async () => {
    await loadSqlParser();
    const root = join(crm.folder, "prisma", "migrations");
    const uris = crm.migrations.map(({ name }) => uriOfPath(join(root, name, "migration.sql")));
    const { migrations } = readHistory({ kind: "prisma", root, uris }, nodeFiles(), () => "message unless concurrent");
    const verdicts: string[] = [];
    for await (const proof of proveMigrations(migrations, new Set(migrations), { scratch: await scratchOptions(), foldOptions: {} })) {
      if (proof.verdict !== "proven") verdicts.push(`${proof.migration}: ${verdictText(proof)}`);
    }
    assert.deepEqual(verdicts, []);
  });
});
