/**
 * Typing in a Prisma schema of 100, 500 and 1,000 models: our own findings, and the schema engine's validation, next
 * to the validation of Prisma's language server, edit by edit in turn.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BenchClient, maxDiagnostics, type Change, type ServerCommand } from "./client.ts";
import { ourServer } from "./ourServer.ts";
import { prismaSchema } from "./generateSchema.ts";
import { type Row, round, shown, summarize } from "./statistics.ts";

const edits = 60;

export async function prismaBenchmark(repository: string, folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of [100, 500, 1000]) rows.push(...(await keystrokes(repository, join(folder, `prisma-${size}`), size)));
  return rows;
}

async function keystrokes(repository: string, folder: string, size: number): Promise<Row[]> {
  mkdirSync(join(folder, "prisma"), { recursive: true });
  const file = join(folder, "prisma/schema.prisma");
  const text = prismaSchema(size);
  writeFileSync(file, text);
  const uri = pathToFileURL(file).href;

  const findings = await BenchClient.start(ours(repository, "off"), folder, { pull: true });
  const validation = await BenchClient.start(ours(repository, "on"), folder, { pull: false });
  const peer = await BenchClient.start(prismaLanguageServer(repository), folder, { pull: false });
  try {
    const opened = { findings: await findings.open(uri, "prisma", text), peer: await peer.open(uri, "prisma", text) };
    await validation.open(uri, "prisma", text);
    const times = { findings: new Array<number>(), validation: new Array<number>(), peer: new Array<number>() };
    for (let edit = 0; edit < edits; edit++) {
      const name = `Missing${edit}`;
      const change = typing(findings.text(uri), edit, name);
      const tells = (diagnostics: readonly { readonly message: unknown }[]): boolean =>
        diagnostics.some((diagnostic) => String(diagnostic.message).includes(name)) === change.inserted.includes(name);
      times.findings.push(await findings.change(uri, change));
      times.validation.push(await validation.change(uri, change, tells));
      times.peer.push(await peer.change(uri, change, tells));
    }
    const own = summarize(times.findings.slice(5));
    const engine = summarize(times.validation.slice(5));
    const theirs = summarize(times.peer.slice(5));
    return [
      row(`Prisma, ${size} models: keystroke to findings, all rules (peer: Prisma's validation alone)`, own, theirs),
      row(`Prisma, ${size} models: keystroke to the schema engine's validation`, engine, theirs),
      {
        what: `Prisma, ${size} models: opening to first findings`,
        ours: `${round(opened.findings)} ms`,
        peer: `${round(opened.peer)} ms`,
        ratio: (opened.findings / opened.peer).toFixed(2),
      },
      {
        what: `Prisma, ${size} models: server memory after ${edits} edits, validation on`,
        ours: `${round(validation.residentMegabytes())} MB`,
        peer: `${round(peer.residentMegabytes())} MB`,
        ratio: (validation.residentMegabytes() / peer.residentMegabytes()).toFixed(2),
      },
    ];
  } finally {
    await Promise.all([findings.stop(), validation.stop(), peer.stop()]);
  }
}

/** Every other edit puts a field of an unknown type into a model in the middle; the next one takes it out again. */
function typing(text: string, edit: number, name: string): Change {
  const previous = /\n {2}broken Missing\d+/.exec(text);
  if (edit % 2 === 1 && previous !== null) return { offset: previous.index, deleted: previous[0].length, inserted: "" };
  const offset = text.indexOf("\n  createdAt", Math.floor(text.length / 2));
  return { offset, deleted: 0, inserted: `\n  broken ${name}` };
}

function row(what: string, own: ReturnType<typeof summarize>, theirs: ReturnType<typeof summarize>): Row {
  return {
    what,
    ours: shown(own),
    peer: shown(theirs),
    ratio: `${(own.median / theirs.median).toFixed(2)} / ${(own.p95 / theirs.p95).toFixed(2)}`,
  };
}

function ours(repository: string, prismaValidation: "on" | "off"): ServerCommand {
  return ourServer(repository, { maxDiagnostics, settings: { prismaValidation, debounce: 0 } });
}

function prismaLanguageServer(repository: string): ServerCommand {
  return {
    name: "@prisma/language-server",
    command: process.execPath,
    arguments: [join(repository, "bench/peers/node_modules/@prisma/language-server/dist/bin.js"), "--stdio"],
  };
}
