/** What `migrations.ts` says, as shapes to parse messages with: nothing from another process is believed to be what it should be. */
import * as v from "valibot";
import type {
  CheckedMigrations,
  CreatedMigration,
  CreateMigrationParams,
  DriftScript,
  DriftScriptParams,
  FoundSeed,
  HistoryParams,
  MigrationHistoryListing,
  MigrationProgress,
  MigrationRefusal,
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
  RunParams,
  SeededDatabase,
  SeedParams,
  SquashedMigrations,
  SquashParams,
  TableTimeline,
  TimelineParams,
} from "./migrations.ts";

const text = v.string();
const texts = v.array(text);
const count = v.pipe(v.number(), v.safeInteger());
const environment = v.picklist(["development", "staging", "production"]);
const maybeText = v.nullable(text);
const refusal: v.GenericSchema<unknown, MigrationRefusal> = v.object({ ok: v.literal(false), reason: text });
const verdict = { verdict: v.picklist(["proven", "up only", "failed", "not run"]), text };
const pairs = v.array(v.tuple([text, text]));

// ---------------------------------------------------------------------------------------------------- what the client sends

const history = { history: text };
const onTarget = { ...history, connection: text };
const operation = { operation: count };
const action = v.variant("run", [
  v.object({ run: v.literal("apply"), to: v.optional(text) }),
  v.object({ run: v.literal("down"), count: v.pipe(count, v.minValue(1)) }),
  v.object({ run: v.literal("to"), name: text }),
  v.object({ run: v.literal("reset") }),
]);
const consent = v.object({ production: v.optional(text), reset: v.optional(text), loss: v.optional(v.boolean()), otherObjects: v.optional(v.boolean()), unproven: v.optional(v.boolean()) });

export const historyParamsShape: v.GenericSchema<unknown, HistoryParams> = v.object(history);
export const statusParamsShape: v.GenericSchema<unknown, MigrationStatusParams> = v.object({ ...history, connection: v.optional(text) });
export const timelineParamsShape: v.GenericSchema<unknown, TimelineParams> = v.object({ ...history, table: v.optional(text) });
export const driftScriptParamsShape: v.GenericSchema<unknown, DriftScriptParams> = v.object({ ...onTarget, id: text, how: v.picklist(["adopt", "revert"]) });
export const createParamsShape: v.GenericSchema<unknown, CreateMigrationParams> = v.object({
  ...history,
  name: text,
  renamed: pairs,
  dropped: texts,
  inSteps: texts,
  ended: texts,
  reordered: texts,
  kept: texts,
  filled: pairs,
  isAlone: v.boolean(),
});
export const proveParamsShape: v.GenericSchema<unknown, ProveParams> = v.object({ ...history, ...operation, names: texts, connection: v.optional(text) });
export const planParamsShape: v.GenericSchema<unknown, PlanRunParams> = v.object({ ...onTarget, ...operation, action });
export const runParamsShape: v.GenericSchema<unknown, RunParams> = v.object({ ...onTarget, ...operation, action, consent });
export const resolveParamsShape: v.GenericSchema<unknown, ResolveParams> = v.object({
  ...onTarget,
  ...operation,
  how: v.picklist(["failed", "markApplied", "markRolledBack"]),
  name: v.optional(text),
  isThrough: v.optional(v.boolean()),
});
export const squashParamsShape: v.GenericSchema<unknown, SquashParams> = v.object({ ...history, to: v.optional(text) });
export const pullParamsShape: v.GenericSchema<unknown, PullParams> = v.object(onTarget);
export const seedParamsShape: v.GenericSchema<unknown, SeedParams> = v.object({ ...onTarget, ...operation, production: v.optional(text) });

// ---------------------------------------------------------------------------------------------------- what the server answers

export const historiesShape: v.GenericSchema<unknown, readonly MigrationHistoryListing[]> = v.array(
  v.object({ id: text, name: text, kind: v.picklist(["prisma", "supabase", "numbered"]), migrations: count, hasSchema: v.boolean() }),
);

const row = v.object({
  name: text,
  state: v.picklist(["unknown", "applied", "pending", "failed", "edited", "missing", "rolled back"]),
  uri: maybeText,
  downUri: maybeText,
  finishedAt: maybeText,
  durationMs: v.nullable(v.number()),
  isOutOfOrder: v.boolean(),
  failure: maybeText,
  statements: texts,
  proof: v.nullable(v.object(verdict)),
  complaints: texts,
});

export const statusShape: v.GenericSchema<unknown, MigrationStatusAnswer> = v.variant("ok", [
  v.object({
    ok: v.literal(true),
    migrations: v.array(row),
    notes: texts,
    database: v.optional(
      v.object({
        target: text,
        environment,
        drift: v.array(v.object({ id: text, what: v.picklist(["missing", "extra", "different"]), text, on: maybeText })),
        doubts: texts,
      }),
    ),
  }),
  v.object({ ok: v.literal(false), reason: text }),
]);

export const timelineShape: v.GenericSchema<unknown, TableTimeline> = v.object({
  tables: texts,
  entries: v.array(v.object({ migration: text, uri: text, line: count, changes: texts })),
});

const proposedFiles = v.array(v.object({ uri: text, text }));

export const driftScriptShape: v.GenericSchema<unknown, DriftScript> = v.union([v.object({ ok: v.literal(true), sql: text, notes: texts, files: proposedFiles }), refusal]);

export const createdShape: v.GenericSchema<unknown, CreatedMigration> = v.union([
  v.object({ ok: v.literal(true), kind: v.literal("nothing") }),
  v.object({
    ok: v.literal(true),
    kind: v.literal("questions"),
    renames: v.array(v.object({ kind: text, from: text, to: text, whyAtOnce: maybeText })),
    fills: v.array(v.object({ subject: text, type: text })),
    names: v.array(v.object({ from: text, to: text })),
    orders: texts,
  }),
  v.object({ ok: v.literal(true), kind: v.literal("proposed"), files: proposedFiles, notes: texts, losses: texts }),
  refusal,
]);

export const previewedShape: v.GenericSchema<unknown, PreviewedMigration> = v.union([v.object({ ok: v.literal(true), sql: text }), refusal]);

export const checkedShape: v.GenericSchema<unknown, CheckedMigrations> = v.union([v.object({ ok: v.literal(true), found: count, markdown: text }), refusal]);

export const provenShape: v.GenericSchema<unknown, ProvenMigrations> = v.union([
  v.object({ ok: v.literal(true), proofs: v.array(v.object({ name: text, ...verdict })), markdown: text }),
  refusal,
]);

export const progressShape: v.GenericSchema<unknown, MigrationProgress> = v.object({
  ...operation,
  message: text,
  done: v.optional(v.number()),
  isLasting: v.optional(v.boolean()),
});

const question = v.variant("ask", [
  v.object({ ask: v.picklist(["production", "reset"]), message: text, database: text }),
  v.object({ ask: v.picklist(["loss", "otherObjects", "unproven"]), message: text }),
]);

export const plannedShape: v.GenericSchema<unknown, PlannedRun> = v.union([
  v.object({
    ok: v.literal(true),
    plan: v.object({
      direction: v.picklist(["up", "down", "reset"]),
      target: text,
      environment,
      migrations: v.array(v.object({ name: text, uri: text, statements: count, isOne: v.boolean(), proof: maybeText })),
      obstacles: v.array(v.object({ message: text, uri: maybeText, line: v.nullable(count) })),
      questions: v.array(question),
      locks: texts,
      notes: texts,
      markdown: text,
    }),
  }),
  refusal,
]);

const failure = v.optional(v.object({ migration: text, uri: text, line: count, message: text, state: text, next: text, wasCanceled: v.boolean() }));

export const ranShape: v.GenericSchema<unknown, RanMigrations> = v.union([v.object({ ok: v.literal(true), done: texts, failure }), refusal]);
export const resolvedShape: v.GenericSchema<unknown, ResolvedMigration> = v.union([v.object({ ok: v.literal(true), told: texts, failure }), refusal]);

export const squashedShape: v.GenericSchema<unknown, SquashedMigrations> = v.union([
  v.object({ ok: v.literal(true), name: text, replaced: texts, files: proposedFiles, removes: texts, notes: texts }),
  refusal,
]);
export const pulledShape: v.GenericSchema<unknown, PulledSchema> = v.union([v.object({ ok: v.literal(true), files: v.array(v.object({ uri: maybeText, text })), notes: texts }), refusal]);
export const foundSeedShape: v.GenericSchema<unknown, FoundSeed> = v.union([v.object({ ok: v.literal(true), kind: v.picklist(["command", "sql"]), what: text, statedIn: text }), refusal]);
export const seededShape: v.GenericSchema<unknown, SeededDatabase> = v.union([v.object({ ok: v.literal(true) }), refusal]);
