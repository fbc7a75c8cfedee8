import assert from "node:assert/strict";
import { EngineThread } from "../../../server/src/prisma/engineThread.ts";
import { formatPrisma } from "../../../server/src/prisma/format.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";

const uri = "file:///a.prisma";

describe("formatPrisma", () => {
  let engine: EngineThread;
  before(() => {
    engine = new EngineThread({ deadline: 20_000 });
  });
  after(() => engine.dispose());

  const formatted = async (text: string, ...others: readonly { readonly uri: string; readonly text: string }[]): Promise<string> =>
    applyEdits(text, await formatPrisma(engine, [{ uri, text }, ...others], uri));

  it("aligns fields and keeps comments, whatever characters they hold", async () => {
    const text = "// 😀\nmodel A {\n id Int @id // 'x'\n  longer   String?   @db.VarChar( 20 )\n}\n";
    assert.equal(await formatted(text), "// 😀\nmodel A {\n  id     Int     @id // 'x'\n  longer String? @db.VarChar(20)\n}\n");
  });

  it("ends lines as the file does", async () => {
    assert.equal(await formatted("model A {\r\n id Int @id\r\n}\r\n"), "model A {\r\n  id Int @id\r\n}\r\n");
  });

  it("keeps connection URLs, which Prisma 7 refuses", async () => {
    const text = 'datasource db {\n provider = "postgresql"\n url = env("X")\n}\n';
    assert.equal(await formatted(text), 'datasource db {\n  provider = "postgresql"\n  url      = env("X")\n}\n');
  });

  it("has nothing to change in a formatted file", async () => {
    assert.deepEqual(await formatPrisma(engine, [{ uri, text: "model A {\n  id Int @id\n}\n" }], uri), []);
  });

  it("writes the missing half of a relation to a model in another file", async () => {
    const other = { uri: "file:///b.prisma", text: "model B {\n  id Int @id\n  as A[]\n}\n" };
    assert.match(
      await formatted("model A {\n  id Int @id\n  b  B\n}\n", other),
      /@relation\(fields: \[bId\], references: \[id\]\)\n {2}bId Int/,
    );
  });

  it("changes nothing once the engine is gone", async () => {
    const gone = new EngineThread();
    await gone.dispose();
    assert.deepEqual(await formatPrisma(gone, [{ uri, text: "model A {\nid Int @id\n}\n" }], uri), []);
  });
});
