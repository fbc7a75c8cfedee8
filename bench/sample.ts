/** From starting the server to the first diagnostics of a file of each sample, as a person waits who opens the folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BenchClient, type ServerCommand } from "./client.ts";
import { ourServer } from "./ourServer.ts";
import { type Row, shown, summarize } from "./statistics.ts";

const starts = 7;

const samples = [
  { name: "crm", file: "prisma/schema/customers.prisma" },
  { name: "crm-legacy", file: "prisma/schema.prisma" },
] as const;

export async function sampleBenchmark(repository: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, file } of samples) {
    const folder = join(repository, "examples", name);
    const times: number[] = [];
    for (let start = 0; start < starts; start++) times.push(await opened(ourServer(repository), folder, file));
    const what = `Sample ${name}: server started, project read, first diagnostics of an opened file`;
    rows.push({ what, ours: shown(summarize(times)), peer: "", ratio: "" });
  }
  return rows;
}

async function opened(server: ServerCommand, folder: string, file: string): Promise<number> {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const started = performance.now();
  const client = await BenchClient.start(server, folder, { pull: true });
  try {
    await client.open(pathToFileURL(path).href, "prisma", text);
    return performance.now() - started;
  } finally {
    await client.stop();
  }
}
