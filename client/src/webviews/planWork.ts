/**
 * What one panel shows of a query's plans, and the work behind it: asks the server, keeps what it answers, and says when
 * there is something else to show. One question at a time; a new one calls the last one off. Nothing that was shown is lost
 * when a question fails.
 */
import { randomUUID } from "node:crypto";
import { CancellationTokenSource } from "vscode";
import type { ConnectionTarget } from "../../../protocol/src/connections.ts";
import {
  type KeptPlan,
  planAdvise,
  type PlanAnswer,
  planCompare,
  type PlanConsent,
  planExplain,
  type PlanExplained,
  type PlanExplainParams,
  type PlanPairing,
  type PlanProblem,
  type PlanQuestion,
  planRead,
  type PlanSheet,
  type PlanStatement,
  type PlanSubject,
  type PlanTarget,
  planValues,
  type PlanView,
} from "../../../protocol/src/plan.ts";
import { adviceShape, answerShape, comparedShape, valuesShape } from "../../../protocol/src/planShapes.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "./parsing.ts";
import type { KeptSource, PlanStore } from "./planStore.ts";
import type { ValueMemory } from "./valueMemory.ts";

export interface PlanWorkOptions {
  readonly panel: string;
  readonly server: ServerSession;
  readonly store: PlanStore;
  readonly values: ValueMemory;
  readonly subject: PlanSubject;
  readonly target: ConnectionTarget;
  readonly title: string;
  /** There is something else to show. */
  changed(): void;
}

/** How a statement is explained. */
interface Wish {
  readonly analyze: boolean;
  readonly statement: number;
  readonly values: readonly (string | null)[] | undefined;
  readonly consent: readonly PlanConsent[];
}

type Shown = Omit<PlanStatement, "kept">;

export class PlanWork {
  readonly #options: PlanWorkOptions;
  #subject: PlanSubject;
  #target: ConnectionTarget;
  #targetView: PlanTarget;
  #title: string;
  #statements: readonly Shown[] = [];
  #kept: readonly (readonly KeptPlan[])[] = [];
  #notes: readonly string[] = [];
  #activity: string | undefined;
  #problem: PlanProblem | undefined;
  #question: PlanQuestion | undefined;
  /** What waits for the answer to a question. */
  #asked: Wish | undefined;
  #revision = 0;
  #running: { readonly id: string; readonly source: CancellationTokenSource } | undefined;

  constructor(options: PlanWorkOptions) {
    this.#options = options;
    this.#subject = options.subject;
    this.#target = options.target;
    this.#title = options.title;
    this.#targetView = options.subject.kind === "plan" ? { kind: "text", label: "a plan that was brought along" } : { kind: options.target.kind, label: options.target.kind === "scratch" ? "scratch" : "a database" };
  }

  get subject(): PlanSubject {
    return this.#subject;
  }

  get target(): ConnectionTarget {
    return this.#target;
  }

  get title(): string {
    return this.#title;
  }

  /** Without PostgreSQL's own JSON, which a page has no use for. */
  view(): PlanView {
    const isOwn = this.#subject.kind !== "plan";
    return {
      revision: ++this.#revision,
      panel: this.#options.panel,
      title: this.#title,
      target: this.#targetView,
      can: { explain: isOwn, reveal: this.#subject.kind === "query", applyIndex: isOwn },
      notes: this.#notes,
      statements: this.#statements.map((statement, at) => ({ ...statement, plans: statement.plans.map(withoutSource), kept: this.#kept[at] ?? [] })),
      ...(this.#activity === undefined ? {} : { activity: { message: this.#activity } }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      ...(this.#question === undefined ? {} : { question: this.#question }),
    };
  }

  /** Of a plan that is shown. */
  sheet(statement: number, plan: number): { readonly sheet: PlanSheet; readonly query: string } | undefined {
    const sheet = this.#statements[statement]?.plans[plan];
    return sheet === undefined ? undefined : { sheet, query: this.#statements[statement]?.text ?? "" };
  }

  /** As it was before a reload of the window. */
  restore(statements: readonly PlanStatement[], target: PlanTarget, notes: readonly string[]): void {
    this.#statements = statements.map(({ kept: _kept, ...statement }) => statement);
    this.#kept = statements.map(({ kept }) => kept);
    this.#targetView = target;
    this.#notes = notes;
  }

  snapshot(): { readonly statements: readonly PlanStatement[]; readonly target: PlanTarget; readonly notes: readonly string[] } {
    return { statements: this.#statements.map((statement, at) => ({ ...statement, kept: this.#kept[at] ?? [] })), target: this.#targetView, notes: this.#notes };
  }

  explain(wish: { readonly analyze: boolean; readonly statement: number; readonly values?: readonly (string | null)[] | undefined }): Promise<void> {
    return this.#explain({ analyze: wish.analyze, statement: wish.statement, values: wish.values, consent: [] });
  }

  /** What is shown, run: for the values that were given last. */
  async run(): Promise<void> {
    const [first, ...others] = this.#statements;
    if (first === undefined || others.length > 0 || first.problem !== undefined || this.#problem !== undefined || this.#question !== undefined) return;
    const values = first.fingerprint === undefined ? undefined : this.#options.values.of(first.fingerprint);
    if (first.parameters.length > 0 && values === undefined) {
      this.#problem = { message: "To run the query, values are needed for its parameters.", hint: "Give them under “Values”." };
      return this.#options.changed();
    }
    await this.explain({ analyze: true, statement: 0, values: first.parameters.length > 0 ? values : undefined });
  }

  /** On another database, or what the text says now. */
  changeTarget(target: ConnectionTarget): Promise<void> {
    this.#target = target;
    return this.explain({ analyze: false, statement: 0 });
  }

  async answer(about: PlanConsent, agreed: boolean): Promise<void> {
    const asked = this.#asked;
    if (this.#question?.about !== about || asked === undefined) return;
    this.#question = undefined;
    this.#asked = undefined;
    if (agreed) await this.#explain({ ...asked, consent: [...asked.consent, about] });
    else this.#options.changed();
  }

  cancel(): void {
    this.#running?.source.cancel();
  }

  progress(id: string, message: string): void {
    if (this.#running?.id !== id) return;
    this.#activity = message;
    this.#options.changed();
  }

  /** Reads a plan that somebody brought. */
  async read(): Promise<void> {
    const { subject } = this;
    if (subject.kind !== "plan") return;
    const { text, query } = subject;
    await this.#working("Reading", async () => {
      const answer = await this.#options.server.ask(planRead, { text, title: this.#title, ...(query === undefined ? {} : { query }) }, parsing(answerShape));
      await this.#take(answer, undefined);
    });
  }

  /** There is nothing to show, for a reason. */
  refuse(problem: PlanProblem): void {
    this.#problem = problem;
    this.#options.changed();
  }

  /** Tries indexes; what comes of it is shown with the statement. */
  async advise(statement: number): Promise<void> {
    const shown = this.#statements[statement];
    if (shown === undefined || this.#subject.kind === "plan") return;
    const values = shown.parameters.map(({ value }) => value);
    const isKnown = values.length > 0 && values.every((value) => value !== undefined);
    this.#change(statement, { advice: { state: "running", items: [] } });
    await this.#working("Trying indexes", async (id, token) => {
      const params = { id, subject: this.#subject, target: this.#target, consent: [], statement, ...(isKnown ? { values: values.map((value) => value ?? null) } : {}) };
      const advice = await this.#options.server.ask(planAdvise, params, parsing(adviceShape), token);
      this.#change(statement, { advice });
    });
    if (this.#statements[statement]?.advice.state === "running") this.#change(statement, { advice: { state: "none", items: [] } });
  }

  /** Two plans side by side: a kept one with the one that is shown, or with another kept one. */
  async compare(statement: number, beforeId: string, afterId: string | undefined): Promise<void> {
    const shown = this.#statements[statement];
    const fingerprint = shown?.fingerprint;
    if (shown === undefined || fingerprint === undefined) return;
    const { plans } = await this.#options.store.of(fingerprint);
    const before = plans.find(({ id }) => id === beforeId);
    const after = afterId === undefined ? shown.plans[0] : plans.find(({ id }) => id === afterId);
    if (before === undefined || after?.source === undefined) throw new Error("This plan is not kept any more.");
    const titled = ({ title, at, target }: KeptPlan): string => `${title}, ${target}, ${new Date(at).toLocaleString()}`;
    const afterTitle = afterId === undefined ? `${after.title}, as shown` : titled(plans.find(({ id }) => id === afterId) ?? before);
    await this.pair(statement, { title: titled(before), source: before.source }, { title: afterTitle, source: after.source });
  }

  async pair(statement: number, before: { readonly title: string; readonly source: string }, after: { readonly title: string; readonly source: string }): Promise<void> {
    const query = this.#statements[statement]?.text ?? "";
    const compared = await this.#options.server.ask(planCompare, { query, before, after }, parsing(comparedShape));
    if (!compared.ok) throw new Error(compared.reason);
    const [first] = this.#statements[statement]?.plans ?? [];
    const others = first === undefined ? [] : [first];
    const pairing: PlanPairing = { ...compared.pairing, before: others.length, after: others.length + 1 };
    this.#change(statement, { plans: [...others, ...compared.plans], pairing });
  }

  /** Only the newest plan. */
  single(statement: number): void {
    const { pairing: _gone, ...rest } = this.#statements[statement] ?? {};
    const [first] = this.#statements[statement]?.plans ?? [];
    if (first !== undefined) this.#statements = this.#statements.map((each, at) => (at === statement ? { ...each, ...rest, plans: [first] } : each));
    this.#options.changed();
  }

  async forget(statement: number, id: string): Promise<void> {
    const fingerprint = this.#statements[statement]?.fingerprint;
    if (fingerprint === undefined) return;
    await this.#options.store.forget(fingerprint, id);
    await this.#readKept();
    this.#options.changed();
  }

  dispose(): void {
    this.#running?.source.cancel();
  }

  // ------------------------------------------------------------------------------------------------ asking

  async #explain(wish: Wish): Promise<void> {
    const { subject } = this;
    if (subject.kind === "plan") return;
    const own = this.#statements[wish.statement];
    if (wish.values !== undefined && own?.fingerprint !== undefined) await this.#options.values.keep(own.fingerprint, wish.values);
    const isOne = this.#statements.length > 1 && (wish.analyze || wish.values !== undefined);
    await this.#working(wish.analyze ? "Running" : "Planning", async (id, token) => {
      const params: PlanExplainParams = {
        id,
        subject,
        target: this.#target,
        analyze: wish.analyze,
        consent: wish.consent,
        ...(wish.values === undefined ? {} : { values: Array.from({ length: wish.statement + 1 }, (_, at) => (at === wish.statement ? (wish.values ?? null) : null)) }),
        ...(isOne ? { only: wish.statement } : {}),
      };
      const answer = await this.#options.server.ask(planExplain, params, parsing(answerShape), token);
      if (answer.kind === "asks") this.#asked = wish;
      await this.#take(answer, isOne ? wish.statement : undefined);
    });
    await this.#suggest(wish);
  }

  async #take(answer: PlanAnswer, only: number | undefined): Promise<void> {
    this.#title = answer.title ?? this.#title;
    this.#targetView = answer.target ?? this.#targetView;
    switch (answer.kind) {
      case "asks":
        this.#question = answer.question;
        return;
      case "failed":
        this.#problem = answer.problem;
        return;
      case "plans": {
        this.#notes = answer.notes;
        const [first] = answer.statements;
        // What failed leaves the plan that was there.
        const one = (explained: PlanExplained, before: Shown | undefined): Shown => (explained.problem !== undefined && before?.text === explained.text ? { ...before, problem: explained.problem } : { ...explained, parameters: parametersOf(explained, before), advice: { state: "none", items: [] } });
        this.#statements = only === undefined || first === undefined ? answer.statements.map((each, at) => one(each, this.#statements[at])) : this.#statements.map((before, at) => (at === only ? one(first, before) : before));
        await this.#compareWithKept();
        const subject = this.#subject;
        if (subject.kind === "query" && first !== undefined && answer.statements.length === 1) this.#subject = { ...subject, text: first.text };
        await this.#keep(answer.statements);
        await this.#readKept();
      }
    }
  }

  async #keep(statements: readonly PlanExplained[]): Promise<void> {
    for (const { fingerprint, text, plans } of statements) {
      const [sheet] = plans;
      if (fingerprint !== undefined && sheet !== undefined) await this.#options.store.keep(fingerprint, text, sheet, this.#targetName);
    }
  }

  /** What plans are kept under. */
  get #targetName(): string {
    const { label, environment } = this.#targetView;
    return environment === undefined ? label : `${label} (${environment})`;
  }

  /** What is worse than the best plan that was kept of the query, for the same values in the same database, says so. */
  async #compareWithKept(): Promise<void> {
    this.#statements = await Promise.all(
      this.#statements.map(async (shown) => {
        const [sheet, ...others] = shown.plans;
        if (shown.fingerprint === undefined || sheet?.source === undefined || sheet.insights.some(({ id }) => id === regressed)) return shown;
        const { plans } = await this.#options.store.of(shown.fingerprint);
        const best = bestOf(plans.filter(({ target, title, isAnalyzed }) => target === this.#targetName && title === sheet.title && isAnalyzed === sheet.isAnalyzed));
        if (best === undefined || best.source === sheet.source) return shown;
        const params = { query: shown.text, before: { title: best.title, source: best.source }, after: { title: sheet.title, source: sheet.source } };
        const compared = await this.#options.server.ask(planCompare, params, parsing(comparedShape));
        const found = compared.ok ? compared.plans[1].insights.filter(({ id }) => id === regressed) : [];
        return found.length === 0 ? shown : { ...shown, plans: [{ ...sheet, insights: [...found, ...sheet.insights] }, ...others] };
      }),
    );
  }

  async #readKept(): Promise<void> {
    const all = this.#statements.map(async ({ fingerprint }) => (fingerprint === undefined ? [] : (await this.#options.store.of(fingerprint)).plans.map(({ source: _source, ...kept }) => kept)));
    this.#kept = await Promise.all(all);
  }

  /** What the parameters' columns hold, and plans for a common and a rare value: after the plan is shown. */
  async #suggest({ statement, consent }: Wish): Promise<void> {
    const shown = this.#statements[statement];
    const [generic] = shown?.plans ?? [];
    if (this.#running !== undefined || shown === undefined || generic?.source === undefined || generic.isAnalyzed || shown.parameters.length === 0 || this.#subject.kind === "plan") return;
    const remembered = shown.fingerprint === undefined ? undefined : this.#options.values.of(shown.fingerprint);
    const source = new CancellationTokenSource();
    const running = { id: randomUUID(), source };
    this.#running = running;
    try {
      const params = { id: running.id, subject: this.#subject, target: this.#target, consent, statement, source: generic.source, ...(remembered === undefined ? {} : { values: remembered }) };
      const known = await this.#options.server.ask(planValues, params, parsing(valuesShape), source.token);
      // Something else was asked meanwhile.
      if (this.#running !== running || this.#statements[statement]?.plans[0] !== generic || known.parameters.length === 0) return;
      const parameters = shown.parameters.map((parameter) => {
        const value = parameter.value ?? remembered?.[parameter.number - 1];
        return { ...parameter, ...known.parameters.find(({ number }) => number === parameter.number), ...(value === undefined ? {} : { value }) };
      });
      const plans = generic.isGeneric ? known.plans : [];
      const insights = known.insights.length === 0 ? generic.insights : known.insights;
      this.#change(statement, { parameters, plans: [{ ...generic, insights }, ...plans], ...(known.pairing === undefined || plans.length === 0 ? {} : { pairing: known.pairing }) });
    } catch {
      // A convenience: the plan is there without it, and the server has said in its log what was wrong.
    } finally {
      if (this.#running === running) this.#running = undefined;
      source.dispose();
      this.#activity = undefined;
      this.#options.changed();
    }
  }

  #change(statement: number, change: Partial<Shown>): void {
    this.#statements = this.#statements.map((each, at) => (at === statement ? { ...each, ...change } : each));
    this.#options.changed();
  }

  /** One question: the last one is called off, what goes wrong becomes a problem that is shown. */
  async #working(doing: string, work: (id: string, token: CancellationTokenSource["token"]) => Promise<void>): Promise<void> {
    this.#running?.source.cancel();
    const running = { id: randomUUID(), source: new CancellationTokenSource() };
    this.#running = running;
    this.#activity = doing;
    this.#problem = undefined;
    this.#question = undefined;
    this.#asked = undefined;
    this.#options.changed();
    try {
      await work(running.id, running.source.token);
    } catch (error) {
      if (this.#running === running) this.#problem = problemOf(error, running.source.token.isCancellationRequested);
    } finally {
      if (this.#running === running) {
        this.#running = undefined;
        this.#activity = undefined;
        this.#options.changed();
      }
      running.source.dispose();
    }
  }
}

/** The insight that needs an earlier plan. */
const regressed = "plan-regressed";

/** The one that took least time, or has the least cost. */
function bestOf(plans: readonly KeptSource[]): KeptSource | undefined {
  const weight = ({ executionMs, cost }: KeptSource): number => executionMs ?? cost ?? Number.POSITIVE_INFINITY;
  return plans.toSorted((a, b) => weight(a) - weight(b))[0];
}

function problemOf(error: unknown, isCanceled: boolean): PlanProblem {
  if (isCanceled) return { message: "It was called off." };
  const message = error instanceof Error ? error.message : String(error);
  const isGone = /connection|disposed|not running|closed/i.test(message);
  return isGone ? { message: "The language server ended before it answered.", hint: "It is started again by itself: explain once more." } : { message };
}

/** Values and suggestions that are known already stay known. */
function parametersOf(explained: PlanExplained, before: Shown | undefined): PlanExplained["parameters"] {
  if (before?.text !== explained.text) return explained.parameters;
  return explained.parameters.map((parameter) => {
    const known = before.parameters.find(({ number }) => number === parameter.number);
    return { ...known, ...parameter, suggestions: parameter.suggestions.length > 0 ? parameter.suggestions : (known?.suggestions ?? []) };
  });
}

const stripped = new WeakMap<PlanSheet, PlanSheet>();

function withoutSource(sheet: PlanSheet): PlanSheet {
  const known = stripped.get(sheet);
  if (known !== undefined) return known;
  const { source: _source, ...rest } = sheet;
  stripped.set(sheet, rest);
  return rest;
}
