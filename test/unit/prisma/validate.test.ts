import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { blankConnectionUrls, blankForPrisma7 } from "../../../server/src/prisma/blankUrls.ts";
import { EngineThread } from "../../../server/src/prisma/engineThread.ts";
import { PrismaValidator } from "../../../server/src/prisma/validate.ts";

const datasource = 'datasource db {\n  provider = "postgresql"\n}\n';
const valid = `${datasource}model A {\n  id Int @id\n}\n`;

describe("PrismaValidator", () => {
  let engine: EngineThread;
  let validator: PrismaValidator;
  beforeEach(() => {
    engine = new EngineThread({ deadline: 20_000 });
    validator = new PrismaValidator(engine);
  });
  afterEach(() => engine.dispose());

  it("finds nothing in a valid schema and gives its datamodel", async () => {
    const validation = await validator.validate([{ uri: "file:///a.prisma", text: valid }], { major: 7, wantsDatamodel: true });
    assert.ok(!validation.timedOut);
    assert.deepEqual([...validation.problems], [["file:///a.prisma", []]]);
    assert.match(JSON.stringify(validation.datamodel), /"models":\[\{"name":"A"/);
  });

  it("places errors by UTF-16 units in the file they belong to", async () => {
    const text = '// 😀😀\nmodel B {\n  id String @id @default("😀")\n  a  Aa\n}\n';
    const validation = await validator.validate(
      [
        { uri: "file:///a.prisma", text: valid },
        { uri: "file:///b.prisma", text },
      ],
      { major: 7 },
    );
    assert.ok(!validation.timedOut);
    assert.deepEqual(validation.problems.get("file:///a.prisma"), []);
    const [problem] = validation.problems.get("file:///b.prisma") ?? [];
    assert.equal(text.slice(problem?.span.start, problem?.span.end), "Aa");
    assert.equal(problem?.severity, "error");
    assert.equal(validation.datamodel, undefined);
  });

  it("accepts connection URLs and old preview features of Prisma 6, and not of Prisma 7", async () => {
    const text = `generator client {\n  provider        = "prisma-client-js"\n  previewFeatures = ["metrics", "driverAdapters"]\n}\n\ndatasource db {\n  provider  = "postgresql"\n  url       = env("DATABASE_URL")\n  directUrl = env("DIRECT_URL")\n}\n\nmodel A {\n  id Int @id\n  b  Nope\n}\n`;
    const six = await validator.validate([{ uri: "file:///a.prisma", text }], { major: 6 });
    assert.ok(!six.timedOut);
    const problems = six.problems.get("file:///a.prisma") ?? [];
    assert.deepEqual(
      problems.map(({ span }) => text.slice(span.start, span.end)),
      ["Nope"],
    );
    const seven = await validator.validate([{ uri: "file:///a.prisma", text }], { major: 7 });
    assert.ok(!seven.timedOut);
    assert.ok((seven.problems.get("file:///a.prisma") ?? []).some(({ message }) => message.includes("`url` is no longer supported")));
  });

  it("answers a question that waited with the newer one's answer", async () => {
    const broken = valid.replace("Int", "Intt");
    const first = validator.validate([{ uri: "file:///a.prisma", text: valid }], { major: 7 });
    const second = validator.validate([{ uri: "file:///a.prisma", text: broken }], { major: 7 });
    const other = validator.validate([{ uri: "file:///b.prisma", text: valid }], { major: 7 });
    const [a, b, c] = await Promise.all([first, second, other]);
    assert.ok(!a.timedOut && !b.timedOut && !c.timedOut);
    assert.equal(a, b);
    assert.equal(a.files[0]?.text, broken);
    assert.equal(b.problems.get("file:///a.prisma")?.length, 1);
    assert.deepEqual([...c.problems], [["file:///b.prisma", []]], "another schema's question keeps its own answer");
  });

  it("answers as timed out once disposed, without a thread left", async () => {
    const underway = validator.validate([{ uri: "file:///a.prisma", text: valid }], { major: 7 });
    await engine.dispose();
    assert.deepEqual(await underway, { timedOut: true });
    assert.deepEqual(await validator.validate([{ uri: "file:///a.prisma", text: valid }], { major: 7 }), { timedOut: true });
  });

  describe("with a worker that misbehaves", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "database-architect-worker-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** A worker that treats each message by what the first file's text says. */
    function worker(): URL {
      const script = join(folder, "worker.mjs");
      const code = `import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ files: [[, text]] }) => {
  if (text === "hang") for (;;);
  if (text === "throw") throw new Error("no");
  if (text === "exit") process.exit(3);
  if (text === "panic") parentPort.postMessage({ kind: "panic", message: "unreachable\\nstack" });
  else parentPort.postMessage({ kind: "answer", diagnostics: "[]" });
});
parentPort.postMessage("ready");`;
      writeFileSync(script, code);
      return pathToFileURL(script);
    }

    for (const fault of ["hang", "throw", "exit"]) {
      it(`gives up when it does ${fault}, and answers the next question with a new thread`, async () => {
        const ownEngine = new EngineThread({ worker: worker(), deadline: 300 });
        const own = new PrismaValidator(ownEngine);
        assert.deepEqual(await own.validate([{ uri: "file:///a.prisma", text: fault }], { major: 7 }), { timedOut: true });
        const next = await own.validate([{ uri: "file:///a.prisma", text: "fine" }], { major: 7 });
        assert.equal(next.timedOut, false);
        await ownEngine.dispose();
      });
    }

    it("says so when the engine panics", async () => {
      const ownEngine = new EngineThread({ worker: worker() });
      const own = new PrismaValidator(ownEngine);
      const validation = await own.validate([{ uri: "file:///a.prisma", text: "panic" }], { major: 7 });
      assert.ok(!validation.timedOut);
      assert.match(validation.problems.get("file:///a.prisma")?.[0]?.message ?? "", /schema engine failed on this schema \(unreachable\)/);
      await ownEngine.dispose();
    });

    it("gives up on a script that does not start", async () => {
      const ownEngine = new EngineThread({ worker: pathToFileURL(join(folder, "missing.mjs")) });
      const own = new PrismaValidator(ownEngine);
      assert.deepEqual(await own.validate([{ uri: "file:///a.prisma", text: "x" }], { major: 7 }), { timedOut: true });
      await ownEngine.dispose();
    });
  });
});

describe("blankConnectionUrls", () => {
  it("keeps every offset and touches nothing outside the datasource", () => {
    const text =
      'datasource db {\r\n  provider = "postgresql"\r\n  url = env("X") // why\r\n  shadowDatabaseUrl="y"\r\n}\r\nmodel A {\r\n  url String\r\n}\r\n';
    const blanked = blankConnectionUrls(text);
    assert.equal(blanked.length, text.length);
    assert.equal(blanked.slice(blanked.indexOf("model")), text.slice(text.indexOf("model")));
    assert.doesNotMatch(blanked, /env|shadow/);
    assert.match(blanked, /provider = "postgresql"\r\n {2,}\r\n {2,}\r\n\}/);
  });
});

describe("blankForPrisma7", () => {
  for (const [list, left] of [
    ['["metrics"]', "[]"],
    ['["metrics", "views"]', '["views"]'],
    ['["views", "metrics"]', '["views"]'],
    ['["views", "metrics", "typedSql"]', '["views","typedSql"]'],
    ['["views"]', '["views"]'],
  ] as const) {
    it(`leaves of ${list} what Prisma 7 knows`, () => {
      const text = `generator client {\n  previewFeatures = ${list}\n}\n`;
      const blanked = blankForPrisma7(text);
      assert.equal(blanked.length, text.length);
      assert.equal(/\[.*\]/.exec(blanked)?.[0].replaceAll(" ", ""), left);
    });
  }
});
