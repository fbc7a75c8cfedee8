/**
 * Bundles the extension into `dist/`: the client in parts (what activation needs, the language client, panels), the
 * pages of the panels, the server and the command line with the parts they share, their workers, and beside them the
 * WebAssembly they load. `--production` minifies and leaves source maps out; `--watch` rebuilds, in words that the problem matcher of .vscode/tasks.json understands.
 * A failed build exits with 1. `dist/meta.json` says what is in each bundle; a test holds sizes to it.
 */
import { copyFile, cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import * as esbuild from "esbuild";
import { thirdPartyNotices } from "./scripts/support/notices.mjs";
import { scratchAssets } from "./scripts/support/scratchAssets.mjs";

const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");
const require = createRequire(import.meta.url);

/** Output name to source. */
const client = { extension: "client/src/extension.ts", languageClient: "client/src/languageClient.ts", erdPanels: "client/src/webviews/erdPanels.ts", planPanels: "client/src/webviews/planPanels.ts", databases: "client/src/connections/databases.ts", migrations: "client/src/migrations/migrations.ts" };
const server = { server: "server/src/main.ts", cli: "server/src/cli.ts" };
const workers = {
  prismaWorker: "server/src/prisma/engineWorker.ts",
  schemaEngineWorker: "server/src/prisma/schemaEngineWorker.ts",
  queryCompilerWorker: "server/src/calls/compilerWorker.ts",
  scratchWorker: "server/src/scratch/scratchWorker.ts",
  sqlWorker: "server/src/sql/parseWorker.ts",
  planWorker: "server/src/explain/planWorker.ts",
  layoutWorker: "server/src/lsp/erd/layoutWorker.ts",
};

/** Loaded by the code of their packages from the folder of the bundle. */
const webAssembly = [
  join(dirname(require.resolve("libpg-query")), "libpg-query.wasm"),
  join(dirname(require.resolve("@prisma/prisma-schema-wasm")), "prisma_schema_build_bg.wasm"),
];

/** What packages in CommonJS, bundled into a module, expect to be there. */
const commonJsNames = `
import { createRequire as nodeCreateRequire } from "node:module";
import { dirname as nodeDirname } from "node:path";
import { fileURLToPath as nodeFileURLToPath } from "node:url";
const require = nodeCreateRequire(import.meta.url);
const __filename = nodeFileURLToPath(import.meta.url);
const __dirname = nodeDirname(__filename);`;

const common = {
  bundle: true,
  platform: "node",
  outdir: "dist",
  minify: production,
  keepNames: true, // names of classes and functions in logs and stacks
  sourcemap: production ? false : "linked",
  metafile: true,
  logLevel: "silent", // reportProblems prints
  legalComments: "none", // THIRD-PARTY-NOTICES.txt has the licences whole
  define: { "process.env.NODE_ENV": JSON.stringify(production ? "production" : "development") },
};

const modules = {
  ...common,
  format: "esm",
  target: "node20.19", // the command line runs on a person's own Node
  banner: { js: commonJsNames }, // after the #! line of cli.ts
  external: ["pg-native"],
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" }, // its main file asks for its parts in a way no bundler sees
  plugins: [reportProblems()],
};

const configurations = [
  {
    ...common,
    entryPoints: client,
    format: "cjs",
    outExtension: { ".js": ".cjs" }, // or VS Code would take it for a module, because package.json says so
    target: "node22", // the extension host of the oldest VS Code in package.json
    external: ["vscode"],
    supported: { "dynamic-import": false }, // becomes require, which is how an extension host gives out `vscode`
    plugins: [separateBundle("languageClient", "cjs"), separateBundle("erdPanels", "cjs"), separateBundle("planPanels", "cjs"), separateBundle("databases", "cjs"), separateBundle("migrations", "cjs"), reportProblems()],
  },
  { ...modules, entryPoints: server, splitting: true, chunkNames: "part-[name]-[hash]" }, // what both need stands once; what is imported later is a part of its own
  { ...modules, entryPoints: workers },
  {
    ...common,
    entryPoints: { erd: "media/erd/main.ts", plan: "media/plan/main.ts" },
    outdir: "dist/webviews",
    platform: "browser",
    format: "iife",
    target: "chrome132", // of the oldest VS Code in package.json
    sourcemap: false, // the policy of the page lets none be fetched
    plugins: [reportProblems()],
  },
  {
    ...common,
    entryPoints: { erd: "media/erd/erd.css", plan: "media/plan/plan.css" },
    outdir: "dist/webviews",
    platform: "browser",
    sourcemap: false,
    plugins: [reportProblems()],
  },
];

await mkdir("dist", { recursive: true });
for (const path of webAssembly) await copyFile(path, join("dist", basename(path)));
const scratch = await scratchAssets();
await cp(scratch, "dist", { recursive: true });

if (watch) {
  for (const configuration of configurations) await (await esbuild.context(configuration)).watch();
} else {
  const results = await Promise.allSettled(configurations.map((configuration) => esbuild.build(configuration)));
  const metafiles = results.flatMap((result) => (result.status === "fulfilled" && result.value.metafile !== undefined ? [result.value.metafile] : []));
  if (metafiles.length < results.length) process.exit(1);
  const meta = { inputs: Object.assign({}, ...metafiles.map((one) => one.inputs)), outputs: Object.assign({}, ...metafiles.map((one) => one.outputs)) };
  await writeFile("dist/meta.json", `${JSON.stringify(meta)}\n`);
  await writeFile("dist/THIRD-PARTY-NOTICES.txt", await thirdPartyNotices(Object.keys(meta.inputs)));
  await removeOthers([...Object.keys(meta.outputs), ...webAssembly, ...(await readdir(scratch)), "webviews", "meta.json", "THIRD-PARTY-NOTICES.txt"].map((path) => basename(path)));
}

/** What an earlier build left. Only now, so that nobody finds an empty folder meanwhile. */
async function removeOthers(names) {
  for (const entry of await readdir("dist")) {
    if (!names.includes(entry)) await rm(join("dist", entry), { recursive: true, force: true });
  }
}

/** An import of `./<name>.ts` stays an import, of the bundle of that name. */
function separateBundle(name, extension) {
  return {
    name: "separate-bundle",
    setup(build) {
      build.onResolve({ filter: new RegExp(`/${name}\\.ts$`) }, ({ kind }) => (kind === "dynamic-import" ? { path: `./${name}.${extension}`, external: true } : undefined));
    },
  };
}

/** One line a problem, `file:line:column: error: text`, between the lines that begin and end a round. */
function reportProblems() {
  return {
    name: "report-problems",
    setup(build) {
      build.onStart(() => {
        if (watch) console.log("[watch] build started");
      });
      build.onEnd((result) => {
        for (const [kind, messages] of [["error", result.errors], ["warning", result.warnings]]) {
          for (const { text, location } of messages) {
            const at = location === null ? "" : `${location.file}:${location.line}:${location.column + 1}: `;
            console.error(`${at}${kind}: ${text}`);
          }
        }
        if (watch) console.log("[watch] build finished");
      });
    },
  };
}
