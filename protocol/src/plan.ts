/**
 * The plan of a query as a panel shows it: a whole view model, without deltas, and what panel, host and server say to
 * each other. Names and conditions are PostgreSQL's own words; everything survives JSON.
 */
import type { ConnectionTarget, DatabaseEnvironment } from "./connections.ts";

// ---------------------------------------------------------------------------------------------------- one plan

/** One plan as a picture of itself: nodes with their figures, and what it tells. */
export interface PlanSheet {
  /** What it is a plan for: "for no values in particular", "status = 'won'", "before". */
  readonly title: string;
  /** Parents before children, in PostgreSQL's order. */
  readonly nodes: readonly PlanNodeView[];
  /** Nodes that are too many to show: the deepest ones. */
  readonly leftOut: number;
  readonly isAnalyzed: boolean;
  readonly isGeneric: boolean;
  readonly totals: PlanTotals;
  /** Measures that say something here; never empty. */
  readonly measures: readonly PlanMeasure[];
  /** Warnings first. */
  readonly insights: readonly PlanInsight[];
  /** What is not known of it, and what it was made without; whole sentences. */
  readonly notes: readonly string[];
  /** PostgreSQL's own JSON, for keeping, comparing and saving. Left out where a host keeps it for its view. */
  readonly source?: string;
}

/** What the length of a bar means. */
export type PlanMeasure = "time" | "cost" | "rows" | "buffers";

export interface PlanNodeView {
  /** PostgreSQL's order; unique in a sheet. */
  readonly id: number;
  readonly parent?: number;
  /** 0 for the root. */
  readonly depth: number;
  /** "Hash Join". */
  readonly type: string;
  /** What comes behind the type: "using deals_pkey on deals d". */
  readonly about?: string;
  /** How it hangs on its parent, where that is no plain input: "CTE totals", "SubPlan 1". */
  readonly role?: string;
  readonly kind: PlanNodeKind;
  /** Milliseconds in all loops. */
  readonly time?: PlanShare;
  /** In PostgreSQL's unit, the read of one sequential block; of one loop. */
  readonly cost?: PlanShare & { readonly startup: number };
  /** Blocks of 8 kB, found and read. */
  readonly buffers?: PlanShare;
  readonly rows: PlanRows;
  /** Processes beside the first one. */
  readonly workers?: { readonly planned: number; readonly launched?: number };
  /** What PostgreSQL says of it, in its order. */
  readonly facts: readonly PlanFact[];
  /** The parts of the query that it carries out, in the statement's text. */
  readonly spans?: readonly PlanSpan[];
}

export type PlanNodeKind = "read" | "join" | "order" | "group" | "write" | "gather" | "other";

export interface PlanShare {
  /** Without what is below it. */
  readonly self: number;
  readonly total: number;
}

export interface PlanRows {
  /** Of one loop. */
  readonly estimated?: number;
  readonly width?: number;
  /** Average of one loop. */
  readonly actual?: number;
  /** 0 when it was never executed; undefined when the statement was not run. */
  readonly loops?: number;
  /** Rows that conditions threw away, in all loops. */
  readonly removed?: number;
}

export interface PlanFact {
  /** "Filter", "Sort Key", "Heap Fetches". */
  readonly name: string;
  readonly value: string;
}

/** UTF-16 units, half open. */
export interface PlanSpan {
  readonly start: number;
  readonly end: number;
}

export interface PlanTotals {
  readonly executionMs?: number;
  readonly planningMs?: number;
  readonly cost?: number;
  /** That the statement returned, or is expected to. */
  readonly rows?: number;
  readonly buffers?: PlanBuffers;
  readonly jit?: { readonly functions: number; readonly ms?: number };
  readonly triggers: readonly { readonly name: string; readonly relation?: string; readonly ms: number; readonly calls: number }[];
  readonly workers?: { readonly planned: number; readonly launched?: number };
  /** That differ from PostgreSQL's defaults. */
  readonly settings: readonly PlanFact[];
}

/** Blocks of 8 kB. */
export interface PlanBuffers {
  readonly hit: number;
  readonly read: number;
  readonly written: number;
  /** Read from and written to temporary files. */
  readonly temporary: number;
  /** Milliseconds of waiting for the disk, where track_io_timing is on. */
  readonly ms?: number;
}

/** One thing that a plan tells. */
export interface PlanInsight {
  /** "plan-seq-scan-selective". */
  readonly id: string;
  readonly severity: "warning" | "information";
  /** What is better, in general. */
  readonly summary: string;
  /** With the figures it rests on. */
  readonly message: string;
  /** What happens otherwise. */
  readonly why: string;
  /** Addresses of manual pages. */
  readonly sources: readonly string[];
  /** Of the node it is about; undefined for the whole plan. */
  readonly node?: number;
  readonly step?: PlanStep;
}

/** What to do next. */
export interface PlanStep {
  /** "Add an index on deals (status)". */
  readonly title: string;
  /** SQL to run, or a sentence where `isText`. */
  readonly text: string;
  readonly isText: boolean;
  /** That it can be written into the schema or a new migration: `planApply` takes it. */
  readonly index?: PlanIndex;
}

export interface PlanIndex {
  /** Undefined where the plan does not tell: the search path decides. */
  readonly schema?: string;
  readonly table: string;
  readonly columns: readonly string[];
}

// ---------------------------------------------------------------------------------------------------- two plans

/** Which node of one plan is which of another. */
export interface PlanPairing {
  /** Places in `PlanStatement.plans`. */
  readonly before: number;
  readonly after: number;
  readonly isSameShape: boolean;
  /** In the order of the later plan; what is gone stands at the end. */
  readonly pairs: readonly PlanPair[];
  readonly changes: readonly PlanChange[];
}

export interface PlanPair {
  readonly before?: number;
  readonly after?: number;
  readonly kind: "same" | "changed" | "added" | "removed";
  /** One fact each: "cost: 8412 → 9.3". */
  readonly changes: readonly string[];
}

/** Of the whole. */
export interface PlanChange {
  /** "Execution time". */
  readonly name: string;
  readonly unit: "ms" | "cost" | "blocks";
  readonly before: number;
  readonly after: number;
}

// ---------------------------------------------------------------------------------------------------- advice

/** Indexes for the query that were tried. */
export interface PlanAdvice {
  readonly state: "none" | "running" | "ready";
  readonly items: readonly AdviceItem[];
  /** What is being tried, or why there is nothing. */
  readonly message?: string;
}

export interface AdviceItem {
  readonly id: string;
  /** "deals (stage_id, closed_at)". */
  readonly title: string;
  /** CREATE INDEX …. */
  readonly sql: string;
  /** @@index(…), where Prisma can say it. */
  readonly prisma?: string;
  readonly costBefore: number;
  readonly costAfter: number;
  /** 0 where it is not known. */
  readonly sizeBytes: number;
  /** Other queries of the workspace. */
  readonly alsoGains: readonly { readonly name: string; readonly costBefore: number; readonly costAfter: number }[];
  /** In words: what INSERT and UPDATE pay for it. */
  readonly writeCost: string;
  /** In words: what was tried, and where. */
  readonly evidence: string;
}

// ---------------------------------------------------------------------------------------------------- view model

export interface PlanView {
  /** Grows with every change of what is shown. */
  readonly revision: number;
  /** What the panel is restored by. */
  readonly panel: string;
  /** "deals.sql:12". */
  readonly title: string;
  /** Whether it can be explained again, and whether it is written somewhere. */
  readonly can: { readonly explain: boolean; readonly reveal: boolean; readonly applyIndex: boolean };
  readonly target: PlanTarget;
  /** What is going on; what was shown before stays. */
  readonly activity?: { readonly message: string };
  /** Why there is no plan, or no newer one. */
  readonly problem?: PlanProblem;
  /** Nothing runs before it is answered. */
  readonly question?: PlanQuestion;
  /** Said of the whole: "3 statements; pages are cut in Node's memory". Whole sentences. */
  readonly notes: readonly string[];
  /** One, or those that a Prisma Client call becomes. */
  readonly statements: readonly PlanStatement[];
}

export interface PlanTarget {
  /** `text`: a plan that was pasted or opened; nothing can be run. */
  readonly kind: "scratch" | "connection" | "text";
  /** "scratch", "shop on db.example.com". */
  readonly label: string;
  readonly environment?: DatabaseEnvironment;
}

export interface PlanStatement {
  /** With $1, $2, …; empty where a plan came without its query. */
  readonly text: string;
  /** The same for queries that differ only in constants and white space. */
  readonly fingerprint?: string;
  readonly parameters: readonly PlanParameter[];
  /** The newest first place; others are for other values, or what it is compared with. */
  readonly plans: readonly PlanSheet[];
  /** Which of `plans` stand side by side, if any. */
  readonly pairing?: PlanPairing;
  /** Plans that were kept of this query, newest first. */
  readonly kept: readonly KeptPlan[];
  readonly advice: PlanAdvice;
  /** Why this one has no plan. */
  readonly problem?: PlanProblem;
}

export interface PlanParameter {
  /** n of its $n. */
  readonly number: number;
  /** `name` of `:name`, where the query calls it something. */
  readonly name?: string;
  /** As PostgreSQL prints it. */
  readonly type?: string;
  /** "deals.status", where it is compared with a column. */
  readonly column?: string;
  /** In PostgreSQL's text form; null is NULL, undefined is none given. */
  readonly value?: string | null;
  readonly suggestions: readonly PlanSuggestion[];
}

/** A value that a column holds, by its statistics. */
export interface PlanSuggestion {
  readonly value: string;
  readonly kind: "common" | "rare" | "guess";
  /** Of all rows, 0 to 1, where it is known. */
  readonly share?: number;
}

export interface PlanProblem {
  /** A whole sentence. */
  readonly message: string;
  /** DETAIL and HINT, or what to do next. */
  readonly hint?: string;
  /** Where in the statement's text. */
  readonly at?: number;
}

/** What a person has to agree to first. */
export interface PlanQuestion {
  readonly about: PlanConsent;
  /** Whole sentences. */
  readonly why: string;
  /** "Run and Roll Back". */
  readonly agree: string;
}

export type PlanConsent = "code" | "writes" | "production";

/** A plan of the same query from before. */
export interface KeptPlan {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** "scratch", "shop (production)". */
  readonly target: string;
  readonly title: string;
  readonly isAnalyzed: boolean;
  readonly cost?: number;
  readonly executionMs?: number;
  readonly nodes: number;
}

// ---------------------------------------------------------------------------------------------------- client and server

/** What panels with plans are to the editor: it restores them by this name. */
export const planPanelType = "databaseArchitect.plan";

/** What `.plan.json` files are opened with. */
export const planFileType = "databaseArchitect.planFile";

/** Commands of our client. The first takes a URI and an offset in the text, or a `PlanSubject`, as lenses give them. */
export const explainQuery = "databaseArchitect.explainQuery";
export const explainAnalyzeQuery = "databaseArchitect.explainAnalyzeQuery";

/** What is explained, or was. */
export type PlanSubject =
  /** The query at a place: what the text says there now. `end` for a selection. */
  | { readonly kind: "query"; readonly uri: string; readonly start: number; readonly end?: number; /** As it was last seen, to find it again. */ readonly text?: string }
  /** A text of its own, as PostgreSQL or a driver takes it. */
  | { readonly kind: "text"; readonly text: string; /** Whose schema it is about. */ readonly uri?: string; readonly title?: string }
  /** A plan that somebody brings along. */
  | { readonly kind: "plan"; readonly text: string; readonly title?: string; readonly query?: string };

/** Client to server: explains a subject that is no plan. Result: `PlanAnswer`. Canceling it stops the server's statement. */
export const planExplain = "databaseArchitect/plan/explain";

export interface PlanExplainParams {
  /** For `planProgress`. */
  readonly id: string;
  readonly subject: PlanSubject;
  readonly target: ConnectionTarget;
  /** Runs the statement. */
  readonly analyze: boolean;
  readonly consent: readonly PlanConsent[];
  /** By statement, for $1, $2, …; without them the plan is for no values in particular. */
  readonly values?: readonly (readonly (string | null)[] | null)[];
  /** Only this one of several statements. */
  readonly only?: number;
}

export type PlanAnswer =
  | { readonly kind: "plans"; readonly title: string; readonly target: PlanTarget; readonly statements: readonly PlanExplained[]; readonly notes: readonly string[] }
  | { readonly kind: "asks"; readonly question: PlanQuestion; readonly target: PlanTarget; readonly title: string }
  | { readonly kind: "failed"; readonly problem: PlanProblem; readonly target?: PlanTarget; readonly title?: string };

/** A statement as the server knows it: what is kept and chosen is the client's. */
export interface PlanExplained {
  readonly text: string;
  readonly fingerprint?: string;
  readonly parameters: readonly PlanParameter[];
  /** Empty where there is a problem. */
  readonly plans: readonly PlanSheet[];
  readonly problem?: PlanProblem;
}

/** Client to server: values of the parameters' columns, and plans for a common and a rare one where they differ. Result: `PlanValues`. */
export const planValues = "databaseArchitect/plan/values";

export interface PlanValuesParams {
  readonly id: string;
  readonly subject: PlanSubject;
  readonly target: ConnectionTarget;
  readonly consent: readonly PlanConsent[];
  /** Which of its statements. */
  readonly statement: number;
  /** The generic plan that was answered. */
  readonly source: string;
  /** Of parameters that have no statistics, as they were last given. */
  readonly values?: readonly (string | null)[];
}

export interface PlanValues {
  readonly parameters: readonly PlanParameter[];
  /** For a common and a rare value: two, or none where they are the same plan. */
  readonly plans: readonly PlanSheet[];
  readonly pairing?: PlanPairing;
  /** Insights of the generic plan, which the others may add to. */
  readonly insights: readonly PlanInsight[];
}

/** Client to server: reads a plan that somebody brings. Result: `PlanAnswer`. */
export const planRead = "databaseArchitect/plan/read";

export interface PlanReadParams {
  readonly text: string;
  readonly title?: string;
  readonly query?: string;
}

/** Client to server: two plans side by side. Result: `PlanCompared`. */
export const planCompare = "databaseArchitect/plan/compare";

export interface PlanCompareParams {
  readonly query: string;
  readonly before: { readonly title: string; readonly source: string };
  readonly after: { readonly title: string; readonly source: string };
}

export type PlanCompared =
  | { readonly ok: true; readonly plans: readonly [PlanSheet, PlanSheet]; readonly pairing: PlanPairing }
  | { readonly ok: false; readonly reason: string };

/** Client to server: a plan as a file. Result: the text. */
export const planSave = "databaseArchitect/plan/save";

export type PlanFileFormat = "text" | "json" | "markdown";

export interface PlanSaveParams {
  readonly source: string;
  readonly query: string;
  readonly format: PlanFileFormat;
}

/** Client to server: writes an index into the Prisma schema or a new migration, as one labelled `workspace/applyEdit`. Result: `PlanOutcome`. */
export const planApply = "databaseArchitect/plan/apply";

export interface PlanApplyParams {
  /** Whose project. */
  readonly uri: string;
  readonly index: PlanIndex;
}

/** Client to server: tries indexes for a statement. Result: `PlanAdvice`. */
export const planAdvise = "databaseArchitect/plan/advise";

export interface PlanAdviseParams {
  readonly id: string;
  readonly subject: PlanSubject;
  readonly target: ConnectionTarget;
  readonly consent: readonly PlanConsent[];
  readonly statement: number;
  readonly values?: readonly (string | null)[];
}

/** Client to server: writes an index that was tried, by the `id` of its item. Result: `PlanOutcome`. */
export const planApplyAdvice = "databaseArchitect/plan/applyAdvice";

export interface PlanApplyAdviceParams {
  readonly uri: string;
  readonly id: string;
}

/** Client to server: where a query is written. Result: `PlanPlace | null`. */
export const planPlace = "databaseArchitect/plan/place";

export interface PlanPlaceParams {
  readonly subject: PlanSubject;
  /** In the statement's text. */
  readonly at?: number;
}

export interface PlanPlace {
  readonly uri: string;
  /** Of the document, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** A refusal says why, for people. */
export type PlanOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Server to client, while it works on a request. */
export const planProgress = "databaseArchitect/plan/progress";

export interface PlanProgressParams {
  readonly id: string;
  /** "Building a scratch database". */
  readonly message: string;
}

// ---------------------------------------------------------------------------------------------------- view and host

/** What a view asks of its host. Parameters and results of a channel's methods follow from the signatures. */
export interface PlanHost {
  /** The first thing a view says; answered whenever it can be. */
  ready(): PlanView;
  /** Explains again, or runs it; for values where there are some. */
  explain(params: { readonly analyze: boolean; readonly statement: number; readonly values?: readonly (string | null)[] | undefined }): void;
  /** What was asked is agreed to, or not. */
  answer(params: { readonly about: PlanConsent; readonly agreed: boolean }): void;
  cancel(): void;
  chooseTarget(): void;
  /** The query where it is written; `at` in the statement's text. */
  reveal(params: { readonly statement: number; readonly at?: number | undefined }): void;
  /** A kept plan beside the one that is shown, or beside another kept one. */
  compare(params: { readonly statement: number; readonly before: string; readonly after?: string | undefined }): void;
  /** Ends a comparison. */
  single(statement: number): void;
  forget(params: { readonly statement: number; readonly id: string }): void;
  /** As a file or to the clipboard, as the person chooses; `plan` is a place in `PlanStatement.plans`. */
  save(params: { readonly statement: number; readonly plan: number }): void;
  copy(text: string): void;
  /** SQL in an editor of its own. */
  openSql(text: string): void;
  applyIndex(index: PlanIndex): PlanOutcome;
  /** Tries indexes for a statement; the answer comes as `show`. */
  advise(statement: number): void;
  applyAdvice(params: { readonly statement: number; readonly id: string }): PlanOutcome;
  openLink(address: string): void;
}

/** What a host tells its view. */
export interface PlanViewer {
  /** Replaces everything that was shown. */
  show(view: PlanView): void;
}
