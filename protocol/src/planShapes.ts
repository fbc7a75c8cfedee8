/** What `plan.ts` says, as shapes to parse messages with: nothing from another process is believed to be what it should be. */
import * as v from "valibot";
import type {
  AdviceItem,
  KeptPlan,
  PlanAdvice,
  PlanAdviseParams,
  PlanAnswer,
  PlanApplyAdviceParams,
  PlanApplyParams,
  PlanCompared,
  PlanCompareParams,
  PlanExplained,
  PlanExplainParams,
  PlanHost,
  PlanIndex,
  PlanInsight,
  PlanNodeView,
  PlanOutcome,
  PlanPairing,
  PlanPlace,
  PlanPlaceParams,
  PlanParameter,
  PlanProblem,
  PlanProgressParams,
  PlanQuestion,
  PlanReadParams,
  PlanSaveParams,
  PlanSheet,
  PlanStatement,
  PlanSubject,
  PlanTarget,
  PlanTotals,
  PlanValues,
  PlanValuesParams,
  PlanView,
  PlanViewer,
} from "./plan.ts";
import type { ConnectionTarget } from "./connections.ts";
import { list, type MethodsOf } from "./shapes.ts";

const text = v.string();
const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger());
const nothing = v.void();

const fact = v.object({ name: text, value: text });
const span = v.object({ start: count, end: count });
const share = { self: number, total: number };
const workers = v.object({ planned: number, launched: v.exactOptional(number) });

const node: v.GenericSchema<unknown, PlanNodeView> = v.object({
  id: count,
  parent: v.exactOptional(count),
  depth: count,
  type: text,
  about: v.exactOptional(text),
  role: v.exactOptional(text),
  kind: v.picklist(["read", "join", "order", "group", "write", "gather", "other"]),
  time: v.exactOptional(v.object(share)),
  cost: v.exactOptional(v.object({ ...share, startup: number })),
  buffers: v.exactOptional(v.object(share)),
  rows: v.object({
    estimated: v.exactOptional(number),
    width: v.exactOptional(number),
    actual: v.exactOptional(number),
    loops: v.exactOptional(number),
    removed: v.exactOptional(number),
  }),
  workers: v.exactOptional(workers),
  facts: list(fact),
  spans: v.exactOptional(list(span)),
});

const totals: v.GenericSchema<unknown, PlanTotals> = v.object({
  executionMs: v.exactOptional(number),
  planningMs: v.exactOptional(number),
  cost: v.exactOptional(number),
  rows: v.exactOptional(number),
  buffers: v.exactOptional(v.object({ hit: number, read: number, written: number, temporary: number, ms: v.exactOptional(number) })),
  jit: v.exactOptional(v.object({ functions: number, ms: v.exactOptional(number) })),
  triggers: list(v.object({ name: text, relation: v.exactOptional(text), ms: number, calls: number })),
  workers: v.exactOptional(workers),
  settings: list(fact),
});

export const indexShape: v.GenericSchema<unknown, PlanIndex> = v.object({ schema: v.exactOptional(text), table: text, columns: list(text) });

const insight: v.GenericSchema<unknown, PlanInsight> = v.object({
  id: text,
  severity: v.picklist(["warning", "information"]),
  summary: text,
  message: text,
  why: text,
  sources: list(text),
  node: v.exactOptional(count),
  step: v.exactOptional(v.object({ title: text, text, isText: v.boolean(), index: v.exactOptional(indexShape) })),
});

export const sheetShape: v.GenericSchema<unknown, PlanSheet> = v.object({
  title: text,
  nodes: list(node),
  leftOut: count,
  isAnalyzed: v.boolean(),
  isGeneric: v.boolean(),
  totals,
  measures: list(v.picklist(["time", "cost", "rows", "buffers"])),
  insights: list(insight),
  notes: list(text),
  source: v.exactOptional(text),
});

const pairing: v.GenericSchema<unknown, PlanPairing> = v.object({
  before: count,
  after: count,
  isSameShape: v.boolean(),
  pairs: list(v.object({ before: v.exactOptional(count), after: v.exactOptional(count), kind: v.picklist(["same", "changed", "added", "removed"]), changes: list(text) })),
  changes: list(v.object({ name: text, unit: v.picklist(["ms", "cost", "blocks"]), before: number, after: number })),
});

const adviceItem: v.GenericSchema<unknown, AdviceItem> = v.object({
  id: text,
  title: text,
  sql: text,
  prisma: v.exactOptional(text),
  costBefore: number,
  costAfter: number,
  sizeBytes: number,
  alsoGains: list(v.object({ name: text, costBefore: number, costAfter: number })),
  writeCost: text,
  evidence: text,
});

const parameter: v.GenericSchema<unknown, PlanParameter> = v.object({
  number: count,
  name: v.exactOptional(text),
  type: v.exactOptional(text),
  column: v.exactOptional(text),
  value: v.exactOptional(v.nullable(text)),
  suggestions: list(v.object({ value: text, kind: v.picklist(["common", "rare", "guess"]), share: v.exactOptional(number) })),
});

const problem: v.GenericSchema<unknown, PlanProblem> = v.object({ message: text, hint: v.exactOptional(text), at: v.exactOptional(count) });
const consent = v.picklist(["code", "writes", "production"]);
const question: v.GenericSchema<unknown, PlanQuestion> = v.object({ about: consent, why: text, agree: text });

const kept: v.GenericSchema<unknown, KeptPlan> = v.object({
  id: text,
  at: text,
  target: text,
  title: text,
  isAnalyzed: v.boolean(),
  cost: v.exactOptional(number),
  executionMs: v.exactOptional(number),
  nodes: count,
});

const explained = { text, fingerprint: v.exactOptional(text), parameters: list(parameter), plans: list(sheetShape), problem: v.exactOptional(problem) };
const statement: v.GenericSchema<unknown, PlanStatement> = v.object({
  ...explained,
  pairing: v.exactOptional(pairing),
  kept: list(kept),
  advice: v.object({ state: v.picklist(["none", "running", "ready"]), items: list(adviceItem), message: v.exactOptional(text) }),
});
const explainedShape: v.GenericSchema<unknown, PlanExplained> = v.object(explained);

const target: v.GenericSchema<unknown, PlanTarget> = v.object({
  kind: v.picklist(["scratch", "connection", "text"]),
  label: text,
  environment: v.exactOptional(v.picklist(["development", "staging", "production"])),
});

export const subjectShape: v.GenericSchema<unknown, PlanSubject> = v.variant("kind", [
  v.object({ kind: v.literal("query"), uri: text, start: count, end: v.exactOptional(count), text: v.exactOptional(text) }),
  v.object({ kind: v.literal("text"), text, uri: v.exactOptional(text), title: v.exactOptional(text) }),
  v.object({ kind: v.literal("plan"), text, title: v.exactOptional(text), query: v.exactOptional(text) }),
]);

export const viewShape: v.GenericSchema<unknown, PlanView> = v.object({
  revision: count,
  panel: text,
  title: text,
  can: v.object({ explain: v.boolean(), reveal: v.boolean(), applyIndex: v.boolean() }),
  target,
  activity: v.exactOptional(v.object({ message: text })),
  problem: v.exactOptional(problem),
  question: v.exactOptional(question),
  notes: list(text),
  statements: list(statement),
});

// ---------------------------------------------------------------------------------------------------- client and server

export const targetChoiceShape: v.GenericSchema<unknown, ConnectionTarget> = v.variant("kind", [
  v.object({ kind: v.literal("scratch") }),
  v.object({ kind: v.literal("connection"), id: text }),
]);

const values = list(v.nullable(text));

export const explainParamsShape: v.GenericSchema<unknown, PlanExplainParams> = v.object({
  id: text,
  subject: subjectShape,
  target: targetChoiceShape,
  analyze: v.boolean(),
  consent: list(consent),
  values: v.exactOptional(list(v.nullable(values))),
  only: v.exactOptional(count),
});

export const answerShape: v.GenericSchema<unknown, PlanAnswer> = v.variant("kind", [
  v.object({ kind: v.literal("plans"), title: text, target, statements: list(explainedShape), notes: list(text) }),
  v.object({ kind: v.literal("asks"), question, target, title: text }),
  v.object({ kind: v.literal("failed"), problem, target: v.exactOptional(target), title: v.exactOptional(text) }),
]);

export const valuesParamsShape: v.GenericSchema<unknown, PlanValuesParams> = v.object({
  id: text,
  subject: subjectShape,
  target: targetChoiceShape,
  consent: list(consent),
  statement: count,
  source: text,
  values: v.exactOptional(values),
});

export const valuesShape: v.GenericSchema<unknown, PlanValues> = v.object({
  parameters: list(parameter),
  plans: list(sheetShape),
  pairing: v.exactOptional(pairing),
  insights: list(insight),
});

export const readParamsShape: v.GenericSchema<unknown, PlanReadParams> = v.object({ text, title: v.exactOptional(text), query: v.exactOptional(text) });

const titled = v.object({ title: text, source: text });

export const compareParamsShape: v.GenericSchema<unknown, PlanCompareParams> = v.object({ query: text, before: titled, after: titled });

export const comparedShape: v.GenericSchema<unknown, PlanCompared> = v.variant("ok", [
  v.object({ ok: v.literal(true), plans: v.tuple([sheetShape, sheetShape]), pairing }),
  v.object({ ok: v.literal(false), reason: text }),
]);

const fileFormat = v.picklist(["text", "json", "markdown"]);

export const saveParamsShape: v.GenericSchema<unknown, PlanSaveParams> = v.object({ source: text, query: text, format: fileFormat });

export const applyParamsShape: v.GenericSchema<unknown, PlanApplyParams> = v.object({ uri: text, index: indexShape });

export const adviceShape: v.GenericSchema<unknown, PlanAdvice> = v.object({ state: v.picklist(["none", "running", "ready"]), items: list(adviceItem), message: v.exactOptional(text) });

export const adviseParamsShape: v.GenericSchema<unknown, PlanAdviseParams> = v.object({
  id: text,
  subject: subjectShape,
  target: targetChoiceShape,
  consent: list(consent),
  statement: count,
  values: v.exactOptional(values),
});

export const applyAdviceParamsShape: v.GenericSchema<unknown, PlanApplyAdviceParams> = v.object({ uri: text, id: text });

export const placeParamsShape: v.GenericSchema<unknown, PlanPlaceParams> = v.object({ subject: subjectShape, at: v.exactOptional(count) });

export const planPlaceShape: v.GenericSchema<unknown, PlanPlace | null> = v.nullable(v.object({ uri: text, start: count, end: count }));

export const planOutcomeShape: v.GenericSchema<unknown, PlanOutcome> = v.variant("ok", [
  v.object({ ok: v.literal(true) }),
  v.object({ ok: v.literal(false), reason: text }),
]);

export const progressShape: v.GenericSchema<unknown, PlanProgressParams> = v.object({ id: text, message: text });

/** What a client keeps of a panel, to show it again after a reload of the window. */
export interface StoredPlanPanel {
  readonly subject: PlanSubject;
  readonly choice: ConnectionTarget;
  readonly title: string;
  readonly statements: readonly PlanStatement[];
  readonly target: PlanTarget;
  readonly notes: readonly string[];
}

export const storedPanelShape: v.GenericSchema<unknown, StoredPlanPanel> = v.object({
  subject: subjectShape,
  choice: targetChoiceShape,
  title: text,
  statements: list(statement),
  target,
  notes: list(text),
});

// ---------------------------------------------------------------------------------------------------- view and host

/** What a view may ask of its host. */
export const planHostMethods = {
  ready: { params: v.null(), result: viewShape },
  explain: { params: v.object({ analyze: v.boolean(), statement: count, values: v.optional(values) }), result: nothing },
  answer: { params: v.object({ about: consent, agreed: v.boolean() }), result: nothing },
  cancel: { params: v.null(), result: nothing },
  chooseTarget: { params: v.null(), result: nothing },
  reveal: { params: v.object({ statement: count, at: v.optional(count) }), result: nothing },
  compare: { params: v.object({ statement: count, before: text, after: v.optional(text) }), result: nothing },
  single: { params: count, result: nothing },
  forget: { params: v.object({ statement: count, id: text }), result: nothing },
  save: { params: v.object({ statement: count, plan: count }), result: nothing },
  copy: { params: text, result: nothing },
  openSql: { params: text, result: nothing },
  applyIndex: { params: indexShape, result: planOutcomeShape },
  advise: { params: count, result: nothing },
  applyAdvice: { params: v.object({ statement: count, id: text }), result: planOutcomeShape },
  openLink: { params: v.pipe(text, v.startsWith("https://")), result: nothing },
} satisfies MethodsOf<PlanHost>;

/** What a host may tell its view. */
export const planViewMethods = { show: { params: viewShape, result: nothing } } satisfies MethodsOf<PlanViewer>;
