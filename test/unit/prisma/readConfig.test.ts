import assert from "node:assert/strict";
import fc from "fast-check";
import { readPrismaConfig } from "../../../server/src/prisma/readConfig.ts";

const file = "/srv/app/prisma.config.ts";

describe("readPrismaConfig", () => {
  for (const [how, text, schema] of [
    ["defineConfig", 'export default defineConfig({ schema: "a.prisma" })', "a.prisma"],
    ["a plain object with satisfies", 'export default { schema: "a.prisma" } satisfies PrismaConfig', "a.prisma"],
    ["module.exports", 'module.exports = defineConfig({ "schema": `a.prisma` })', "a.prisma"],
    ["a constant", 'const config: PrismaConfig = { schema: "a.prisma" };\nexport default config;', "a.prisma"],
    ["a function", 'export default defineConfig(() => ({ schema: "a.prisma" }))', "a.prisma"],
    ["path.join", 'export default { schema: path.join("prisma", "schema") }', "prisma/schema"],
    ["__dirname", 'export default { schema: path.join(__dirname, "prisma", "a.prisma") }', "/srv/app/prisma/a.prisma"],
    ["import.meta.dirname", "export default { schema: `${import.meta.dirname}/a.prisma` }", "/srv/app/a.prisma"],
    ["import.meta.url", 'export default { schema: fileURLToPath(new URL("./db/a.prisma", import.meta.url)) }', "/srv/app/db/a.prisma"],
    ["process.cwd()", 'export default { schema: resolve(process.cwd(), "a.prisma") }', "/srv/app/a.prisma"],
    ["a fallback for the environment", 'export default { schema: process.env.SCHEMA ?? "a.prisma" }', "a.prisma"],
    ["a spread", 'const base = { schema: "a.prisma" };\nexport default { ...base, migrations: {} }', "a.prisma"],
    ["a member of a constant", 'const paths = { schema: "a.prisma" } as const;\nexport default { schema: paths.schema }', "a.prisma"],
    ["a sum", 'const folder = "prisma/";\nexport default { schema: folder + "a.prisma" }', "prisma/a.prisma"],
    ["a shorthand", 'const schema = "a.prisma";\nexport default { schema }', "a.prisma"],
  ] as const) {
    it(`reads the schema from ${how}`, () => {
      const config = readPrismaConfig(file, text);
      assert.equal(config.schema?.text, schema);
      assert.deepEqual(config.problems, []);
    });
  }

  for (const [how, value, why] of [
    ["the environment", "process.env.SCHEMA", "depends on the environment"],
    ["the environment by name", 'process.env["SCHEMA"]', "depends on the environment"],
    ["Prisma's env()", 'env("SCHEMA")', "depends on the environment"],
    ["an import", "schemaPath", "comes from schemaPath, which this file does not define as a constant"],
    ["a call", "findSchema()", "is made by findSchema()"],
    ["a number", "42", "is computed when the file runs"],
    ["an object", "{}", "is of kind object"],
  ] as const) {
    it(`says that ${how} cannot be read`, () => {
      const text = `export default { schema: ${value} }`;
      const { schema, problems } = readPrismaConfig(file, text);
      assert.equal(schema, undefined);
      assert.equal(problems.length, 1);
      assert.ok(problems[0]?.message.startsWith(`"schema" ${why}.`), problems[0]?.message);
      assert.equal(text.slice(problems[0]?.span.start, problems[0]?.span.end), value);
    });
  }

  it("says so when nothing is exported, or the file does not parse", () => {
    assert.match(readPrismaConfig(file, "const a = 1;").problems[0]?.message ?? "", /exports nothing/);
    assert.match(readPrismaConfig(file, "export default {").problems[0]?.message ?? "", /cannot be read/);
    assert.match(readPrismaConfig(file, "export default load();").problems[0]?.message ?? "", /is made by load\(\); it is not read/);
  });

  it("knows Prisma 8 by its contract", () => {
    assert.equal(readPrismaConfig(file, 'export default defineConfig({ contract: "./a.prisma" })').isPrisma8, true);
    assert.equal(readPrismaConfig(file, 'export default defineConfig({ schema: "./a.prisma" })').isPrisma8, false);
  });

  it("never throws: not on constants defined by each other, deep nesting, half a file or noise", () => {
    readPrismaConfig(file, "const a = b; const b = a;\nexport default { schema: a }");
    readPrismaConfig(file, `export default { schema: ${"(".repeat(5000)}1${")".repeat(5000)} }`);
    readPrismaConfig(file, `export default { schema: ${'"a" + '.repeat(5000)} "b" }`);
    const whole = 'import x from "y";\nconst a = { ...b, c: [1, `t${x}`] };\nexport default defineConfig({ schema: path.join(a.c[0], process.env["X"] ?? "d"), migrations: { path: new URL("e", import.meta.url).pathname } });';
    for (let end = 0; end <= whole.length; end++) readPrismaConfig(file, whole.slice(0, end));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        readPrismaConfig(file, text);
        readPrismaConfig(file, `export default { schema: ${text} }`);
      }),
      { numRuns: 100 },
    );
  });
});
