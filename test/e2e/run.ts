/**
 * `run.ts RESULT_FILE [inside|outside]`: the end-to-end tests. First the suites inside the extension host of a real VS
 * Code, through @vscode/test-electron, over a copy of the fixtures; then those that look at the packaged extension from
 * outside.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import process from "node:process";
import { runTests } from "@vscode/test-electron";
import * as esbuild from "esbuild";
import { root } from "../../scripts/support/paths.ts";
import { note, runMain, step } from "../../scripts/support/terminal.ts";
import { packageForAll } from "./support/installedExtension.ts";
import { runInWorkers } from "../../scripts/test/workers.ts";
import { executableForTests } from "../../scripts/vscode/locate.ts";
import { added, readTally, testFiles, writeTally, type Tally } from "../support/runMocha.ts";

const bundles = join(root, "out/e2e");

await runMain(async () => {
  const [resultFile = join(root, "out/e2e.json"), only] = process.argv.slice(2);
  const tallies: Tally[] = [];
  if (only !== "outside") tallies.push(await inExtensionHost());
  if (only !== "inside") tallies.push(await fromOutside());
  const tally = added(tallies);
  await writeTally(resultFile, tally);
  return tally.failed === 0 ? 0 : 1;
});

async function inExtensionHost(): Promise<Tally> {
  await bundleSuites();
  const folder = await mkdtemp(join(tmpdir(), "e2e-"));
  try {
    await cp(join(root, "test/e2e/fixtures"), folder, { recursive: true });
    const tallyFile = join(folder, "tally.json");
    const userData = join(folder, "user-data");
    await mkdir(join(userData, "User"), { recursive: true });
    await writeFile(join(userData, "User/settings.json"), JSON.stringify({ "window.restoreWindows": "none" }));
    const executable = await executableForTests();
    step(`Suites inside the extension host of ${basename(executable)}`);
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(bundles, "index.cjs"),
      launchArgs: [join(folder, "fixtures.code-workspace"), `--user-data-dir=${userData}`, `--extensions-dir=${join(folder, "extensions")}`],
      extensionTestsEnv: { TALLY_FILE: tallyFile },
    }).catch((error: unknown) => note(error instanceof Error ? error.message : String(error))); // the tally says how many
    return await readTally(tallyFile);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One bundle a suite; `vscode` comes from the host, mocha from node_modules. */
async function bundleSuites(): Promise<void> {
  await rm(bundles, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: [join(root, "test/e2e/suite/index.ts"), ...(await testFiles(join(root, "test/e2e/suite"), ".test.ts"))],
    outdir: bundles,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    outExtension: { ".js": ".cjs" },
    external: ["vscode", "mocha"],
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { "import.meta.url": "importMetaUrl" },
    sourcemap: "inline",
    logLevel: "error",
  });
}

/** What the package holds is looked at first: `npm start`, which another of these tests runs, builds anew. */
async function fromOutside(): Promise<Tally> {
  const [first = "", ...others] = (await testFiles(join(root, "test/e2e/outside"), ".test.ts")).sort((a, b) => Number(b.endsWith("package.test.ts")) - Number(a.endsWith("package.test.ts")));
  step("Suites that look at the packaged extension from outside");
  const extensions = await packageForAll();
  try {
    const options = { timeoutMs: 300_000, env: extensions.env };
    return added([await runInWorkers([first], { ...options, workers: 1 }), await runInWorkers(others, { ...options, workers: 2 })]);
  } finally {
    await extensions.remove();
  }
}
