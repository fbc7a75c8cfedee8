/** Undefined names as an editor shows and mends them: in queries, in programs, in migrations. */
import assert from "node:assert/strict";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

const initializationOptions = { settings: { prismaValidation: "off" } };
const program = "src/deals.ts";

describe("Undefined names", () => {
  let client: LspClient;
  let folder: string;
  const uri = (path: string): string => pathToFileURL(join(folder, path)).href;
  const connect = async (files: Readonly<Record<string, string>> = shop.files): Promise<void> => {
    folder = temporaryFolder(files);
    client = await LspClient.inProcess({ folders: [folder], initializationOptions });
  };
  afterEach(() => client.stop());

  const undefinedIn = async (path: string): Promise<readonly string[]> => {
    const text = client.text(uri(path)).split("\n");
    return (await client.pull(uri(path)))
      .filter(({ code }) => String(code).startsWith("sql-undefined"))
      .map(({ range, message }) => `${text[range.start.line]?.slice(range.start.character, range.end.character)}: ${message}`);
  };

  it("are shown in a query at their place, and mended by what was meant", async () => {
    await connect();
    await client.open(uri(shop.query), 'SELECT * FROM "Deal" WHERE accountId = $1;\n');
    assert.deepEqual(await undefinedIn(shop.query), ['accountId: Column "accountid" of "Deal" does not exist. Did you mean "accountId"?']);
    const [action] = await client.actions(uri(shop.query), "accountId");
    assert.equal(action?.title, 'Change to "accountId"');
    assert.equal(action.isPreferred, true);
    await client.applyAndTell(action.edit);
    assert.deepEqual(await undefinedIn(shop.query), []);
    assert.equal(client.text(uri(shop.query)), 'SELECT * FROM "Deal" WHERE "accountId" = $1;\n');
  });

  it("come and go with the schema", async () => {
    await connect();
    await client.open(uri(shop.schema));
    await client.open(uri(shop.query), 'SELECT "title" FROM "Deal";\n');
    assert.equal((await undefinedIn(shop.query)).length, 1);
    await client.change(uri(shop.schema), "  account   Account", "  title String\n  account   Account");
    assert.deepEqual(await undefinedIn(shop.query), []);
  });

  it("are shown in the templates of a program, and mended there", async () => {
    await connect();
    const text = [
      'const rows = await prisma.$queryRaw`SELECT d.id FROM "Dael" d WHERE d."accountId" = ${id}`;',
      'const more = Prisma.sql`SELECT ${columns} FROM "Deal"`;',
      'const one = await sql`SELECT "Deal".idd FROM "Deal"`;',
      "const css = styled.div`color: red`;",
    ].join("\n");
    await client.open(uri(program), text);
    assert.deepEqual(await undefinedIn(program), [
      '"Dael": Table or view "Dael" does not exist. Did you mean "Deal"?',
      'idd: Column "idd" of "Deal" does not exist. Did you mean "id"?',
    ]);
    const [action] = await client.actions(uri(program), "Dael");
    await client.applyAndTell(action?.edit);
    assert.match(client.text(uri(program)), /FROM "Deal" d WHERE/);
  });

  it("are shown in a migration once, at the exact place", async () => {
    await connect();
    const text = `${shop.files[shop.migration]}CREATE INDEX "i" ON "Deal" ("acountId");\n`;
    await client.open(uri(shop.migration), text);
    assert.deepEqual(await undefinedIn(shop.migration), [
      '"acountId": Column "acountId" of "Deal" does not exist. Did you mean "accountId"?',
    ]);
  });

  it("are not looked for where no schema is", async () => {
    await connect({ "a.sql": "SELECT x FROM nowhere;\n" });
    await client.open(uri("a.sql"));
    assert.deepEqual(await undefinedIn("a.sql"), []);
  });

  for (const sample of ["crm", "crm-legacy"]) {
    it(`are in no query, program or migration of ${sample}`, async () => {
      await connect({});
      cpSync(fileURLToPath(new URL(`../../examples/${sample}/`, import.meta.url)), folder, { recursive: true });
      await client.tellFiles({ uri: uri("prisma"), type: 1 });
      const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => /\.(?:sql|ts)$/.test(path));
      assert.ok(paths.length > 20);
      for (const path of paths) {
        await client.open(uri(path));
        assert.deepEqual(await undefinedIn(path), [], path);
      }
    });
  }
});
