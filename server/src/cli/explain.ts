/**
 * `database-architect explain`: the plan of one statement of a file, with what it tells, by a database or by a scratch one.
 * Promises that what was started on a server has ended when this has.
 */
import { parseAddress } from "../database/address.ts";
import { DatabaseError } from "../database/databaseError.ts";
import { explain as explainOnServer, type ExplainAnswer } from "../database/explain.ts";
import { whyNot } from "../lab/labs.ts";
import { type Found, insightsOf } from "../plan/insights/insights.ts";
import { nextStepText } from "../plan/nextStepText.ts";
import type { Plan } from "../plan/plan.ts";
import { readPlan } from "../plan/readPlan.ts";
import { planText, savePlan } from "../plan/savePlan.ts";
import { utf16OfCharacters } from "../sql/byteOffsets.ts";
import { explainable } from "../sql/explainable.ts";
import { loadSqlParser } from "../sql/parse.ts";
import { visible } from "../text/markdown.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import type { ExplainArguments } from "./explainArguments.ts";
import { openScratch } from "./explainScratch.ts";
import { type ExplainTarget, explainTarget } from "./explainTarget.ts";
import type { Explanation, ExplainOptions } from "./explanation.ts";
import { shownPath } from "./shownPath.ts";

export async function explain(given: ExplainArguments, options: ExplainOptions): Promise<Explanation> {
  const { folder, host, signal } = options;
  const found = explainTarget(given.target, folder, host);
  if (!found.ok) {
    const { explainCall } = await import("./explainCall.ts");
    return (await explainCall(given, options)) ?? found;
  }
  const { target } = found;
  await loadSqlParser();
  const name = `${shownPath(uriOfPath(target.path), folder)}:`;
  if (target.query.gap !== undefined) return no(`${name}${target.line}: ${target.query.gap}`);
  const problem = unexplainable(given, target);
  if (problem !== undefined) return no(`${name}${problem}`);
  const answered = given.url === undefined ? await onScratch(given, target, options) : await onServer(given, given.url, target, signal);
  if (!answered.ok) return no(answered.at === undefined ? answered.reason : `${name}${answered.at}: ${answered.reason}`);
  const read = readPlan(answered.plan);
  if (!read.ok) return no(read.reason);
  const insights = insightsOf(read.plan);
  const text = written(given, target, read.plan, insights, answered, options);
  return { ok: true, text, hasWarnings: insights.some(({ severity }) => severity === "warning"), complaints: answered.complaints };
}

type Answered =
  | { readonly ok: true; readonly plan: string; readonly isGeneric: boolean; readonly place: string; readonly complaints: readonly string[] }
  /** `at` is a line and column of the file. */
  | { readonly ok: false; readonly reason: string; readonly at?: string | undefined };

/** What is said before any database is asked, after a place. */
function unexplainable({ values, analyze }: ExplainArguments, { query, line, placeOf }: ExplainTarget): string | undefined {
  const checked = explainable(query.text);
  if (!checked.ok) return `${checked.at === undefined ? line : placeOf(checked.at)}: ${checked.reason}`;
  const { parameters } = checked.statement;
  const names = query.parameters.map(({ number, name }) => (name === undefined ? `$${number}` : `$${number} (${name})`)).join(", ");
  if (values !== undefined && values.length !== parameters) return `${line}: the statement has ${parameters} parameters${names === "" ? "" : `, ${names}`}, and there are ${values.length} values.`;
  if (analyze && parameters > 0 && values === undefined) return `${line}: to run the statement, values are needed for ${names}: give one --value for each.`;
  return undefined;
}

async function onServer(given: ExplainArguments, url: string, { query, placeOf }: ExplainTarget, signal: AbortSignal): Promise<Answered> {
  try {
    const { guess, host, port, database } = parseAddress(url);
    const consent = Object.fromEntries(given.allowed.map((each) => [each, true]));
    const request = { text: query.text, values: given.values, analyze: given.analyze, environment: guess.environment, consent };
    const answer = await explainOnServer({ url }, request, signal);
    if (answer.kind === "plan") return { ok: true, plan: answer.plan, isGeneric: answer.isGeneric, place: `${host}:${port}/${database ?? ""} (${guess.environment})`, complaints: [] };
    return refusal(answer, placeOf);
  } catch (error) {
    if (signal.aborted) return { ok: false, reason: "Canceled: the server has stopped the statement." };
    if (!(error instanceof DatabaseError)) throw error;
    const at = error.position === undefined ? undefined : placeOf(utf16OfCharacters(query.text, error.position - 1));
    return { ok: false, reason: [error.message, error.detail, error.hint].filter((part) => part !== undefined).join(" "), at };
  }
}

function refusal(answer: Exclude<ExplainAnswer, { kind: "plan" }>, placeOf: (offset: number) => string): Answered {
  if (answer.kind === "asks") return { ok: false, reason: `${answer.why} If that is right, say --allow ${answer.about}.` };
  return { ok: false, reason: answer.reason, at: answer.at === undefined ? undefined : placeOf(answer.at) };
}

async function onScratch({ analyze, values }: ExplainArguments, { path, query, placeOf }: ExplainTarget, options: ExplainOptions): Promise<Answered> {
  const { folder, host, log, signal, cacheFolder, seededClusters } = options;
  const opened = await openScratch(path, { paths: ["."], folder, host, log }, cacheFolder, signal, seededClusters);
  if (!opened.ok) return opened;
  const { database, complaints } = opened;
  try {
    const result = await database.explain(query.text, { analyze, values, signal });
    if (result.ok) return { ok: true, plan: result.value.plan, isGeneric: result.value.parameters.length > 0 && values === undefined, place: "scratch", complaints };
    if (result.why.kind !== "refused") return { ok: false, reason: signal.aborted ? "Canceled." : `The scratch database has no plan: ${whyNot(result.why)}.` };
    const { message, detail, hint, at } = result.why.failure;
    return { ok: false, reason: [message, detail, hint, ...complaints].filter((part) => part !== undefined).join(" "), at: at === undefined ? undefined : placeOf(at) };
  } finally {
    await opened.close();
  }
}

function written(given: ExplainArguments, target: ExplainTarget, plan: Plan, insights: readonly Found[], answered: Extract<Answered, { ok: true }>, { folder, version }: ExplainOptions): string {
  const { text, line, query } = target;
  switch (given.format) {
    case "markdown":
      return savePlan(plan, "markdown", { query: text, insights });
    case "json": {
      const uri = uriOfPath(target.path);
      const parameters = query.parameters.map(({ number, name, style }) => ({ number, name, style }));
      const told = insights.map(({ next, ...each }) => ({ ...each, ...(next === undefined ? {} : { next, nextText: nextStepText(next) }) }));
      return `${JSON.stringify({ version, uri, line, query: query.text, parameters, database: answered.place, isGeneric: answered.isGeneric, insights: told, plan: [plan.source] }, undefined, 2)}\n`;
    }
    case "text": {
      const heading = `${shownPath(uriOfPath(target.path), folder)}:${line} on ${answered.place}${answered.isGeneric ? ", for no values in particular" : ""}`;
      const lines = insights.map(({ id, severity, message, next, node }) => {
        const where = node === undefined ? "" : `${plan.nodes[node]?.label ?? ""}: `;
        return visible(`${severity}: ${where}${message}${next === undefined ? "" : `\n    ${nextStepText(next)}`} (${id})`);
      });
      return `${[heading, planText(plan).trimEnd(), ...(lines.length === 0 ? [] : [lines.join("\n")])].join("\n\n")}\n`;
    }
  }
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
