/** From starting the server to the first diagnostics of a file of each sample, as a person waits who opens the folder; next to Prisma's server. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BenchClient, type ServerCommand } from "./client.ts";
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
    const times = { own: new Array<number>(), peer: new Array<number>() };
    for (let start = 0; start < starts; start++) {
      times.own.push(await opened(ours(repository), folder, file, true));
      times.peer.push(await opened(prismaLanguageServer(repository), folder, file, false));
    }
    const [own, peer] = [summarize(times.own), summarize(times.peer)];
    rows.push({
      what: `Sample ${name}: server started, project read, first diagnostics of an opened file (peer: Prisma's validation)`,
      ours: shown(own),
      peer: shown(peer),
      ratio: `${(own.median / peer.median).toFixed(2)} / ${(own.p95 / peer.p95).toFixed(2)}`,
    });
  }
  return rows;
}

async function opened(server: ServerCommand, folder: string, file: string, pull: boolean): Promise<number> {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const started = performance.now();
  const client = await BenchClient.start(server, folder, { pull });
  try {
    await client.open(pathToFileURL(path).href, "prisma", text);
    return performance.now() - started;
  } finally {
    await client.stop();
  }
}

function ours(repository: string): ServerCommand {
  return { name: "database-architect", command: process.execPath, arguments: [join(repository, "dist/server.js"), "--stdio"] };
}

function prismaLanguageServer(repository: string): ServerCommand {
  return {
    name: "@prisma/language-server",
    command: process.execPath,
    arguments: [join(repository, "bench/peers/node_modules/@prisma/language-server/dist/bin.js"), "--stdio"],
  };
}
