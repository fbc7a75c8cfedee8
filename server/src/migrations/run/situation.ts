/** Everything about one history in one database, read at one time: what commands, views and plans go by. Changes nothing. */
import { foldSql } from "../../model/fromSql.ts";
import type { Schema } from "../../model/schema.ts";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import { comparable, type DriftItem, driftBetween } from "./drift.ts";
import { factsOf, liveSchema, type ServerFacts } from "./facts.ts";
import { type Holder, lockHolders } from "./advisoryLock.ts";
import { type Answer, foldOptionsFor, type OpenTarget, type RunContext, withTarget } from "./runContext.ts";
import { appliedOf, type MigrationStanding, standingsOf } from "./standing.ts";

export interface Situation {
  readonly facts: ServerFacts;
  /** Where the database keeps its history. */
  readonly table: string;
  /** The schema that names without one lead to. */
  readonly schema: string;
  readonly hasTable: boolean;
  readonly standings: readonly MigrationStanding[];
  readonly live: Schema;
  /** What the applied migrations make, as their files are now. */
  readonly expected: Schema;
  readonly drift: readonly DriftItem[];
  /** Why the drift may be another: an applied migration was edited, is missing or is half done. */
  readonly driftDoubts: readonly string[];
  /** One for each migration that failed. */
  readonly diagnoses: readonly Diagnosis[];
  /** Runs under way elsewhere. */
  readonly running: readonly Holder[];
  /** Tables and views that nobody's history is known to have made; only where there is no history. */
  readonly strangers: readonly string[];
}

export function readSituation(context: RunContext): Promise<Answer<Situation>> {
  return withTarget(context, async (target) => ({ ok: true, value: await situationOf(target, context) }));
}

export async function situationOf({ session, store, schema }: OpenTarget, context: RunContext): Promise<Situation> {
  const facts = await factsOf(session, context);
  const running = await lockHolders(session);
  const { exists, records } = await store.read(session);
  const live = await liveSchema(context);
  const standings = standingsOf(context.history.migrations, records);
  const foldOptions = foldOptionsFor(context);
  const applied = appliedOf(standings).flatMap(({ migration }) => migration ?? []);
  const external = foldOptions.externalSchemas ?? [];
  const expected = foldSql(applied.map(({ file }) => file), { ...foldOptions, changesIn: new Set() }).schema;
  const failed = standings.filter(({ state }) => state === "failed");
  const diagnoses = failed.map((standing) => diagnose({ standing, before: applied, live, foldOptions }));
  const drift = driftBetween(expected, live, store, external);
  const own = comparable(live, store, external);
  return {
    facts,
    table: store.table,
    schema,
    hasTable: exists,
    standings,
    live,
    expected,
    drift,
    driftDoubts: doubtsOf(standings),
    diagnoses,
    running: running.filter(({ pid }) => pid !== session.backend),
    strangers: exists ? [] : [...own.tables.keys(), ...own.views.keys()],
  };
}

function doubtsOf(standings: readonly MigrationStanding[]): readonly string[] {
  return standings.flatMap(({ name, state }) => {
    if (state === "edited") return [`${name} was edited after it ran: what it made then is not known.`];
    if (state === "missing") return [`${name} ran, and its file is missing: what it made is taken for drift.`];
    if (state === "failed") return [`${name} did not end: what it has made so far is taken for drift.`];
    return [];
  });
}
