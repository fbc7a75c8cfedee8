/**
 * The scratch database of the CRM sample, as a person meets it: the first plan with nothing started and nothing kept, the
 * next ones, a changed statement to PostgreSQL's error, and the memory of all processes before, meanwhile and afterwards.
 */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { planExplain } from "../protocol/src/plan.ts";
import { BenchClient, type ServerCommand } from "./client.ts";
import { ourServer } from "./ourServer.ts";
import { type Row, round, shown, summarize } from "./statistics.ts";

const starts = 3;
const edits = 60;
/** Milliseconds: longer than a database waits for the next question. */
const idle = 130_000;

export async function scratchBenchmark(repository: string, folder: string): Promise<Row[]> {
  const sample = join(repository, "examples/crm");
  const queries = readdirSync(join(sample, "queries")).map((name) => join(sample, "queries", name));
  const [file = ""] = queries;
  const first: number[] = [];
  const kept: number[] = [];
  for (let start = 0; start < starts; start++) {
    const cache = join(folder, `scratch-${start}`);
    mkdirSync(cache);
    first.push(await firstPlan(repository, sample, file, cache));
    kept.push(await firstPlan(repository, sample, file, cache));
  }

  const client = await BenchClient.start(ours(repository, join(folder, "scratch-0")), sample, { pull: true });
  try {
    const text = readFileSync(file, "utf8");
    const uri = pathToFileURL(file).href;
    await client.open(pathToFileURL(join(sample, "prisma/schema/customers.prisma")).href, "prisma", readFileSync(join(sample, "prisma/schema/customers.prisma"), "utf8"));
    const before = client.residentMegabytes();
    await client.open(uri, "sql", text);
    const plans: number[] = [];
    for (const each of queries) {
      await client.open(pathToFileURL(each).href, "sql", readFileSync(each, "utf8"));
      plans.push(await explained(client, each));
    }
    const typed: number[] = [];
    const where = text.search(/\bWHERE\b/i) + 5;
    for (let edit = 0; edit < edits; edit++) {
      const fault = ` now() = ${edit} AND`;
      typed.push(await client.change(uri, { offset: where, deleted: 0, inserted: fault }, (diagnostics) => diagnostics.some(({ source }) => source === "PostgreSQL")));
      await client.change(uri, { offset: where, deleted: fault.length, inserted: "" });
    }
    const up = client.residentMegabytes();
    await delay(idle);
    const after = client.residentMegabytes();
    return [
      { what: "Scratch database of the CRM sample: first plan, nothing started, nothing kept", ours: shown(summarize(first)), peer: "", ratio: "" },
      { what: "Scratch database of the CRM sample: first plan, nothing started, its cluster kept", ours: shown(summarize(kept)), peer: "", ratio: "" },
      { what: "Scratch database of the CRM sample: the next plans, of its 30 queries", ours: shown(summarize(plans.slice(1))), peer: "", ratio: "" },
      { what: "Type check: a changed statement to PostgreSQL's error, without the pause", ours: shown(summarize(typed.slice(5))), peer: "", ratio: "" },
      { what: "Memory of all processes: before, with the scratch database, two minutes after", ours: `${round(before)}, ${round(up)}, ${round(after)} MB`, peer: "", ratio: "" },
    ];
  } finally {
    await client.stop();
  }
}

async function firstPlan(repository: string, sample: string, file: string, cache: string): Promise<number> {
  const client = await BenchClient.start(ours(repository, cache), sample, { pull: true });
  try {
    // The folder has been read when somebody asks.
    await client.open(pathToFileURL(join(sample, "prisma/schema/customers.prisma")).href, "prisma", readFileSync(join(sample, "prisma/schema/customers.prisma"), "utf8"));
    return await explained(client, file);
  } finally {
    await client.stop();
  }
}

async function explained(client: BenchClient, file: string): Promise<number> {
  const started = performance.now();
  const text = readFileSync(file, "utf8");
  const subject = { kind: "query", uri: pathToFileURL(file).href, start: text.search(/^(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b/im) };
  const answer = await client.request(planExplain, { id: "bench", subject, target: { kind: "scratch" }, analyze: false, consent: [] });
  if (typeof answer !== "object" || answer === null || !("kind" in answer) || answer.kind !== "plans") throw new Error(`No plan of ${file}: ${JSON.stringify(answer)}`);
  return performance.now() - started;
}

function ours(repository: string, cacheFolder: string): ServerCommand {
  return ourServer(repository, { cacheFolder, settings: { debounce: 0 } });
}
