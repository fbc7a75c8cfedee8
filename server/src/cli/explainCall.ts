/** `database-architect explain contacts.ts:12` on a call of Prisma Client: the plan of each statement that it sends. */
import { resolve } from "node:path";
import type { PrismaCall } from "../calls/call.ts";
import { callModels } from "../calls/callModels.ts";
import type { CallStatement, StatementParameter } from "../calls/callStatement.ts";
import { type CompiledCall, compileCall } from "../calls/compileCall.ts";
import { mistakenCallAt, prismaCalls } from "../calls/prismaCalls.ts";
import { compilerSchema, QueryCompiler } from "../calls/queryCompiler.ts";
import { type Found, insightsOf } from "../plan/insights/insights.ts";
import { nextStepText } from "../plan/nextStepText.ts";
import type { Plan } from "../plan/plan.ts";
import { readPlan } from "../plan/readPlan.ts";
import { planText, savePlan } from "../plan/savePlan.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import { isProgram } from "../sql/queries/query.ts";
import { LineIndex } from "../text/lineIndex.ts";
import { visible } from "../text/markdown.ts";
import { queryCompilerWorker, scratchAssets } from "../workspace/assets.ts";
import type { Explanation, ExplainOptions } from "./explanation.ts";
import type { ExplainArguments } from "./explainArguments.ts";
import { projectAround } from "./explainScratch.ts";
import { namedPlace } from "./explainTarget.ts";
import { openPlace, type Place } from "./explainPlace.ts";
import { shownPath } from "./shownPath.ts";

type Compiled = Extract<CompiledCall, { ok: true }>;

interface CallPlan {
  readonly statement: CallStatement;
  readonly plan: Plan;
  readonly insights: readonly Found[];
}

/** Undefined where the file has no such call on that line. */
export async function explainCall(given: ExplainArguments, options: ExplainOptions): Promise<Explanation | undefined> {
  const { folder, host, log } = options;
  const { file, line } = namedPlace(given.target, folder, host);
  const path = resolve(folder, file);
  const read = isProgram(path) ? host.readText(path) : undefined;
  if (read?.ok !== true) return undefined;
  const around = await projectAround(path, { paths: ["."], folder, host, log });
  if (!around.ok || around.surrounding.checked.prismaFiles.length === 0) return undefined;
  const { prismaFiles } = around.surrounding.checked;
  const models = callModels(prismaFiles);
  const lines = new LineIndex(read.text);
  const calls = prismaCalls(uriOfPath(path), read.text, models);
  const lineOf = (offset: number): number => lines.position(offset).line + 1;
  const onLine = line === undefined ? calls : calls.filter(({ span }) => lineOf(span.start) <= line && line <= lineOf(span.end));
  // Of calls in calls the one that begins on the line, else the innermost.
  const call = onLine.find(({ nameSpan }) => lineOf(nameSpan.start) === line) ?? onLine.at(-1);
  const name = shownPath(uriOfPath(path), folder);
  if (call === undefined && line !== undefined && line <= lines.position(read.text.length).line + 1) {
    const [start, end] = [lines.offset({ line: line - 1, character: 0 }), lines.offset({ line, character: 0 })];
    const mistake = mistakenCallAt(uriOfPath(path), read.text, models, { start, end: Math.max(start, end - 1) });
    if (mistake !== undefined) return no(`${name}:${line}: ${mistake}`);
  }
  if (call === undefined || (line === undefined && calls.length > 1)) return undefined;
  const at = (offset: number): string => `${name}:${lineOf(offset)}:${lines.position(offset).character + 1}`;
  if (given.analyze || given.values !== undefined) return no(`${at(call.span.start)}: a call is explained for no values in particular: take one of its statements for --analyze and --value.`);
  const compiler = new QueryCompiler({ worker: queryCompilerWorker, assets: scratchAssets });
  try {
    const compiled = await compileCall(compiler, { models, source: compilerSchema(prismaFiles.map(({ text }) => text)) }, call);
    if (!compiled.ok) return no(`${at(compiled.span.start)}: ${compiled.reason}`);
    return await explained(given, options, { path, name, line: lineOf(call.span.start), at }, call, compiled);
  } finally {
    await compiler.close();
  }
}

interface CallSource {
  readonly path: string;
  readonly name: string;
  readonly line: number;
  at(offset: number): string;
}

async function explained(given: ExplainArguments, options: ExplainOptions, source: CallSource, call: PrismaCall, compiled: Compiled): Promise<Explanation> {
  const opened = await openPlace(source.path, given, options);
  if (!opened.ok) return opened;
  const { place } = opened;
  try {
    const plans: CallPlan[] = [];
    for (const statement of compiled.statements) {
      const answer = await place.explain({ text: statement.sql, values: knownValues(statement.parameters), analyze: false });
      const read = answer.ok ? readPlan(answer.plan) : answer;
      if (!read.ok) return no(`${source.name}:${source.line}: ${read.reason}`);
      plans.push({ statement, plan: read.plan, insights: insightsOf(read.plan, { isGeneric: answer.ok && answer.isGeneric }) });
    }
    const hasWarnings = compiled.warnings.some(({ kind }) => kind !== "joinedInMemory") || plans.some(({ insights }) => insights.some(({ severity }) => severity === "warning"));
    return { ok: true, text: written(given, options, source, call, compiled, plans, place), hasWarnings, complaints: place.complaints };
  } finally {
    await place.close();
  }
}

/** Of $1, $2, … when the call says them all; else the plan is for no values in particular. */
function knownValues(parameters: readonly StatementParameter[]): readonly string[] | undefined {
  const known = parameters.flatMap(({ source }) => (source.kind === "literal" && source.value !== null ? [source.value] : []));
  return known.length === parameters.length && known.length > 0 ? known : undefined;
}

function written(given: ExplainArguments, { version }: ExplainOptions, source: CallSource, call: PrismaCall, compiled: Compiled, plans: readonly CallPlan[], place: Place): string {
  const { count, warnings, assumptions } = compiled;
  if (given.format === "json") {
    const statements = plans.map(({ statement, plan, insights }) => ({ ...statement, insights, plan: [plan.source] }));
    const told = { model: call.model, operation: call.operation, text: call.text };
    return `${JSON.stringify({ version, uri: uriOfPath(source.path), line: source.line, database: place.name, call: told, count, warnings, assumptions, statements }, undefined, 2)}\n`;
  }
  const number = count.least === count.most ? `${count.most}` : `${count.least} to ${count.most}`;
  const heading = `${source.name}:${source.line} on ${place.name}: ${call.model}.${call.operation} sends ${number} ${count.most === 1 ? "statement" : "statements"}`;
  const notes = [...warnings.map(({ span, message }) => `${source.at(span.start)}: ${message}`), ...assumptions.map(({ span, text }) => `${source.at(span.start)}: Assumed: ${text}`)];
  const parts = plans.map(({ statement, plan, insights }, i) => {
    const title = `${i + 1}. ${roleText(statement)}`;
    if (given.format === "markdown") return `## ${title}\n\n${savePlan(plan, "markdown", { query: statement.sql, insights })}`;
    const values = statement.parameters.map((parameter, n) => `$${n + 1} = ${valueText(parameter)}`).join(", ");
    const told = insights.map(({ id, severity, message, next }) => `${severity}: ${message}\n    ${nextStepText(next)} (${id})`);
    return [title, statement.sql, values, planText(plan).trimEnd(), ...told].filter((each) => each !== "").join("\n");
  });
  const top = given.format === "markdown" ? `# ${heading}` : heading;
  return `${[top, ...(notes.length === 0 ? [] : [notes.map((note) => (given.format === "markdown" ? `- ${note}` : note)).join("\n")]), ...parts].map((part) => visible(part)).join("\n\n")}\n`;
}

function roleText({ role, relation, isConditional, isInTransaction }: CallStatement): string {
  const what = { rows: "The rows asked for", relation: `Rows of ${relation ?? ""}, for all rows before at once`, write: "Writes", lookup: "Looks up what the write needs", readBack: "Reads what the call returns" }[role];
  return `${what}${isConditional ? ", if need be" : ""}${isInTransaction ? " (in a transaction)" : ""}`;
}

function valueText({ source }: StatementParameter): string {
  switch (source.kind) {
    case "literal":
      return source.value ?? "null";
    case "runtime":
      return `\`${source.text}\``;
    case "earlier":
      return source.statement === undefined ? source.column : `${source.column} of ${source.statement + 1}.`;
    case "generated":
      return `made by Prisma (${source.by})`;
  }
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
