/**
 * Index advice for one query: candidates from its own structure, tried in PostgreSQL, the smallest set that brings the gain,
 * with what it costs and who else gains. Promises that nothing stays of what was tried, and never to build on a server.
 */
import type { Node } from "@pgsql/types";
import type { IndexIntent } from "../edits/intents/indexIntent.ts";
import { prismaIndex } from "../edits/prisma/prismaIndex.ts";
import { newIndexName, newIndexStatement } from "../edits/sql/newIndex.ts";
import type { ConnectionSettings } from "../database/connectionSettings.ts";
import type { Environment } from "../database/environment.ts";
import type { Consent } from "../database/explain.ts";
import { type PlannerStatistics, plannerStatistics } from "../database/plannerStatistics.ts";
import type { Schema, Table } from "../model/schema.ts";
import type { ScratchDatabase } from "../scratch/scratchDatabase.ts";
import { explainable } from "../sql/explainable.ts";
import { parsedText } from "../sql/outcomes.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import { type Choice, choose, type Chosen, defaultThresholds, type Thresholds } from "./choose.ts";
import { withHypotheticalTrial } from "./hypotheticalTrial.ts";
import { wantsTrigrams } from "./keyChoices.ts";
import { planningText } from "./planningText.ts";
import { tableUses } from "./readQuery.ts";
import { type ScratchTrialOptions, withScratchTrial } from "./scratchTrial.ts";
import type { TableUse } from "./tableUse.ts";
import { type Evidence, notTried, type Trial, type Tried } from "./trial.ts";
import { updatedColumns } from "./updatedColumns.ts";
import { type WriteCost, writeCost } from "./writeCost.ts";

export interface AdviceRequest {
  /** One statement; placeholders are $1, $2, …. */
  readonly query: string;
  /** For $1, $2, … in PostgreSQL's text form. Without them the plan is for no values in particular. */
  readonly values?: readonly (string | null)[] | undefined;
  readonly schema: Schema;
  /** Where indexes are tried. */
  readonly place: AdvicePlace;
  /** Of the workspace, this one aside; some may be looked at only. */
  readonly otherQueries?: readonly OtherQuery[] | undefined;
  readonly tenantColumns?: readonly string[] | undefined;
  readonly thresholds?: Thresholds | undefined;
  /** Stops the work; what was tried is gone then as well. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, of: number, doing: string) => void) | undefined;
}

export type AdvicePlace =
  | {
      readonly kind: "scratch";
      /** Holds the schema; its rows count where it has some. */
      readonly database: ScratchDatabase;
      /** Of another database, instead of its rows. */
      readonly statistics?: PlannerStatistics | undefined;
      /** Where these come from, for people. */
      readonly statisticsOf?: string | undefined;
    }
  /** By HypoPG where the server has it; else by the server's statistics in the scratch database. Nothing is built there. */
  | {
      readonly kind: "server";
      readonly settings: ConnectionSettings;
      /** For people. */
      readonly name: string;
      readonly environment: Environment;
      readonly consent?: Consent | undefined;
      /** Holds the schema; without it there are no other kinds than HypoPG knows. */
      readonly database?: ScratchDatabase | undefined;
    };

export interface OtherQuery {
  readonly text: string;
  /** For people: a file and a line. */
  readonly title: string;
}

export interface Gain {
  readonly query: OtherQuery;
  readonly costBefore: number;
  readonly costAfter: number;
}

export interface AdvisedIndex {
  /** The index's name. */
  readonly id: string;
  readonly title: string;
  /** As it would be built on a server in use. */
  readonly sql: string;
  /** `@@index(…)`; undefined where Prisma has no words for it. */
  readonly prisma: string | undefined;
  /** Of the query, with the items before this one. */
  readonly costBefore: number;
  readonly costAfter: number;
  readonly sizeBytes: number | undefined;
  readonly alsoGains: readonly Gain[];
  readonly writeCost: WriteCost;
  /** For `renderIntent`. */
  readonly intent: IndexIntent;
}

export interface Advice {
  readonly items: readonly AdvisedIndex[];
  /** Of the query as things are, and with all items. */
  readonly costBefore: number;
  readonly costAfter: number;
  readonly evidence: Evidence;
  /** Sentences: what was assumed, what could not be tried. */
  readonly notes: readonly string[];
  /** How many indexes were tried. */
  readonly tried: number;
}

export type AdviceResult = { readonly ok: true; readonly advice: Advice } | { readonly ok: false; readonly reason: string };

/** Other queries that are tried for each piece of advice. */
const mostOthers = 200;

const tenants = ["tenant_id", "organization_id", "organisation_id", "org_id", "workspace_id"];

/**
 * `loadSqlParser` must have been awaited.
 *
 * @throws DatabaseError when a server cannot be reached, refuses or is lost.
 */
export async function advise(request: AdviceRequest): Promise<AdviceResult> {
  const { query, schema, signal } = request;
  const checked = explainable(query);
  if (!checked.ok) return { ok: false, reason: checked.reason };
  if (request.values !== undefined && request.values.length !== checked.statement.parameters) return { ok: false, reason: `The statement has ${checked.statement.parameters} parameters, and there are ${request.values.length} values.` };
  const tree = treeOf(query);
  if (tree === undefined) return { ok: false, reason: "This statement cannot be read." };
  const uses = tableUses(tree, schema);
  const tables = tablesOf(uses);
  if (tables.length === 0) return { ok: false, reason: "The query reads no table that the schema knows." };
  const candidates = candidatesFor(uses, schema, { tenantColumns: request.tenantColumns ?? tenants });
  const others = related(request.otherQueries ?? [], tables, schema);
  const every = [...new Map([...tables, ...others.flatMap((other) => other.tables)].map((table) => [table.key, table])).values()];
  if (signal?.aborted === true) return { ok: false, reason: "Canceled." };
  const work = (trial: Trial): Promise<AdviceResult> => advised(request, trial, { tree, uses, candidates, others });
  const { place } = request;
  const result = place.kind === "scratch" ? await withScratchTrial({ ...place, schema, tables: every, signal }, work) : await onServer(place, { schema, tables: every, signal }, candidates, work);
  return result.ok ? result.value : result;
}

type Around = Pick<ScratchTrialOptions, "schema" | "tables" | "signal">;

/** @throws DatabaseError when the server cannot be reached or refuses. */
async function onServer(place: Extract<AdvicePlace, { kind: "server" }>, around: Around, candidates: readonly Candidate[], work: (trial: Trial) => Promise<AdviceResult>): Promise<Tried<AdviceResult>> {
  const { database, settings, name } = place;
  // HypoPG knows B-trees and BRIN.
  if (database === undefined || candidates.every(({ method }) => method !== "gin")) {
    const result = await withHypotheticalTrial({ ...place, ...around }, work);
    if (result !== undefined) return { ok: true, value: result };
  }
  if (database === undefined) return notTried(`${name} has no HypoPG, and there is no scratch database to try indexes in.`, true);
  const statistics = await plannerStatistics(settings, around.tables, around.signal);
  return withScratchTrial({ ...around, database, statistics, statisticsOf: name }, work);
}

interface Found {
  readonly tree: Node;
  readonly uses: readonly TableUse[];
  readonly candidates: readonly Candidate[];
  readonly others: readonly RelatedQuery[];
}

async function advised(request: AdviceRequest, trial: Trial, { tree, uses, candidates, others }: Found): Promise<AdviceResult> {
  const planned = planningText(request.query, tree, request.values);
  const progress = (done: number, of: number): void => request.onProgress?.(done, of, "Trying indexes");
  const chosen = await choose(trial, planned, candidates, request.thresholds ?? defaultThresholds, progress);
  if (!chosen.ok) return chosen;
  const gains = await gainsOf(request, trial, chosen.choice, others);
  const updated = updatedColumns([tree, ...others.map((other) => other.tree)], request.schema);
  const items = chosen.choice.chosen.map((one): AdvisedIndex => {
    const { candidate, index, before, after } = one;
    const { replaces, ...definition } = candidate;
    return {
      id: newIndexName(definition),
      title: titleOf(one),
      sql: newIndexStatement(definition, { concurrently: definition.table.kind !== "partitioned" }),
      prisma: prismaIndex(definition),
      costBefore: before,
      costAfter: after,
      sizeBytes: index.sizeBytes,
      alsoGains: gains.get(one) ?? [],
      writeCost: writeCost(definition, replaces, updated),
      intent: { do: "createIndex", index: definition, ...(replaces === undefined ? {} : { replaces }) },
    };
  });
  const { before, after, tried } = chosen.choice;
  return { ok: true, advice: { items, costBefore: before.cost, costAfter: after.cost, evidence: trial.evidence, notes: notesOf(planned.assumed, uses, request.schema), tried } };
}

function titleOf({ candidate }: Chosen): string {
  const { table, keys, include, predicate, method, replaces } = candidate;
  const written = keys.map(({ column, expression, direction }) => `${column ?? expression?.text ?? ""}${direction === "desc" ? " DESC" : ""}`).join(", ");
  const using = method === "btree" ? "" : `${method.toUpperCase()} `;
  return `${using === "" ? "Index" : `${using}index`} on ${table.name} (${written})${include.length === 0 ? "" : ` including ${include.join(", ")}`}${predicate === undefined ? "" : ` where ${predicate.text}`}${replaces === undefined ? "" : `, instead of ${replaces.name}`}`;
}

function notesOf(assumed: readonly string[], uses: readonly TableUse[], schema: Schema): readonly string[] {
  const notes = assumed.length === 0 ? [] : [`Without values, ${assumed.join(", ")}.`];
  const searches = uses.some(({ tests, alternatives }) => [...tests, ...alternatives.flat()].some(wantsTrigrams));
  if (searches && !schema.extensions.has("pg_trgm")) notes.push("A search inside of texts is helped by an index of the extension pg_trgm, which the schema does not create; it was not tried.");
  return notes;
}

interface RelatedQuery {
  readonly query: OtherQuery;
  readonly tree: Node;
  readonly tables: readonly Table[];
}

/** Those that read one of the tables; for the others nothing changes. */
function related(queries: readonly OtherQuery[], tables: readonly Table[], schema: Schema): readonly RelatedQuery[] {
  const found: RelatedQuery[] = [];
  for (const query of queries) {
    if (found.length >= mostOthers) break;
    const checked = explainable(query.text);
    const tree = checked.ok ? treeOf(query.text) : undefined;
    if (tree === undefined) continue;
    const own = tablesOf(tableUses(tree, schema));
    if (own.some((table) => tables.includes(table))) found.push({ query, tree, tables: own });
  }
  return found;
}

async function gainsOf({ signal, onProgress }: AdviceRequest, trial: Trial, { chosen }: Choice, others: readonly RelatedQuery[]): Promise<ReadonlyMap<Chosen, readonly Gain[]>> {
  const gains = new Map<Chosen, Gain[]>();
  for (const [i, { query, tree, tables }] of others.entries()) {
    if (signal?.aborted === true) break;
    const own = chosen.filter(({ candidate }) => tables.includes(candidate.table));
    if (own.length === 0) continue;
    onProgress?.(i, others.length, "Looking at other queries");
    const planned = planningText(query.text, tree, undefined);
    const before = await trial.plan(planned, []);
    if (!before.ok) continue;
    for (const one of own) {
      const after = await trial.plan(planned, [one.index]);
      if (!after.ok || before.value.cost - after.value.cost < Math.max(defaultThresholds.leastCost, before.value.cost * 0.1)) continue;
      gains.set(one, [...(gains.get(one) ?? []), { query, costBefore: before.value.cost, costAfter: after.value.cost }]);
    }
  }
  return gains;
}

function tablesOf(uses: readonly TableUse[]): readonly Table[] {
  return [...new Set(uses.map(({ table }) => table))];
}

function treeOf(text: string): Node | undefined {
  const { outcome } = parsedText(text);
  return outcome?.kind === "tree" ? outcome.tree : undefined;
}
