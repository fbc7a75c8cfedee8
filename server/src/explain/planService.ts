/**
 * What is asked about plans, answered: for statements and a place to explain them, with values and what columns hold, for
 * plans that somebody brings, for two plans side by side. Everything here returns; what is wrong is said in words.
 */
import type { ConnectionTarget } from "../../../protocol/src/connections.ts";
import type { PlanAnswer, PlanConsent, PlanExplained, PlanParameter, PlanReadParams, PlanTarget, PlanValues } from "../../../protocol/src/plan.ts";
import { type ColumnStatistics, columnParameters, columnStatisticsIn, columnStatisticsQuery, readStatistics } from "../database/columnStatistics.ts";
import { DatabaseError } from "../database/databaseError.ts";
import { comparePlans } from "../plan/comparePlans.ts";
import { tableKey, type TableStatistics } from "../plan/insights/insight.ts";
import { insightsOf, type KnownBesides } from "../plan/insights/insights.ts";
import type { Plan } from "../plan/plan.ts";
import { readPlan } from "../plan/readPlan.ts";
import { queryFingerprint } from "../sql/fingerprint.ts";
import { explainOn, type ExplainOutcome, type ExplainPlace } from "./explainOn.ts";
import { pairingOf } from "./pairing.ts";
import { type ParameterColumn, parameterColumns } from "./parameterColumns.ts";
import type { PlanReader } from "./planReader.ts";
import { insightViews, planSheet } from "./planSheet.ts";
import type { ViewTables } from "./queryParts.ts";
import { questionOf } from "./questions.ts";
import { suggestionsFor } from "./suggestions.ts";
import { titleOfValues } from "./valueTitles.ts";

/** A statement with numbered parameters. */
export interface StatementText {
  readonly text: string;
  readonly parameters: readonly StatementValue[];
}

export interface StatementValue {
  readonly number: number;
  readonly name: string | undefined;
  /** What the program gives, where that stands in its text. */
  readonly known?: string | null | undefined;
}

export interface Asked {
  readonly title: string;
  readonly target: PlanTarget;
  readonly place: ExplainPlace;
  readonly consent: readonly PlanConsent[];
  /** What the schema says that plans do not. */
  readonly known: KnownBesides;
  readonly views?: ViewTables;
  readonly reader: PlanReader;
  readonly notes: readonly string[];
  readonly signal: AbortSignal;
  progress(message: string): void;
}

const generic = "for no values in particular";

/** Of one statement, or of all that a call becomes; the first question stops it. */
export async function plansFor(
  statements: readonly StatementText[],
  asked: Asked,
  options: { readonly analyze: boolean; readonly values: readonly (readonly (string | null)[] | null)[]; readonly only: number | undefined },
): Promise<PlanAnswer> {
  const { target, title, notes, consent, place, signal } = asked;
  const explained: PlanExplained[] = [];
  for (const [i, statement] of statements.entries()) {
    if (options.only !== undefined && options.only !== i) continue;
    asked.progress(statements.length === 1 ? doing(options.analyze, target) : `${doing(options.analyze, target)}, statement ${i + 1} of ${statements.length}`);
    const values = options.values[i] ?? valuesIn(statement);
    const outcome = await explainOn(place, { text: statement.text, values, analyze: options.analyze, consent }, signal);
    if (outcome.kind === "asks") return { kind: "asks", question: questionOf(outcome), target, title };
    explained.push(await explainedStatement(statement, outcome, values, asked));
  }
  return { kind: "plans", title, target, statements: explained, notes };
}

/** Of a statement whose values all stand in the program. */
function valuesIn({ parameters }: StatementText): readonly (string | null)[] | undefined {
  const values: (string | null)[] = [];
  for (const { number, known } of parameters) {
    if (known === undefined) return undefined;
    values[number - 1] = known;
  }
  return values.length === 0 ? undefined : Array.from(values, (value) => value ?? null);
}

function doing(analyze: boolean, { label }: PlanTarget): string {
  return `${analyze ? "Running" : "Planning"} on ${label}`;
}

async function explainedStatement(statement: StatementText, outcome: Exclude<ExplainOutcome, { kind: "asks" }>, values: readonly (string | null)[] | undefined, { known, views, reader }: Asked): Promise<PlanExplained> {
  const fingerprint = queryFingerprint(statement.text);
  const types = outcome.kind === "plan" ? outcome.types : [];
  const own = {
    text: statement.text,
    parameters: parametersOf(statement, values, (number) => ({ type: types[number - 1] })),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
  if (outcome.kind === "failed") {
    const { message, hint, at } = outcome;
    return { ...own, plans: [], problem: { message, ...(hint === undefined ? {} : { hint }), ...(at === undefined ? {} : { at }) } };
  }
  const title = outcome.isGeneric ? generic : titleOfValues(own.parameters, values ?? []);
  const read = await reader.sheet(outcome.plan, { title: { run: title, planned: title }, isGeneric: outcome.isGeneric, query: statement.text, known, views });
  return read.ok ? { ...own, plans: [read.sheet] } : { ...own, plans: [], problem: { message: read.reason } };
}

function parametersOf(
  { parameters }: StatementText,
  values: readonly (string | null)[] | undefined,
  besides: (number: number) => { readonly type?: string | undefined; readonly column?: string | undefined; readonly suggestions?: PlanParameter["suggestions"] },
): readonly PlanParameter[] {
  return parameters.map(({ number, name, known }) => {
    const { type, column, suggestions = [] } = besides(number);
    const value = values?.[number - 1] ?? known;
    return {
      number,
      suggestions,
      ...(name === undefined ? {} : { name }),
      ...(type === undefined || type === "" ? {} : { type }),
      ...(column === undefined ? {} : { column }),
      ...(value === undefined ? {} : { value }),
    };
  });
}

// ---------------------------------------------------------------------------------------------------- values

/** What the parameters' columns hold, and plans for a common and a rare value where these differ. */
export async function valuesFor(statement: StatementText, source: string, given: readonly (string | null)[] | undefined, asked: Asked): Promise<PlanValues> {
  const read = readPlan(source);
  const nothing: PlanValues = { parameters: parametersOf(statement, given, () => ({})), plans: [], insights: [] };
  if (!read.ok) return nothing;
  const { plan } = read;
  const columns = parameterColumns(plan);
  const known = await statisticsOn(asked.place, plan, [...columns.values()]);
  const types = asked.place.kind === "scratch" ? await parameterTypes(asked.place, statement, asked.signal) : [];
  const suggestions = new Map(statement.parameters.map(({ number }) => [number, suggestionsFor(columns.get(number), statisticsOf(columns.get(number), known.columns), types[number - 1])]));
  const parameters = parametersOf(statement, given, (number) => {
    const column = columns.get(number);
    return { type: types[number - 1], column: column === undefined ? undefined : `${column.table}.${column.column}`, suggestions: suggestions.get(number) ?? [] };
  });
  const customs = await customPlans(statement, parameters, given, asked);
  const besides: KnownBesides = { ...asked.known, isGeneric: true, statistics: known.tables, ...(customs.length === 0 ? {} : { custom: customs.map((each) => each.plan) }) };
  const insights = insightViews(insightsOf(plan, besides), new Set(plan.nodes.map(({ id }) => id)));
  const [common, rare] = customs;
  if (common === undefined || rare === undefined) return { parameters, plans: [], insights };
  const comparison = comparePlans(common.plan, rare.plan);
  if (comparison.isSameShape) return { parameters, plans: [], insights };
  const sheets = customs.map(({ plan: custom, title }) => planSheet(custom, { title, query: statement.text, known: asked.known, views: asked.views }));
  return { parameters, insights, plans: sheets, pairing: pairingOf(comparison, 1, 2) };
}

interface Custom {
  readonly title: string;
  readonly plan: Plan;
}

/** For the common values and for the rare ones; none where a parameter has no value to be planned for. */
async function customPlans(statement: StatementText, parameters: readonly PlanParameter[], given: readonly (string | null)[] | undefined, asked: Asked): Promise<readonly Custom[]> {
  if (!parameters.some(({ suggestions }) => suggestions.some(({ kind }) => kind === "rare"))) return [];
  const customs: Custom[] = [];
  for (const kind of ["common", "rare"] as const) {
    const values: (string | null)[] = [];
    for (const { number, suggestions } of parameters) {
      const value = suggestions.find((each) => each.kind === kind)?.value ?? given?.[number - 1] ?? suggestions[0]?.value;
      if (value === undefined) return [];
      values[number - 1] = value;
    }
    asked.progress(`Planning for ${kind} values`);
    const outcome = await explainOn(asked.place, { text: statement.text, values: Array.from(values, (value) => value ?? null), analyze: false, consent: asked.consent }, asked.signal);
    const read = outcome.kind === "plan" ? readPlan(outcome.plan) : undefined;
    if (read?.ok !== true) return [];
    const varied = parameters.filter(({ suggestions }) => suggestions.some((each) => each.kind === kind));
    customs.push({ title: `${kind}: ${titleOfValues(varied, values)}`, plan: read.plan });
  }
  return customs;
}

async function parameterTypes({ database }: Extract<ExplainPlace, { kind: "scratch" }>, { text }: StatementText, signal: AbortSignal): Promise<readonly string[]> {
  const described = await database.describe(text, { signal });
  return described.ok ? described.value.parameters : [];
}

interface Statistics {
  readonly columns: readonly ColumnStatistics[];
  readonly tables: ReadonlyMap<string, TableStatistics>;
}

/** Nothing where the user may not look, or nobody answers: values can be typed. */
async function statisticsOn(place: ExplainPlace, plan: Plan, columns: readonly ParameterColumn[]): Promise<Statistics> {
  const nothing: Statistics = { columns: [], tables: new Map() };
  try {
    if (place.kind === "scratch") {
      const answer = columns.length === 0 ? undefined : await place.database.query(columnStatisticsQuery, columnParameters(columns));
      return answer?.ok === true ? { ...nothing, columns: columnStatisticsIn(answer.value) } : nothing;
    }
    const tables = [...new Map(plan.nodes.flatMap(({ relation }) => (relation === undefined ? [] : [[tableKey(relation), { schema: relation.schema, table: relation.name }]] as const))).values()];
    const known = await readStatistics(place.settings, columns, tables);
    return { columns: known.columns, tables: new Map(known.tables.map(({ schema, table, ...facts }) => [`${schema}.${table}`, facts])) };
  } catch (error) {
    if (error instanceof DatabaseError) return nothing;
    throw error;
  }
}

function statisticsOf(column: ParameterColumn | undefined, statistics: readonly ColumnStatistics[]): ColumnStatistics | undefined {
  if (column === undefined) return undefined;
  return statistics.find((each) => each.table === column.table && each.column === column.column && (column.schema === undefined || each.schema === column.schema));
}

// ---------------------------------------------------------------------------------------------------- plans from elsewhere

export const textTarget: PlanTarget = { kind: "text", label: "a plan that was brought along" };

/** A plan in any form that people have. */
export async function readAnswer({ text, title = "Query Plan", query: given }: PlanReadParams, reader: PlanReader): Promise<PlanAnswer> {
  const read = await reader.sheet(text, { title: { run: "as it ran", planned: "as it was planned" }, query: given });
  if (!read.ok) return { kind: "failed", problem: { message: read.reason, hint: tornHint(text) }, target: textTarget, title };
  const { sheet, others, query } = read;
  const fingerprint = query === "" ? undefined : queryFingerprint(query);
  const notes = others === 0 ? [] : [`The text holds ${others + 1} plans; this is the first.`];
  return { kind: "plans", title, target: textTarget, statements: [{ text: query, parameters: [], plans: [sheet], ...(fingerprint === undefined ? {} : { fingerprint }) }], notes };
}

/** What to do about a text that is no plan, or only part of one. */
function tornHint(text: string): string {
  const isTorn = /"Plan"|\(cost=|\bactual time=/.test(text);
  return isTorn ? "The text ends too early, or its beginning is missing: copy all of what EXPLAIN wrote." : "Copy what EXPLAIN wrote, as text or as JSON, or an entry of auto_explain's log.";
}

/** For what is said before there is a connection. */
export function targetOf(choice: ConnectionTarget): PlanTarget {
  return choice.kind === "scratch" ? { kind: "scratch", label: "scratch" } : { kind: "connection", label: "a database" };
}
