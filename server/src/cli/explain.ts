/**
 * `database-architect explain`: the plan of one statement of a file, with what it tells, by a database or by a scratch one.
 * Promises that what was started on a server has ended when this has.
 */
import { type Found, insightsOf } from "../plan/insights/insights.ts";
import { nextStepText } from "../plan/nextStepText.ts";
import type { Plan } from "../plan/plan.ts";
import { readPlan } from "../plan/readPlan.ts";
import { planText, savePlan } from "../plan/savePlan.ts";
import { explainable } from "../sql/explainable.ts";
import { loadSqlParser } from "../sql/parse.ts";
import { visible } from "../text/markdown.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import type { ExplainArguments } from "./explainArguments.ts";
import { type ExplainTarget, explainTarget } from "./explainTarget.ts";
import type { Explanation, ExplainOptions } from "./explanation.ts";
import { openPlace } from "./explainPlace.ts";
import { shownPath } from "./shownPath.ts";

export async function explain(given: ExplainArguments, options: ExplainOptions): Promise<Explanation> {
  const { folder, host } = options;
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
  const opened = await openPlace(target.path, given, options);
  if (!opened.ok) return opened;
  const { place } = opened;
  try {
    const answered = await place.explain({ text: target.query.text, values: given.values, analyze: given.analyze });
    if (!answered.ok) return no(answered.at === undefined ? answered.reason : `${name}${target.placeOf(answered.at)}: ${answered.reason}`);
    const read = readPlan(answered.plan);
    if (!read.ok) return no(read.reason);
    const insights = insightsOf(read.plan, { isGeneric: answered.isGeneric });
    const text = written(given, target, read.plan, insights, { place: place.name, isGeneric: answered.isGeneric }, options);
    return { ok: true, text, hasWarnings: insights.some(({ severity }) => severity === "warning"), complaints: place.complaints };
  } finally {
    await place.close();
  }
}

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

function written(given: ExplainArguments, target: ExplainTarget, plan: Plan, insights: readonly Found[], answered: { readonly place: string; readonly isGeneric: boolean }, { folder, version }: ExplainOptions): string {
  const { text, line, query } = target;
  switch (given.format) {
    case "markdown":
      return savePlan(plan, "markdown", { query: text, insights });
    case "json": {
      const uri = uriOfPath(target.path);
      const parameters = query.parameters.map(({ number, name, style }) => ({ number, name, style }));
      const told = insights.map(({ next, ...each }) => ({ ...each, next, nextText: nextStepText(next) }));
      return `${JSON.stringify({ version, uri, line, query: query.text, parameters, database: answered.place, isGeneric: answered.isGeneric, insights: told, plan: [plan.source] }, undefined, 2)}\n`;
    }
    case "text": {
      const heading = `${shownPath(uriOfPath(target.path), folder)}:${line} on ${answered.place}${answered.isGeneric ? ", for no values in particular" : ""}`;
      const lines = insights.map(({ id, severity, message, next, node }) => {
        const where = node === undefined ? "" : `${plan.nodes[node]?.label ?? ""}: `;
        return visible(`${severity}: ${where}${message}\n    ${nextStepText(next)} (${id})`);
      });
      return `${[heading, planText(plan).trimEnd(), ...(lines.length === 0 ? [] : [lines.join("\n")])].join("\n\n")}\n`;
    }
  }
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
