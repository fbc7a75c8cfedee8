import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { root } from "../../../scripts/support/paths.ts";
import { packagedFiles, type ExtensionPackage } from "../../../scripts/support/vsix.ts";
import { writeFigure } from "../support/figures.ts";
import { packagedOnce } from "../support/installedExtension.ts";

/** Of the embedded PostgreSQL. */
const scratchExtensions =
  "amcheck bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore intarray isn lo ltree pageinspect pg_buffercache pg_freespacemap pg_stat_statements pg_trgm pg_uuidv7 pg_visibility pgcrypto pgmq seg spi tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp vector".split(
    " ",
  );

/** Anything else in the package is an accident. */
const expected = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "dist/THIRD-PARTY-NOTICES.txt",
  "dist/cli.js",
  "dist/databases.cjs",
  "dist/diagramFont.ttf.br",
  "dist/erdPanels.cjs",
  "dist/extension.cjs",
  ...scratchExtensions.map((name) => `dist/extensions/${name}.tar.gz`),
  "dist/languageClient.cjs",
  "dist/layoutWorker.js",
  "dist/libpg-query.wasm",
  "dist/migrations.cjs",
  "dist/part-*.js", // what server and command line share, or load when they need it
  "dist/planPanels.cjs",
  "dist/planWorker.js",
  "dist/postgres.data.br",
  "dist/postgres.wasm.br",
  "dist/postgresCluster.tar.br",
  "dist/prismaWorker.js",
  "dist/prisma_schema_build_bg.wasm",
  "dist/queryCompiler.wasm.br",
  "dist/queryCompilerWorker.js",
  "dist/schemaEngine.wasm.br",
  "dist/schemaEngineWorker.js",
  "dist/scratchWorker.js",
  "dist/server.js",
  "dist/sqlWorker.js",
  "dist/webviews/erd.css",
  "dist/webviews/erd.js",
  "dist/webviews/plan.css",
  "dist/webviews/plan.js",
  "media/activity.svg",
  "media/erd-dark.svg",
  "media/erd-light.svg",
  "media/icon.png",
  "media/plan-dark.svg",
  "media/plan-light.svg",
  "package.json",
  "syntaxes/database-architect.schema.json",
  "syntaxes/prisma.language-configuration.json",
  "syntaxes/prisma.tmLanguage.json",
  "syntaxes/sql-in-typescript.tmLanguage.json",
];

/**
 * Kilobytes, minified, with all that is loaded along with it. What activation loads is small; the rest follows when it is
 * needed. A third of the server are the rules with the text of their pages, which open without a network.
 */
const budgets = { "dist/extension.cjs": 60, "dist/languageClient.cjs": 500, "dist/server.js": 2000, "dist/cli.js": 1900, "dist/webviews/erd.js": 400, "dist/webviews/plan.js": 400 };

const metafile = v.object({ outputs: v.record(v.string(), v.object({ bytes: v.number(), imports: v.array(v.object({ path: v.string(), kind: v.string() })) })) });

describe("The package", () => {
  let vsix: ExtensionPackage;
  before(async () => {
    vsix = await packagedOnce();
  });

  it("holds what is needed and nothing else", async () => {
    const names = (await packagedFiles()).map((name) => name.replace(/^dist\/part-\w+-[A-Z0-9]{8}\.js$/, "dist/part-*.js"));
    assert.deepEqual([...new Set(names)], expected);
  });

  it("is under 12 MB, of which the embedded PostgreSQL takes 6.5 and Prisma's schema engine 1.6", async () => {
    await writeFigure("package size", `${(vsix.bytes / 1_000_000).toFixed(2)} MB`);
    assert.ok(vsix.bytes < 12_000_000, `${vsix.bytes} bytes`);
  });

  it("keeps each bundle within its budget", async () => {
    const { outputs } = v.parse(metafile, JSON.parse(await readFile(join(root, "dist/meta.json"), "utf8")));
    for (const [file, kilobytes] of Object.entries(budgets)) {
      const loaded = new Set([file]);
      for (const each of loaded) {
        for (const { path, kind } of outputs[each]?.imports ?? []) if (kind === "import-statement" && path in outputs) loaded.add(path);
      }
      const size = [...loaded].reduce((total, each) => total + (outputs[each]?.bytes ?? 0), 0);
      assert.ok(size > 0 && size <= kilobytes * 1000, `${file}: ${size} bytes, at most ${kilobytes} KB`);
    }
  });

  it("is under the MIT licence and passes on the licences of what it contains", async () => {
    assert.match(await readFile(join(root, "LICENSE"), "utf8"), /^MIT License/);
    const notices = await readFile(join(root, "dist/THIRD-PARTY-NOTICES.txt"), "utf8");
    for (const name of ["libpg-query", "@prisma/prisma-schema-wasm", "vscode-languageclient", "vscode-languageserver", "valibot", "@modelcontextprotocol/server"]) {
      assert.ok(notices.includes(`\n${name} `), `no notice for ${name}`);
    }
  });
});
