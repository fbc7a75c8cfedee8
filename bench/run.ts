/**
 * `npm run bench`: how long a keystroke takes, side by side with the field's own servers, in one run.
 * Prints a table and writes it to bench/results.md. Needs a built `dist/`; installs the peers below bench/peers.
 *
 *     npm run bench                     everything
 *     npm run bench -- prisma sql fold  some of it: only their lines of results.md are written anew
 *     npm run bench -- erd-panel        the diagram in a real VS Code: about five minutes, on a quiet machine
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { checkBenchmark } from "./checkCorpora.ts";
import { erdLayoutBenchmark } from "./erdLayout.ts";
import { erdPanelBenchmark } from "./erdPanel.ts";
import { explainServerBenchmark } from "./explainServer.ts";
import { foldBenchmark } from "./fold.ts";
import { callsBenchmark } from "./calls.ts";
import { killsBenchmark } from "./migrationKills.ts";
import { adviceBenchmark } from "./advice.ts";
import { planPanelBenchmark } from "./planPanel.ts";
import { migrationsBenchmark } from "./migrations.ts";
import { prismaBenchmark } from "./prismaKeystroke.ts";
import { ruleCostBenchmark } from "./ruleCost.ts";
import { sampleBenchmark } from "./sample.ts";
import { sqlBenchmark } from "./sqlEdit.ts";
import type { Row } from "./statistics.ts";
import { scratchBenchmark } from "./scratch.ts";

const repository = join(import.meta.dirname, "..");
const benchmarks = {
  sample: sampleBenchmark,
  prisma: prismaBenchmark,
  sql: sqlBenchmark,
  fold: foldBenchmark,
  rules: ruleCostBenchmark,
  check: checkBenchmark,
  erd: erdLayoutBenchmark,
  migrations: migrationsBenchmark,
  "erd-panel": erdPanelBenchmark,
  advice: adviceBenchmark,
  "plan-panel": planPanelBenchmark,
  explain: explainServerBenchmark,
  scratch: scratchBenchmark,
  calls: callsBenchmark,
  kills: killsBenchmark,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}. The benchmarks are ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "database-architect-bench-"));
try {
  installPeers();
  const rows: Row[] = [];
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    rows.push(...(await benchmark(repository, folder)));
  }
  const results = join(repository, "bench/results.md");
  const lines = rows.map((row) => `| ${row.what} | ${row.ours} | ${row.peer} | ${row.ratio} |`);
  const table = (given: readonly string[]): string => ["| What | Ours | Peer | Ratio |", "|---|---|---|---|", ...given].join("\n");
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  const note = `Median / 95th percentile of wall time. ${machine}.`;
  console.log(`\n${table(lines)}\n\n${note}`);
  const kept = chosen.length === 0 || !existsSync(results) ? [] : readFileSync(results, "utf8").split("\n").filter((line) => line.startsWith("| ")).slice(1);
  writeFileSync(results, `# Results\n\n${note}\n\n${table(updated(kept, lines))}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Lines about the same take the place of earlier ones; the others come behind. */
function updated(kept: readonly string[], lines: readonly string[]): readonly string[] {
  const whatOf = (line: string): string => line.split(" | ")[0] ?? line;
  const now = new Map(lines.map((line) => [whatOf(line), line]));
  const known = new Set(kept.map(whatOf));
  return [...kept.map((line) => now.get(whatOf(line)) ?? line), ...lines.filter((line) => !known.has(whatOf(line)))];
}

function installPeers(): void {
  const peers = join(repository, "bench/peers");
  if (existsSync(join(peers, "node_modules/squawk-cli"))) return;
  console.log("Installing the peers …");
  execFileSync("npm", ["ci", "--ignore-scripts"], { cwd: peers, stdio: "inherit" });
}
