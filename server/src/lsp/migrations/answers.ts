/**
 * What the server says about histories of migrations and does with them. Each question reads the files anew: what runs is
 * what is saved. Loaded when first asked.
 */
import type {
  CheckedMigrations,
  CreatedMigration,
  CreateMigrationParams,
  DriftScript,
  DriftScriptParams,
  FoundSeed,
  HistoryOnTarget,
  HistoryParams,
  MigrationProgress,
  MigrationStatusAnswer,
  MigrationStatusParams,
  PlannedRun,
  PlanRunParams,
  PreviewedMigration,
  ProveParams,
  ProvenMigrations,
  PulledSchema,
  PullParams,
  RanMigrations,
  ResolvedMigration,
  ResolveParams,
  RunAction,
  RunParams,
  SeededDatabase,
  SeedParams,
  SquashedMigrations,
  SquashParams,
  TableTimeline,
  TimelineParams,
} from "../../../../protocol/src/migrations.ts";
import { dirname } from "node:path";
import { type CreateInput, previewOf, proposeMigration } from "../../migrations/create.ts";
import { embeddedPlace, SpareDatabase } from "../../migrations/embeddedProof.ts";
import { filesOfNew } from "../../migrations/files.ts";
import { means } from "../../migrations/renames.ts";
import { findMigration, type MigrationFile } from "../../migrations/history.ts";
import type { KeptProof } from "../../migrations/keptProofs.ts";
import { type Proof, proofMarkdown, verdictText } from "../../migrations/proof.ts";
import { proveMigrations } from "../../migrations/prove.ts";
import { planApply, planDown, planTo, type RunPlan } from "../../migrations/run/plan.ts";
import { markApplied, markRolledBack, resolveFailed } from "../../migrations/run/resolve.ts";
import { planReset, reset } from "../../migrations/run/reset.ts";
import { carryOut, type RunOutcome } from "../../migrations/run/run.ts";
import type { Answer, RunContext } from "../../migrations/run/runContext.ts";
import { scriptFor } from "../../migrations/run/driftScript.ts";
import { readSituation } from "../../migrations/run/situation.ts";
import { timelineOf } from "../../migrations/timeline.ts";
import { earlierClients } from "../../migrations/earlierClients.ts";
import { queriesBeside } from "../../migrations/workspaceCalls.ts";
import { foldSql } from "../../model/fromSql.ts";
import { fromPrisma } from "../../model/fromPrisma.ts";
import { Places } from "../../model/places.ts";
import { uriOfPath } from "../../prisma/fileUris.ts";
import { SchemaEngine } from "../../prisma/schemaEngine.ts";
import { LineIndex } from "../../text/lineIndex.ts";
import { queryCompilerWorker, schemaEngineWorker, scratchAssets } from "../../workspace/assets.ts";
import { foldOptionsOf } from "../../workspace/check.ts";
import { filesBefore } from "../../workspace/revisionFiles.ts";
import { sendingOf } from "../../workspace/migrations.ts";
import { type OpenedServer, serverPlace } from "../../migrations/run/serverProof.ts";
import { type Opened, OpenedHistories, type OpenedHistoriesOptions } from "./openedHistories.ts";
import { pull, seed, seedOf, squash } from "./upkeep.ts";
import { checkMarkdown, failureView, planView, previewSql, progressOf, refusalOf, resetView, statusView } from "./views.ts";

export interface MigrationAnswersOptions extends OpenedHistoriesOptions {
  readonly tell: (progress: MigrationProgress) => void;
}

export class MigrationAnswers {
  readonly #options: MigrationAnswersOptions;
  readonly #engine = new SchemaEngine({ worker: schemaEngineWorker, assets: scratchAssets });
  readonly #histories: OpenedHistories;
  readonly #spare = new SpareDatabase();

  constructor(options: MigrationAnswersOptions) {
    this.#options = options;
    this.#histories = new OpenedHistories(options);
  }

  async close(): Promise<void> {
    await Promise.all([this.#engine.close(), this.#spare.close()]);
  }

  async status({ history: id, connection }: MigrationStatusParams, signal: AbortSignal): Promise<MigrationStatusAnswer> {
    const opened = await this.#histories.open(id);
    if (!opened.ok) return opened;
    const { history } = opened;
    const proofOf = ({ path, text }: MigrationFile): KeptProof | undefined => this.#options.serving.proofs.find(path, text);
    if (connection === undefined) return statusView(history, undefined, proofOf);
    const context = await this.#histories.context(opened, connection, signal);
    if (!context.ok) return context;
    const situation = await readSituation(context.value);
    return situation.ok ? statusView(history, situation.value, proofOf) : situation;
  }

  async driftScript({ id, how, ...target }: DriftScriptParams, signal: AbortSignal): Promise<DriftScript> {
    const context = await this.#histories.contextOf(target, signal);
    if (!context.ok) return context;
    const read = await readSituation(context.value);
    if (!read.ok) return read;
    const { drift, expected, live } = read.value;
    const item = drift.find((each) => each.id === id);
    if (item === undefined) return { ok: false, reason: "The database does not differ in this any more." };
    const { sql, notes } = how === "adopt" ? scriptFor(item, expected, live) : scriptFor(item, live, expected);
    const { place, migrations } = context.value.history;
    const back = scriptFor(item, live, expected).sql;
    const files = how === "adopt" ? filesOfNew(place, migrations.map(({ path }) => path), `adopt ${item.on ?? item.subject}`, new Date(), [{ suffix: "", up: sql, down: back }]) : [];
    return { ok: true, sql, notes, files: files.map(({ path, text }) => ({ uri: uriOfPath(path), text })) };
  }

  async timeline({ history: id, table }: TimelineParams): Promise<TableTimeline> {
    const opened = await this.#histories.open(id);
    if (!opened.ok) return { tables: [], entries: [] };
    const { history, project } = opened;
    const files = history.migrations.map(({ file }) => file);
    const { schema, changes } = foldSql(files, foldOptionsOf(project));
    const tables = [...schema.tables.keys()].sort();
    if (table === undefined) return { tables, entries: [] };
    const places = new Places(files);
    const nameOf = new Map(history.migrations.map(({ uri, name }) => [uri, name]));
    const lines = new Map(history.migrations.map(({ uri, text }) => [uri, new LineIndex(text)]));
    const entries = timelineOf(changes, schema, table).map(({ uri, at, changes: words }) => {
      const [origin] = at;
      const start = origin !== undefined && (origin.kind === "sql" || origin.kind === "prisma") ? places.span(origin).start : 0;
      return { migration: nameOf.get(uri) ?? uri, uri, line: lines.get(uri)?.position(start).line ?? 0, changes: words };
    });
    return { tables, entries };
  }

  async create(params: CreateMigrationParams): Promise<CreatedMigration> {
    const opened = await this.#histories.open(params.history);
    if (!opened.ok) return opened;
    const input = await this.#createInput(opened, {
      renamed: params.renamed.map(([from, to]) => ({ from, to })),
      dropped: params.dropped,
      inSteps: params.inSteps,
      ended: params.ended,
      reordered: params.reordered,
      filled: params.filled.map(([subject, sql]) => ({ subject, sql })),
    });
    if (!input.ok) return input;
    const proposal = proposeMigration({ ...input.value, isAlone: params.isAlone });
    if (proposal.kind === "questions") return { ok: true, kind: "questions", renames: proposal.candidates.map(({ kind, from, to, whyAtOnce = null }) => ({ kind, from, to, whyAtOnce })), fills: proposal.fills, names: [], orders: [] };
    // What has two names by this migration is not asked about.
    const names = proposal.inSteps.filter(({ from }) => [...params.kept, ...params.inSteps].every((name) => !means(name, from)));
    const orders = proposal.otherOrder.filter((type) => [...params.kept, ...params.reordered].every((name) => !means(name, type)));
    if (names.length + orders.length > 0) return { ok: true, kind: "questions", renames: [], fills: [], names: names.map(({ from, to }) => ({ from, to })), orders };
    if (proposal.kind === "nothing") return { ok: true, kind: "nothing" };
    const { place, migrations } = opened.history;
    const files = filesOfNew(place, migrations.map(({ path }) => path), params.name, new Date(), proposal.files);
    // What is there stays: Prisma's own note on the kind of database.
    const missing = files.filter(({ path }) => this.#options.files.stat(path) === "missing");
    return {
      ok: true,
      kind: "proposed",
      files: missing.map(({ path, text }) => ({ uri: uriOfPath(path), text })),
      losses: proposal.upRisks.filter(({ kind }) => kind === "loses data").map(({ message }) => message),
      notes: [
        ...proposal.upRisks.filter(({ kind }) => kind !== "loses data").map(({ message }) => message),
        ...proposal.downRisks.map((message) => `Way back: ${message}`),
        ...proposal.upGaps,
        ...proposal.downGaps,
        ...(proposal.kept.length === 0 ? [] : [`Kept, though the schema does not say it: ${proposal.kept.join(", ")}.`]),
        ...proposal.inSteps.map(({ text }) => `${text} Create Migration asks when that ends.`),
      ],
    };
  }

  async preview({ history: id }: HistoryParams): Promise<PreviewedMigration> {
    const opened = await this.#histories.open(id);
    if (!opened.ok) return opened;
    const input = await this.#createInput(opened, { renamed: [], dropped: [], filled: [] });
    return input.ok ? { ok: true, sql: previewSql(previewOf(input.value)) } : input;
  }

  async check({ history: id }: HistoryParams): Promise<CheckedMigrations> {
    const opened = await this.#histories.open(id);
    if (!opened.ok) return opened;
    return await checkMarkdown(opened.history, opened.project.schemaUris, opened.snapshot);
  }

  async prove({ history: id, names, operation, connection }: ProveParams, signal: AbortSignal): Promise<ProvenMigrations> {
    const opened = await this.#histories.open(id);
    if (!opened.ok) return opened;
    const { history, project, checked } = opened;
    const wanted = names.length === 0 ? history.migrations : names.flatMap((name) => findMigration(history, name) ?? []);
    if (wanted.length === 0) return { ok: false, reason: names.length === 0 ? `There is no migration in ${history.place.root} as yet.` : `There is no migration ${names.join(", ")}.` };
    const server = connection === undefined ? undefined : await this.#serverOf(opened, connection, signal);
    if (server?.ok === false) return server;
    const proofs: Proof[] = [];
    const tell = (): void => this.#options.tell({ operation, message: wanted[proofs.length]?.name ?? "", done: proofs.length / wanted.length });
    tell();
    const scratch = this.#histories.scratch();
    const root = project.prisma?.root ?? dirname(history.place.root);
    const beside = { root, except: history.place.root, schema: checked.prismaFiles, host: this.#options.files };
    const compiler = { worker: queryCompilerWorker, assets: scratchAssets };
    const queries = await queriesBeside(beside, compiler, signal);
    const earlier = earlierClients(history.migrations, beside, filesBefore, compiler, signal);
    // One that is proven alone is likely to be edited and proven again.
    const place = server?.place ?? (wanted.length === 1 ? embeddedPlace(scratch, this.#spare) : undefined);
    for await (const proof of proveMigrations(history.migrations, new Set(wanted), { scratch, place, queries, earlier, foldOptions: foldOptionsOf(project), signal })) {
      this.#options.serving.proofs.keep(proof);
      proofs.push(proof);
      tell();
    }
    if (signal.aborted) return { ok: false, reason: `Canceled; ${proofs.length === 0 ? "nothing was proven" : `${proofs.length} of ${wanted.length} were proven`}.` };
    return {
      ok: true,
      proofs: proofs.map((proof) => ({ name: proof.migration, verdict: proof.verdict, text: verdictText(proof) })),
      markdown: `# Migrations, proven\n\n${proofs.map(proofMarkdown).join("\n")}`,
    };
  }

  /** Where a proof makes a database of its own, and drops it. */
  async #serverOf(opened: Opened, connection: string, signal: AbortSignal): Promise<OpenedServer> {
    const context = await this.#histories.context(opened, connection, signal);
    if (!context.ok) return context;
    const { settings, environment } = context.value;
    if (environment === "production") return { ok: false, reason: "A proof makes a database on the server, fills it and drops it again, and this one is production's. Choose another server, or the embedded PostgreSQL." };
    return serverPlace(settings);
  }

  async plan({ history, connection, action, operation }: PlanRunParams, signal: AbortSignal): Promise<PlannedRun> {
    if (action.run === "reset") {
      const context = await this.#histories.contextOf({ history, connection }, signal);
      const reset = context.ok ? await planReset(context.value) : context;
      return reset.ok ? { ok: true, plan: resetView(reset.value) } : refusalOf(reset);
    }
    const planned = await this.#planned(history, connection, action, operation, signal);
    return planned.ok ? { ok: true, plan: planView(planned.value.plan) } : refusalOf(planned);
  }

  async run({ history, connection, action, consent, operation }: RunParams, signal: AbortSignal): Promise<RanMigrations> {
    const outcome = await (action.run === "reset" ? this.#reset({ history, connection }, consent.reset ?? "", operation, signal) : this.#carriedOut({ history, connection, action, consent, operation }, action, signal));
    if (!outcome.ok) return outcome;
    return outcome.value.ok ? { ok: true, done: outcome.value.done } : { ok: true, done: outcome.value.done, failure: failureView(outcome.value.failure) };
  }

  async resolve({ how, name, isThrough, operation, ...target }: ResolveParams, signal: AbortSignal): Promise<ResolvedMigration> {
    const context = await this.#histories.contextOf(target, signal);
    if (!context.ok) return context;
    const watching = { signal, onEvent: (event: Parameters<typeof progressOf>[0]) => this.#tell(operation, event, undefined) };
    if (how !== "failed" && name === undefined) return { ok: false, reason: "Which migration?" };
    const resolved = await (how === "failed" ? resolveFailed(context.value, name, watching) : how === "markApplied" ? markApplied(context.value, name ?? "", { isThrough: isThrough ?? false }, watching) : markRolledBack(context.value, name ?? "", watching));
    if (!resolved.ok) return resolved;
    const { told, outcome } = resolved.value;
    return { ok: true, told, ...(outcome === undefined || outcome.ok ? {} : { failure: failureView(outcome.failure) }) };
  }

  squash(params: SquashParams): Promise<SquashedMigrations> {
    return squash(params, this.#histories);
  }

  pull(params: PullParams, signal: AbortSignal): Promise<PulledSchema> {
    return pull(params, this.#histories, this.#engine, signal);
  }

  findSeed({ history }: HistoryParams): Promise<FoundSeed> {
    return seedOf(history, this.#histories, this.#options.files);
  }

  seed(params: SeedParams, signal: AbortSignal): Promise<SeededDatabase> {
    return seed(params, this.#histories, this.#options, signal);
  }

  async #carriedOut({ history, connection, consent, operation }: RunParams, action: PlannedAction, signal: AbortSignal): Promise<Answer<RunOutcome>> {
    const planned = await this.#planned(history, connection, action, operation, signal);
    if (!planned.ok) return planned;
    const { context, plan } = planned.value;
    return carryOut(context, plan, consent, { signal, onEvent: (event) => this.#tell(operation, event, plan) });
  }

  async #reset(target: HistoryOnTarget, confirmed: string, operation: number, signal: AbortSignal): Promise<Answer<RunOutcome>> {
    const context = await this.#histories.contextOf(target, signal);
    if (!context.ok) return context;
    const plan = await planReset(context.value);
    return plan.ok ? reset(context.value, plan.value, confirmed, { signal, onEvent: (event) => this.#tell(operation, event, undefined) }) : plan;
  }

  async #planned(history: string, connection: string, action: PlannedAction, operation: number, signal: AbortSignal): Promise<Answer<{ readonly context: RunContext; readonly plan: RunPlan }>> {
    const context = await this.#histories.contextOf({ history, connection }, signal);
    if (!context.ok) return context;
    this.#options.tell({ operation, message: action.run === "apply" ? "Looking at the database" : "Looking at the database, and proving the way back" });
    const plan = await (action.run === "apply" ? planApply(context.value, { to: action.to }) : action.run === "down" ? planDown(context.value, { count: action.count }) : planTo(context.value, action.name));
    return plan.ok ? { ok: true, value: { context: context.value, plan: plan.value } } : plan;
  }

  async #createInput({ project, checked, history }: Opened, answers: CreateInput["answers"]): Promise<Answer<CreateInput>> {
    if (checked.prismaFiles.length === 0)
      return { ok: false, reason: `There is no Prisma schema beside ${history.place.root} to compare the migrations with: write the migration by hand, and its way back beside it.` };
    const [broken] = history.complaints.filter(({ severity }) => severity === "error");
    if (broken !== undefined) return { ok: false, reason: `The history cannot be read as it is: mend it first. ${broken.path}${broken.line === undefined ? "" : `:${broken.line}`} ${broken.message}` };
    const script = await this.#engine.script(undefined, checked.prismaFiles.map(({ uri, text }) => [uri, text] as const));
    if (!script.ok) return { ok: false, reason: `Prisma does not take the schema: ${script.reason}` };
    return {
      ok: true,
      value: {
        prisma: fromPrisma(checked.prismaFiles, { major: project.major }),
        history: history.migrations.map(({ file }) => file),
        foldOptions: foldOptionsOf(project),
        engineSql: script.sql,
        answers,
        sending: sendingOf(project, history.migrations.at(-1)?.uri ?? "", ""),
      },
    };
  }

  #tell(operation: number, event: Parameters<typeof progressOf>[0], plan: RunPlan | undefined): void {
    this.#options.tell({ operation, ...progressOf(event, plan) });
  }
}

type PlannedAction = Exclude<RunAction, { readonly run: "reset" }>;
