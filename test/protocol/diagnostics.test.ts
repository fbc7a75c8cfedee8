/** Diagnostics through the protocol: asked for, sent, and kept up with typing. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LspClient, pushCapabilities } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const schema = `datasource db {
  provider = "postgresql"
}

model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
}
`;

describe("Diagnostics", () => {
  let client: LspClient;
  afterEach(() => client.stop());

  it("come with the rule, a link to its page, a message and the exact range", async () => {
    const folder = temporaryFolder({ "prisma/schema.prisma": schema });
    client = await LspClient.inProcess({ folders: [folder] });
    const uri = pathToFileURL(join(folder, "prisma/schema.prisma")).href;
    await client.open(uri);
    const diagnostics = await client.pull(uri);
    console.log(JSON.stringify(diagnostics, null, 1));
  });
});
