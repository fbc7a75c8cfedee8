/**
 * Requests about plans. What understands and draws plans is loaded with the first of them. A request that is canceled is
 * called off where it runs; one that fails says so in words, for a panel shows it.
 */
import type { CancellationToken, Connection, ResponseError } from "vscode-languageserver/node";
import * as v from "valibot";
import type { ConnectionTarget } from "../../../../protocol/src/connections.ts";
import {
  type PlanAdvice,
  planAdvise,
  type PlanAnswer,
  planApply,
  planApplyAdvice,
  type PlanCompared,
  planCompare,
  type PlanConsent,
  planExplain,
  type PlanExplainParams,
  type PlanOutcome,
  type PlanPlace,
  planPlace,
  type PlanPlaceParams,
  planProgress,
  type PlanProgressParams,
  planRead,
  planSave,
  type PlanSubject,
  type PlanTarget,
  planValues,
  type PlanValues,
} from "../../../../protocol/src/plan.ts";
import { adviseParamsShape, applyAdviceParamsShape, applyParamsShape, compareParamsShape, explainParamsShape, placeParamsShape, readParamsShape, saveParamsShape, valuesParamsShape } from "../../../../protocol/src/planShapes.ts";
import type { AdvicePlace } from "../../advice/advise.ts";
import type { ExplainPlace } from "../../explain/explainOn.ts";
import type { PlanReader } from "../../explain/planReader.ts";
import type * as PlanService from "../../explain/planService.ts";
import type { Asked } from "../../explain/planService.ts";
import type { Schema } from "../../model/schema.ts";
import { tablesBehindViews } from "../../model/viewTables.ts";
import type { FileHost } from "../../text/fileHost.ts";
import { planWorker } from "../../workspace/assets.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { finishInSlices, type Steps } from "../../workspace/steps.ts";
import { signalOf } from "../cancellation.ts";
import { answering, type Serving } from "../handling.ts";
import { PlanAdvices, queriesAround, queriesOfPrograms } from "./advice.ts";
import { type PlanWritten, writeIndex } from "./apply.ts";
import { PlanCalls } from "./calls.ts";
import { type FoundSubject, subjectIn } from "./subjects.ts";

/** Answers from now on, until what it gives is called. */
export function answerPlanRequests(connection: Connection, serving: Serving, files: FileHost): () => Promise<void> {
  const desk = new PlanDesk(connection, serving, files);
  connection.onRequest<PlanAnswer, never>(planExplain, (params: unknown, token: CancellationToken) => desk.explain(params, token));
  connection.onRequest(planValues, (params: unknown, token: CancellationToken) => desk.values(params, token));
  connection.onRequest<PlanAnswer, never>(planRead, async (params: unknown): Promise<PlanAnswer> => (await service()).readAnswer(v.parse(readParamsShape, params), await desk.reader()));
  connection.onRequest<PlanCompared, never>(planCompare, async (params: unknown): Promise<PlanCompared> => (await desk.reader()).compared(v.parse(compareParamsShape, params)));
  connection.onRequest(planSave, async (params: unknown): Promise<string> => {
    const file = await (await desk.reader()).saved(v.parse(saveParamsShape, params));
    if (!file.ok) throw new Error(file.reason);
    return file.text;
  });
  const place = answering(serving, planPlace, (snapshot, params: unknown) => placeIn(snapshot, v.parse(placeParamsShape, params)), () => null);
  connection.onRequest(planPlace, place);
  const write = answering(serving, planApply, (snapshot, params: unknown, context) => writeIndex(snapshot, v.parse(applyParamsShape, params), context), (): PlanWritten => faulty);
  connection.onRequest<PlanOutcome, never>(planApply, async (params: unknown, token: CancellationToken) => apply(await write(params, token), connection));
  connection.onRequest<PlanAdvice, never>(planAdvise, (params: unknown, token: CancellationToken) => desk.advise(params, token));
  const writeAdvised = answering(serving, planApplyAdvice, (snapshot, params: unknown, context) => desk.advices.write(snapshot, v.parse(applyAdviceParamsShape, params), context), (): PlanWritten => faulty);
  connection.onRequest<PlanOutcome, never>(planApplyAdvice, async (params: unknown, token: CancellationToken) => apply(await writeAdvised(params, token), connection));
  return () => desk.dispose();
}

function* placeIn(snapshot: Snapshot, { subject, at }: PlanPlaceParams): Steps<PlanPlace | null> {
  const found = subject.kind === "plan" ? undefined : yield* subjectIn(snapshot, subject);
  if (found?.ok !== true || found.place === undefined) return null;
  const { uri, span, placeOf } = found.place;
  const start = at === undefined ? span.start : placeOf(at);
  return { uri: snapshot.editorUri(uri), start, end: at === undefined ? span.end : start };
}

/** One for all requests; loaded once. */
function service(): Promise<typeof PlanService> {
  return import("../../explain/planService.ts");
}

type Prepared = { readonly ok: true; readonly asked: Asked; readonly found: Extract<FoundSubject, { ok: true }> } | { readonly ok: false; readonly answer: PlanAnswer };

class PlanDesk {
  readonly advices = new PlanAdvices();
  readonly calls = new PlanCalls();
  readonly #connection: Connection;
  readonly #serving: Serving;
  readonly #files: FileHost;
  #reader: Promise<PlanReader> | undefined;

  constructor(connection: Connection, serving: Serving, files: FileHost) {
    this.#connection = connection;
    this.#serving = serving;
    this.#files = files;
  }

  /** Loaded with the first plan. */
  reader(): Promise<PlanReader> {
    return (this.#reader ??= import("../../explain/planReader.ts").then(({ PlanReader: Reader }: { readonly PlanReader: typeof PlanReader }) => new Reader(planWorker)));
  }

  async dispose(): Promise<void> {
    await Promise.all([this.calls.dispose(), this.#reader?.then((reader) => reader.close())]);
  }

  async explain(given: unknown, token: CancellationToken): Promise<PlanAnswer> {
    const params = v.parse(explainParamsShape, given);
    return this.#working(params, token, async (signal) => {
      const prepared = await this.#prepare(params, signal);
      if (!prepared.ok) return prepared.answer;
      const { analyze, values = [], only } = params;
      const answer = await (await service()).plansFor(prepared.found.statements, prepared.asked, { analyze, values, only });
      this.#serving.lastPlans.note(answer, only === undefined ? prepared.found.key : undefined);
      return answer;
    });
  }

  async values(given: unknown, token: CancellationToken): Promise<PlanValues> {
    const params = v.parse(valuesParamsShape, given);
    const nothing: PlanValues = { parameters: [], plans: [], insights: [] };
    const answer = await this.#working(params, token, async (signal) => {
      const prepared = await this.#prepare(params, signal);
      const statement = prepared.ok ? prepared.found.statements[params.statement] : undefined;
      if (!prepared.ok || statement === undefined) return nothing;
      return (await service()).valuesFor(statement, params.source, params.values, prepared.asked);
    });
    return "kind" in answer ? nothing : answer;
  }

  async advise(given: unknown, token: CancellationToken): Promise<PlanAdvice> {
    const params = v.parse(adviseParamsShape, given);
    const answer = await this.#working(params, token, async (signal): Promise<PlanAdvice> => {
      const prepared = await this.#prepare(params, signal);
      if (!prepared.ok) return { state: "ready", items: [], message: prepared.answer.kind === "failed" ? prepared.answer.problem.message : "There is nothing to try indexes on." };
      const { asked, found } = prepared;
      const statement = found.statements[params.statement];
      if (statement === undefined || found.project === undefined) return { state: "ready", items: [], message: "There is no schema that indexes could be tried in." };
      asked.progress("Reading the workspace's queries");
      const inFiles = await finishInSlices(queriesAround(this.#serving.workspace.snapshot(), found.project, statement.text), () => signal.aborted);
      const otherQueries = [...inFiles, ...(await queriesOfPrograms(this.#serving.workspace.snapshot().roots, found.project, this.#files, signal))].filter(({ text }) => text !== statement.text);
      const place = await this.#advicePlace(asked, found.project, params.consent, signal);
      return this.advices.advise({ text: statement.text, values: params.values }, found.project, place, { otherQueries, signal, progress: (message) => asked.progress(message) });
    });
    return "state" in answer ? answer : { state: "ready", items: [], message: answer.kind === "failed" ? answer.problem.message : "" };
  }

  /** A server's statistics are tried in the scratch database where it has no HypoPG: nothing is built on the server. */
  async #advicePlace({ place, target }: Asked, project: CheckedProject, consent: readonly PlanConsent[], signal: AbortSignal): Promise<AdvicePlace> {
    if (place.kind === "scratch") return place;
    const lab = await this.#serving.labs.database(project, signal);
    const agreed = Object.fromEntries(consent.map((each) => [each, true]));
    return { kind: "server", settings: place.settings, environment: place.environment, name: target.label, consent: agreed, ...(lab.ok ? { database: lab.database } : {}) };
  }

  /** With a signal for the token, as something that goes on, and with a fault as an answer. */
  async #working<Answer>(params: { readonly id: string }, token: CancellationToken, work: (signal: AbortSignal) => Promise<Answer>): Promise<Answer | PlanAnswer> {
    const signal = signalOf(token);
    const end = this.#serving.activity.begin();
    try {
      await this.#serving.ready;
      return await work(signal);
    } catch (error) {
      if (signal.aborted) return failed("It was called off.");
      this.#serving.log(`explaining (${params.id})`, error);
      return failed("There was a fault in explaining this; the output has the details.");
    } finally {
      end();
    }
  }

  async #prepare(params: Pick<PlanExplainParams, "id" | "subject" | "target" | "consent">, signal: AbortSignal): Promise<Prepared> {
    const { id, subject, target, consent } = params;
    if (subject.kind === "plan") return { ok: false, answer: failed("A plan that was brought along cannot be made anew.") };
    const found = await this.#find(subject, signal);
    const { title } = found;
    if (!found.ok) return { ok: false, answer: failed(found.reason, { hint: found.hint, title }) };
    const progress = (message: string): void => void this.#connection.sendNotification(planProgress, { id, message } satisfies PlanProgressParams);
    const place = await this.#place(target, found.project, signal, progress);
    if (!place.ok) return { ok: false, answer: failed(place.reason, { hint: place.hint, title, target: place.target }) };
    const known = found.project === undefined ? {} : factsOf(found.project.schema);
    const views = found.project === undefined ? new Map<string, ReadonlySet<string>>() : tablesBehindViews(found.project.schema);
    const asked: Asked = { title, target: place.target, place: place.place, consent, known, views, reader: await this.reader(), notes: [...found.notes, ...place.notes], signal, progress };
    return { ok: true, found, asked };
  }

  /** In the newest text; begun again when it changes meanwhile. */
  async #find(subject: Exclude<PlanSubject, { kind: "plan" }>, signal: AbortSignal): Promise<FoundSubject> {
    const snapshot = this.#serving.workspace.snapshot();
    const found = await finishInSlices(subjectIn(snapshot, subject), () => signal.aborted);
    if (found.ok || found.program === undefined || subject.kind !== "query") return found;
    // No query of its own is there: perhaps a call of Prisma Client.
    const { file, project } = found.program;
    return (await this.calls.statementsAt(file, { start: subject.start, end: subject.end ?? subject.start }, found.title, project)) ?? found;
  }

  async #place(target: ConnectionTarget, project: CheckedProject | undefined, signal: AbortSignal, progress: (message: string) => void): Promise<Place> {
    const { connections, labs } = this.#serving;
    if (target.kind === "connection") {
      const opened = await connections.settingsOf(target.id, signal);
      if (!opened.ok) return { ok: false, reason: opened.reason, hint: opened.hint, target: { kind: "connection", label: "a database" } };
      const { profile, settings } = opened;
      const place: ExplainPlace = { kind: "server", settings, environment: profile.environment };
      return { ok: true, place, target: { kind: "connection", label: profile.name, environment: profile.environment }, notes: [] };
    }
    const label: PlanTarget = { kind: "scratch", label: "scratch" };
    if (project === undefined) return { ok: false, reason: "There is no schema in this workspace to build a scratch database from.", hint: "Open a folder with migrations or a Prisma schema, or choose a connection.", target: label };
    if (!labs.isUp(project)) progress("Building a scratch database");
    const lab = await labs.database(project, signal);
    if (!lab.ok) return { ok: false, reason: lab.reason, hint: undefined, target: label };
    return { ok: true, place: { kind: "scratch", database: lab.database }, target: label, notes: lab.complaints };
  }
}

type Place =
  | { readonly ok: true; readonly place: ExplainPlace; readonly target: PlanTarget; readonly notes: readonly string[] }
  | { readonly ok: false; readonly reason: string; readonly hint: string | undefined; readonly target: PlanTarget };

/** What insights want to know of the schema. */
function factsOf({ tables }: Schema): Asked["known"] {
  const rowSecurity = new Set<string>();
  const partitions = new Map<string, number>();
  for (const table of tables.values()) {
    if (table.rowSecurity.enabled) rowSecurity.add(table.key);
    const parent = table.partitionOf?.parent;
    if (parent !== undefined) partitions.set(parent, (partitions.get(parent) ?? 0) + 1);
  }
  return { rowSecurity, partitions };
}

async function apply(written: PlanWritten | ResponseError<never>, connection: Connection): Promise<PlanOutcome | ResponseError<never>> {
  if (!("ok" in written) || !written.ok) return written;
  const { applied } = await connection.workspace.applyEdit({ label: written.label, edit: written.edit });
  return applied ? { ok: true } : { ok: false, reason: "The editor refused the change: a text has changed meanwhile." };
}

const faulty: PlanWritten = { ok: false, reason: "There was a fault in writing this change; the output has the details." };

function failed(message: string, { hint, title, target }: { readonly hint?: string | undefined; readonly title?: string; readonly target?: PlanTarget } = {}): PlanAnswer {
  return { kind: "failed", problem: { message, ...(hint === undefined ? {} : { hint }) }, ...(title === undefined ? {} : { title }), ...(target === undefined ? {} : { target }) };
}
