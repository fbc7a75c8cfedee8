/** One statement edited in a 20,000-line SQL file, next to postgres-language-server on the same file. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BenchClient, maxDiagnostics, type ServerCommand } from "./client.ts";
import { ourServer } from "./ourServer.ts";
import { sqlSchema } from "./generateSchema.ts";
import { type Row, round, shown, summarize } from "./statistics.ts";

const lines = 20_000;
/** The peer takes seconds an edit on this file: few edits tell enough. */
const peerEdits = 6;
const edits = 40;

export async function sqlBenchmark(repository: string, folder: string): Promise<Row[]> {
  const root = join(folder, "sql");
  mkdirSync(root, { recursive: true });
  const file = join(root, "schema.sql");
  const text = sqlSchema(lines);
  writeFileSync(file, text);
  // The peer reads a configuration; without a database it parses and lints only, which is what is compared.
  writeFileSync(join(root, "postgres-language-server.jsonc"), "{}");
  const uri = pathToFileURL(file).href;

  const own = await BenchClient.start(ourServer(repository, { maxDiagnostics, settings: { debounce: 0 } }), root, { pull: true });
  const peer = await BenchClient.start(postgresLanguageServer(repository), root, { pull: false });
  try {
    const opened = { own: await own.open(uri, "sql", text), peer: await peer.open(uri, "sql", text) };
    const times = { own: new Array<number>(), peer: new Array<number>() };
    for (let edit = 0; edit < edits; edit++) times.own.push(await own.change(uri, typing(own.text(uri), edit)));
    for (let edit = 0; edit < peerEdits; edit++) times.peer.push(await peer.change(uri, typing(peer.text(uri), edit)));
    const ourTimes = summarize(times.own.slice(5));
    const theirTimes = summarize(times.peer);
    return [
      {
        what: `SQL, ${lines.toLocaleString("en")} lines: one statement edited to findings`,
        ours: shown(ourTimes),
        peer: `${shown(theirTimes)} (postgres-language-server, parse and lint)`,
        ratio: `${(ourTimes.median / theirTimes.median).toFixed(2)} / ${(ourTimes.p95 / theirTimes.p95).toFixed(2)}`,
      },
      {
        what: `SQL, ${lines.toLocaleString("en")} lines: opening to first findings`,
        ours: `${round(opened.own)} ms`,
        peer: `${round(opened.peer)} ms`,
        ratio: (opened.own / opened.peer).toFixed(2),
      },
      {
        what: `SQL, ${lines.toLocaleString("en")} lines: server memory`,
        ours: `${round(own.residentMegabytes())} MB`,
        peer: `${round(peer.residentMegabytes())} MB`,
        ratio: (own.residentMegabytes() / peer.residentMegabytes()).toFixed(2),
      },
    ];
  } finally {
    await Promise.all([own.stop(), peer.stop()]);
  }
}

/** Puts a column into a table in the middle of the file; the next edit takes it out again. */
function typing(text: string, edit: number): { offset: number; deleted: number; inserted: string } {
  const line = '\n    "typed" text,';
  const at = text.indexOf(line);
  if (edit % 2 === 1 && at >= 0) return { offset: at, deleted: line.length, inserted: "" };
  return { offset: text.indexOf("(", text.indexOf("CREATE TABLE", Math.floor(text.length / 2))) + 1, deleted: 0, inserted: line };
}

function postgresLanguageServer(repository: string): ServerCommand {
  return {
    name: "postgres-language-server",
    command: join(repository, "bench/peers/node_modules/.bin/postgres-language-server"),
    arguments: ["lsp-proxy"],
  };
}
