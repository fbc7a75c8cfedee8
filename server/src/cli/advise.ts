/**
 * `database-architect advise`: indexes for one query of a file, tried in a scratch database or by a server's planner, and on
 * request written into the schema. Promises that what was started on a server has ended when this has.
 */
import { type Advice, advise as adviseIndexes, type AdvicePlace, type OtherQuery } from "../advice/advise.ts";
import { adviceMarkdown, adviceText } from "../advice/adviceText.ts";
import { parseAddress } from "../database/address.ts";
import { DatabaseError } from "../database/databaseError.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import { explainable } from "../sql/explainable.ts";
import { loadSqlParser } from "../sql/parse.ts";
import { applyEdits, type FileEdit } from "../text/edit.ts";
import type { FileHost } from "../text/fileHost.ts";
import { LineIndex } from "../text/lineIndex.ts";
import { editsOf } from "../workspace/fixes.ts";
import { queriesBeside } from "../migrations/workspaceCalls.ts";
import { queryCompilerWorker, scratchAssets } from "../workspace/assets.ts";
import { finish } from "../workspace/steps.ts";
import type { AdviseArguments } from "./adviseArguments.ts";
import { openScratch, type Surrounding } from "./explainScratch.ts";
import { type ExplainTarget, explainTarget } from "./explainTarget.ts";
import { shownPath } from "./shownPath.ts";

export interface AdviseOptions {
  /** Absolute. */
  readonly folder: string;
  readonly host: FileHost;
  /** Of the product. */
  readonly version: string;
  readonly signal: AbortSignal;
  /** Where scratch databases are kept. Absolute. */
  readonly cacheFolder?: string | undefined;
  write(path: string, content: string): void;
  /** With its folders; throws where the file exists. */
  create(path: string, text: string): void;
  now(): Date;
  log(what: string, error: unknown): void;
}

export type Advised =
  | { readonly ok: true; readonly text: string; readonly hasAdvice: boolean; readonly complaints: readonly string[] }
  | { readonly ok: false; readonly reason: string };

export async function advise(given: AdviseArguments, options: AdviseOptions): Promise<Advised> {
  const { folder, host, signal, cacheFolder, log } = options;
  const found = explainTarget(given.target, folder, host);
  if (!found.ok) return found;
  const { target } = found;
  await loadSqlParser();
  const name = `${shownPath(uriOfPath(target.path), folder)}:`;
  if (target.query.gap !== undefined) return no(`${name}${target.line}: ${target.query.gap}`);
  const checked = explainable(target.query.text);
  if (!checked.ok) return no(`${name}${checked.at === undefined ? target.line : target.placeOf(checked.at)}: ${checked.reason}`);
  const opened = await openScratch(target.path, { paths: ["."], folder, host, log }, cacheFolder, signal);
  if (!opened.ok) return opened;
  try {
    const others = await otherQueries(opened.surrounding, target, { folder, host, signal });
    const answer = await adviseIndexes({ query: target.query.text, values: given.values, schema: opened.surrounding.checked.schema, place: placeOf(given, opened.database), otherQueries: others, signal });
    if (!answer.ok) return no(`${name}${target.line}: ${[answer.reason, ...opened.complaints].join("\n")}`);
    const { advice } = answer;
    const written = given.writes && advice.items.length > 0 ? write(advice, opened.surrounding, options) : undefined;
    if (written?.ok === false) return written;
    const text = `${textOf(given, target, advice, options)}${written === undefined || given.format === "json" ? "" : `\n${written.paths.map((path) => `Wrote ${path}\n`).join("")}`}`;
    return { ok: true, text, hasAdvice: advice.items.length > 0, complaints: opened.complaints };
  } catch (error) {
    if (signal.aborted) return no("Canceled.");
    if (!(error instanceof DatabaseError)) throw error;
    return no([error.message, error.detail, error.hint].filter((part) => part !== undefined).join(" "));
  } finally {
    await opened.close();
  }
}

function placeOf({ url, allowsCode }: AdviseArguments, database: Extract<AdvicePlace, { kind: "scratch" }>["database"]): AdvicePlace {
  if (url === undefined) return { kind: "scratch", database };
  const { guess, host, port, database: name } = parseAddress(url);
  return { kind: "server", settings: { url }, name: `${host}:${port}/${name ?? ""}`, environment: guess.environment, consent: { code: allowsCode }, database };
}

/** All others that the project's files hold, and those of programs, with what calls of Prisma Client send. */
async function otherQueries({ snapshot, project, checked }: Surrounding, target: ExplainTarget, { folder, host, signal }: Pick<AdviseOptions, "folder" | "host" | "signal">): Promise<readonly OtherQuery[]> {
  const found: OtherQuery[] = [];
  for (const uri of finish(snapshot.queriesOf(project))) {
    const lines = new LineIndex(snapshot.file(uri)?.text ?? "");
    for (const query of finish(snapshot.queries(uri))) {
      const line = lines.position(query.span.start).line + 1;
      const isSame = pathOfUri(uri) === target.path && line === target.line;
      if (!isSame && query.gap === undefined) found.push({ text: query.text, title: `${shownPath(uri, folder)}:${line}` });
    }
  }
  const beside = { root: folder, except: "", schema: checked.prismaFiles, host };
  for (const { name, text } of await queriesBeside(beside, { worker: queryCompilerWorker, assets: scratchAssets }, signal)) if (!/\.sql:\d+$/i.test(name) && text !== target.query.text) found.push({ title: name, text });
  return found;
}

/** What changes in one file changes at once; each migration has a time of its own, for each runs by itself. */
function write({ items }: Advice, { project, checked, snapshot }: Surrounding, options: AdviseOptions): { readonly ok: true; readonly paths: readonly string[] } | { readonly ok: false; readonly reason: string } {
  const now = options.now().getTime();
  const intents = items.map(({ intent }) => intent);
  const together = editsOf(intents, project, checked, snapshot, new Date(now));
  const apart = intents.map((intent, i) => editsOf([intent], project, checked, snapshot, new Date(now + i * 10_000)));
  const edits: readonly FileEdit[] = [...together.edits.filter(({ kind }) => kind === "change"), ...apart.flatMap((each) => each.edits.filter(({ kind }) => kind === "create"))];
  const [objection] = together.refused;
  if (objection !== undefined && edits.length === 0) return no(`The index cannot be written: ${objection.reason}`);
  const paths: string[] = [];
  for (const edit of edits) {
    const path = pathOfUri(edit.uri);
    if (path === undefined) continue;
    try {
      if (edit.kind === "create") options.create(path, edit.text);
      else options.write(path, applyEdits(snapshot.file(edit.uri)?.text ?? "", edit.edits));
    } catch (error) {
      return no(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
    paths.push(shownPath(edit.uri, options.folder));
  }
  return { ok: true, paths };
}

function textOf(given: AdviseArguments, target: ExplainTarget, advice: Advice, { folder, version }: AdviseOptions): string {
  const uri = uriOfPath(target.path);
  switch (given.format) {
    case "markdown":
      return adviceMarkdown(advice, target.text);
    case "json": {
      const items = advice.items.map((item) => ({ ...item, intent: undefined }));
      return `${JSON.stringify({ version, uri, line: target.line, query: target.query.text, ...advice, items }, undefined, 2)}\n`;
    }
    case "text":
      return `${shownPath(uri, folder)}:${target.line}\n\n${adviceText(advice)}`;
  }
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
