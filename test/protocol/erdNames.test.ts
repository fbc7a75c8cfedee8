/** Names that a person gives in a diagram, whatever they hold: written so that the database has exactly them, or refused with the reason. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { erdEdit, erdPicture, type ErdPicture } from "../../protocol/src/erd.ts";
import { outcomeShape, pictureShape } from "../../protocol/src/erdShapes.ts";
import type { Table } from "../../server/src/model/schema.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { LspClient } from "../support/lspClient.ts";
import { parseSqlText } from "../support/schemas.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const odd = ["select", "Order", 'quo"te', "it's", "two words", "größe", "注文", "😀", "<img src=x onerror=alert(1)>", "--", "/* */", "$$", "1st", "_x", "a.b", "%s", "\\", "`", "ß".repeat(31), "${x}", "{{x}}", ":name", "?"];
const refused: readonly (readonly [string, RegExp])[] = [
  ["x".repeat(64), /63 bytes/],
  ["ß".repeat(32), /63 bytes/],
  ["", /name/],
  ["   ", /name/],
  ["a\u0000b", /character/],
];

const shops = "CREATE TABLE shops (id bigint PRIMARY KEY, label text);\n";

describe("Names given in a diagram", function () {
  this.timeout(60_000);

  before(() => loadSqlParser());

  let client: LspClient;
  let folder: string;
  const open = async (files: Readonly<Record<string, string>>, path: string): Promise<void> => {
    folder = temporaryFolder({ ...files });
    source = { kind: "project", uri: pathToFileURL(join(folder, path)).href };
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { showsErd: true, settings: { prismaValidation: "off" } } });
  };
  let source: object;
  afterEach(() => client.stop());
  const picture = async (): Promise<ErdPicture> => v.parse(pictureShape, await client.connection.sendRequest(erdPicture, { source, positions: {} }));
  const edit = async (wish: object): Promise<v.InferOutput<typeof outcomeShape>> => {
    const { revision } = (await picture()).diagram;
    return v.parse(outcomeShape, await client.connection.sendRequest(erdEdit, { source, edit: { ...wish, revision } }));
  };

  describe("of an SQL project", () => {
    const first = "migrations/001_shop.sql";
    const created: string[] = [];
    beforeEach(async () => {
      created.length = 0;
      await open({ [first]: shops }, first);
      client.connection.onRequest("workspace/applyEdit", ({ edit: { documentChanges = [] } }: { edit: { documentChanges?: readonly object[] } }) => {
        for (const change of documentChanges) {
          const { edits } = v.parse(v.looseObject({ edits: v.optional(v.array(v.looseObject({ newText: v.string() })), []) }), change);
          created.push(...edits.map(({ newText }) => newText));
        }
        return { applied: true };
      });
    });

    /** The tables after the new migration has run. */
    const then = (): readonly Table[] => [...parseSqlText(shops + created.splice(0).join("")).schema.tables.values()];

    it("are those that the new migration makes", async () => {
      for (const name of odd) {
        assert.deepEqual(await edit({ do: "addColumn", table: "public.shops", name, type: "text", nullable: true }), { ok: true }, name);
        assert.deepEqual(await edit({ do: "renameColumn", table: "public.shops", column: "label", to: `${[...name].slice(0, 10).join("")}2` }), { ok: true }, name);
        const [table] = then();
        assert.deepEqual([...(table?.columns.keys() ?? [])].sort(), ["id", name, `${[...name].slice(0, 10).join("")}2`].sort());
        assert.deepEqual(await edit({ do: "renameTable", table: "public.shops", to: name }), { ok: true }, name);
        assert.deepEqual(then().map((one) => one.name), [name]);
      }
    });

    it("are refused where the database would have others", async () => {
      for (const [name, reason] of refused) {
        for (const wish of [
          { do: "addColumn", table: "public.shops", name, type: "text", nullable: true },
          { do: "renameColumn", table: "public.shops", column: "label", to: name },
          { do: "renameTable", table: "public.shops", to: name },
        ]) {
          const outcome = await edit(wish);
          assert.ok(!outcome.ok && reason.test(outcome.reason), `${wish.do} ${JSON.stringify(name)}: ${JSON.stringify(outcome)}`);
        }
      }
      assert.deepEqual(created, []);
    });
  });

  describe("of a Prisma schema", () => {
    const path = "prisma/schema.prisma";
    const text = 'datasource db {\n  provider = "postgresql"\n}\n\nmodel Shop {\n  id Int @id\n}\n';
    beforeEach(async () => {
      await open({ [path]: text }, path);
      await client.open(pathToFileURL(join(folder, path)).href);
      client.connection.onRequest("workspace/applyEdit", async ({ edit: wanted }: { edit: Parameters<LspClient["applyAndTell"]>[0] }) => {
        await client.applyAndTell(wanted);
        return { applied: true };
      });
    });

    it("are the database's, under a name that Prisma takes", async () => {
      for (const name of odd) assert.deepEqual(await edit({ do: "addColumn", table: "public.Shop", name, type: "text", nullable: true }), { ok: true }, name);
      const { diagram } = await picture();
      assert.deepEqual(diagram.status, { kind: "ok" }, client.text(pathToFileURL(join(folder, path)).href));
      assert.deepEqual(diagram.tables[0]?.columns.map(({ name }) => name), ["id", ...odd]);
      const fields = diagram.tables[0]?.columns.map(({ name, prismaName = name }) => prismaName) ?? [];
      for (const field of fields) assert.match(field, /^[A-Za-z]\w*$/);
      assert.equal(new Set(fields).size, fields.length);
    });

    it("are refused where the database would have others, or Prisma has none", async () => {
      for (const [name, reason] of refused) {
        const outcome = await edit({ do: "addColumn", table: "public.Shop", name, type: "text", nullable: true });
        assert.ok(!outcome.ok && reason.test(outcome.reason), `${JSON.stringify(name)}: ${JSON.stringify(outcome)}`);
      }
      for (const to of ["two words", "1st", "größe", "await", "", 'x"']) {
        const outcome = await edit({ do: "renameTable", table: "public.Shop", to });
        assert.ok(!outcome.ok && outcome.reason.length > 10, `${to}: ${JSON.stringify(outcome)}`);
      }
    });
  });
});
