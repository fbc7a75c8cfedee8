/** What the command line does, apart from the process it runs in. */
import { resolve } from "node:path";
import { uriOfPath } from "../prisma/fileUris.ts";
import type { FileHost } from "../text/fileHost.ts";
import { type CheckArguments, type ErdArguments, type Format, help, parseArguments } from "./arguments.ts";
import { type Baseline, baselineText, readBaseline, withoutBaseline } from "./baseline.ts";
import { onlyChanged } from "./changed.ts";
import { check } from "./check.ts";
import type { AdviseArguments } from "./adviseArguments.ts";
import type { ExplainArguments } from "./explainArguments.ts";
import { changesSince } from "./git.ts";
import { github } from "./github.ts";
import { serveAssistants } from "./mcp.ts";
import { pretty } from "./pretty.ts";
import { atLeast, exitCode, type Report } from "./report.ts";
import { sarif } from "./sarif.ts";
import { shownPath } from "./shownPath.ts";

/** The process around a command line. */
export interface Surroundings {
  /** The current folder, absolute. */
  readonly folder: string;
  readonly host: FileHost;
  /** Of the product. */
  readonly version: string;
  readonly hasColours: boolean;
  print(text: string): void;
  complain(text: string): void;
  /** Throws what the system says. */
  write(path: string, content: string | Uint8Array): void;
  /** Writes a file that must not be there yet, with the folders around it. Throws what the system says. */
  create(path: string, text: string): void;
  /** A file or a folder with all it holds. Throws what the system says. */
  remove?(path: string): void;
  now(): Date;
  /** Where to keep what took long to build; without one, nothing is kept. Absolute. */
  readonly cacheFolder?: string | undefined;
  /** Folder with clusters for scratch databases that have rows. Absolute. */
  readonly seededClusters?: string | undefined;
  /** A variable of the environment. */
  variable?(name: string): string | undefined;
  /** Calls `stop` when a person interrupts, instead of ending the process; the answer takes that back. */
  onInterrupt?(stop: () => void): () => void;
}

/** What the process is to end with: 0, 1, or `couldNotRun`. */
export async function runCommandLine(given: readonly string[], surroundings: Surroundings): Promise<number> {
  const { version, print, complain } = surroundings;
  const parsed = parseArguments(given);
  switch (parsed.command) {
    case "help":
      print(help);
      return 0;
    case "version":
      print(`${version}\n`);
      return 0;
    case "wrong":
      complain(sentence(parsed.message));
      return couldNotRun;
    case "check": {
      const result = await reportFor(parsed, surroundings);
      if (!result.ok) {
        complain(sentence(result.reason));
        return couldNotRun;
      }
      print(written(result.report, parsed.format, surroundings));
      return exitCode(result.report);
    }
    case "migrate": {
      const { migrate } = await import("./migrate.ts");
      const ended = await migrate(parsed, { ...surroundings, log: (what, error) => complain(faultSentence(what, error)) });
      if (ended.output !== "") print(ended.output);
      for (const complaint of ended.complaints) complain(sentence(complaint));
      return ended.status;
    }
    case "migrateRun": {
      const { migrateRun } = await import("./migrateRun.ts");
      const ended = await migrateRun(parsed, { ...surroundings, log: (what, error) => complain(faultSentence(what, error)) });
      if (ended.output !== "") print(ended.output);
      for (const complaint of ended.complaints) complain(sentence(complaint));
      return ended.status;
    }
    case "erd":
      return drawErd(parsed, surroundings);
    case "advise":
      return adviseIndexes(parsed, surroundings);
    case "explain":
      return explainStatement(parsed, surroundings);
    case "mcp": {
      const log = (what: string, error: unknown): void => complain(faultSentence(what, error));
      const served = await serveAssistants({ ...parsed, ...surroundings, log });
      if (!served.ok) complain(sentence(served.reason));
      return served.ok ? 0 : couldNotRun;
    }
  }
}

export const couldNotRun = 2;

export function faultSentence(what: string, error: unknown): string {
  return sentence(`There was a fault in ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}

type ReportResult = { readonly ok: true; readonly report: Report } | { readonly ok: false; readonly reason: string };

async function reportFor(parsed: CheckArguments, surroundings: Surroundings): Promise<ReportResult> {
  const { folder, host, version, complain } = surroundings;
  const { paths, rules, severity, changed, types } = parsed;
  const changes = changed === undefined ? undefined : await changesSince(changed, folder);
  if (changes?.ok === false) return changes;
  const baseline = openBaseline(parsed, surroundings);
  if (baseline?.ok === false) return baseline;
  const log = (what: string, error: unknown): void => complain(faultSentence(what, error));
  const checked = await check({ paths, folder, host, version, rules, log, types: types ? { cacheFolder: surroundings.cacheFolder } : undefined });
  if (!checked.ok) return checked;
  const { uris, snapshot, includes } = checked;
  let { report } = checked;
  if (baseline !== undefined) {
    const known = parsed.updatesBaseline ? updateBaseline(atLeast(report, severity), baseline, includes, surroundings) : baseline;
    if (!known.ok) return known;
    report = withoutBaseline(report, known.baseline, includes);
  }
  if (changes !== undefined) report = await onlyChanged(report, uris, snapshot, changes.changes, host);
  return { ok: true, report: atLeast(report, severity) };
}

/** What the process is to end with. */
async function drawErd(parsed: ErdArguments, surroundings: Surroundings): Promise<number> {
  const { folder, print, complain, write } = surroundings;
  const failed = (reason: string): number => {
    complain(sentence(reason));
    return couldNotRun;
  };
  const { erd } = await import("./erd.ts");
  const drawn = await erd(parsed, { ...surroundings, log: (what, error) => complain(faultSentence(what, error)) });
  if (!drawn.ok) return failed(drawn.reason);
  if (parsed.output === undefined) print(String(drawn.content));
  else {
    const path = resolve(folder, parsed.output);
    try {
      write(path, drawn.content);
    } catch (error) {
      return failed(`The diagram cannot be written to ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  for (const complaint of drawn.complaints) complain(sentence(complaint));
  return drawn.complaints.length === 0 ? 0 : 1;
}

/** What the process is to end with. */
async function adviseIndexes(parsed: AdviseArguments, surroundings: Surroundings): Promise<number> {
  const { print, complain, onInterrupt } = surroundings;
  const interruption = new AbortController();
  const forget = onInterrupt?.(() => interruption.abort());
  try {
    const { advise } = await import("./advise.ts");
    const advised = await advise(parsed, { ...surroundings, signal: interruption.signal, log: (what, error) => complain(faultSentence(what, error)) });
    if (!advised.ok) {
      complain(sentence(advised.reason));
      return couldNotRun;
    }
    print(advised.text);
    for (const complaint of advised.complaints) complain(sentence(complaint));
    return advised.hasAdvice && !parsed.writes ? 1 : 0;
  } finally {
    forget?.();
  }
}

/** What the process is to end with. */
async function explainStatement(parsed: ExplainArguments, surroundings: Surroundings): Promise<number> {
  const { print, complain, onInterrupt } = surroundings;
  const interruption = new AbortController();
  const forget = onInterrupt?.(() => interruption.abort());
  try {
    const { explain } = await import("./explain.ts");
    const explained = await explain(parsed, { ...surroundings, signal: interruption.signal, log: (what, error) => complain(faultSentence(what, error)) });
    if (!explained.ok) {
      complain(sentence(explained.reason));
      return couldNotRun;
    }
    print(explained.text);
    for (const complaint of explained.complaints) complain(sentence(complaint));
    return explained.hasWarnings ? 1 : 0;
  } finally {
    forget?.();
  }
}

type OpenedBaseline = { readonly ok: true; readonly baseline: Baseline } | { readonly ok: false; readonly reason: string };

/** Undefined when none was asked for. One that is to be written need not be there. */
function openBaseline({ baseline, updatesBaseline }: CheckArguments, { folder, host }: Surroundings): OpenedBaseline | undefined {
  if (baseline === undefined) return undefined;
  const path = resolve(folder, baseline);
  const read = host.readText(path);
  if (read.ok) return readBaseline(path, read.text);
  if (read.reason === "missing" && updatesBaseline) return { ok: true, baseline: { path, entries: [] } };
  const hint = read.reason === "missing" ? " Write one with --update-baseline." : "";
  return { ok: false, reason: `The baseline ${path} cannot be read: ${read.reason}.${hint}` };
}

function updateBaseline(
  report: Report,
  { baseline }: { readonly baseline: Baseline },
  includes: (path: string) => boolean,
  { folder, write, complain }: Surroundings,
): OpenedBaseline {
  const { path } = baseline;
  const text = baselineText(report.findings, baseline, includes);
  try {
    write(path, text);
  } catch (error) {
    return { ok: false, reason: `The baseline ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}` };
  }
  const count = report.findings.length;
  complain(sentence(`${shownPath(uriOfPath(path), folder)} lists ${count === 1 ? "the one finding" : `the ${count} findings`} of this check.`));
  return readBaseline(path, text);
}

function written(report: Report, format: Format, { folder, hasColours }: Surroundings): string {
  switch (format) {
    case "pretty":
      return pretty(report, folder, hasColours);
    case "json":
      return `${JSON.stringify(report, undefined, 2)}\n`;
    case "sarif":
      return sarif(report, folder);
    case "github":
      return github(report, folder);
  }
}

function sentence(text: string): string {
  return `database-architect: ${text}\n`;
}
