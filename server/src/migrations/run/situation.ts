/** Everything about one history in one database, read at one time: what commands, views and plans go by. Changes nothing. */
import { foldSql } from "../../model/fromSql.ts";
import type { Schema } from "../../model/schema.ts";
import type { MigrationFile } from "../history.ts";
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
  /** Schemas that no migration has to do with: others may keep theirs in the same database. What is in them is no drift. */
  readonly otherSchemas: readonly string[];
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
  const fold = (files: readonly MigrationFile[]): Schema => foldSql(files.map(({ file }) => file), { ...foldOptions, changesIn: new Set() }).schema;
  const expected = fold(applied);
  const made = applied.length === context.history.migrations.length ? expected : fold(context.history.migrations);
  const others = otherSchemas(live, [expected, made], schema, foldOptions.externalSchemas ?? []);
  const failed = standings.filter(({ state }) => state === "failed");
  const diagnoses = failed.map((standing) => diagnose({ standing, before: applied, live, foldOptions }));
  const drift = driftBetween(expected, live, store, others);
  const own = comparable(live, store, others);
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
    otherSchemas: others,
    diagnoses,
    running: running.filter(({ pid }) => pid !== session.backend),
    strangers: exists ? [] : [...own.tables.keys(), ...own.views.keys()],
  };
}

function otherSchemas(live: Schema, histories: readonly Schema[], usual: string, external: readonly string[]): readonly string[] {
  const own = new Set([usual]);
  for (const { tables, views, enums, domains, routines, sequences, namespaces } of histories) {
    for (const { schema } of [tables, views, enums, domains, routines, sequences].flatMap((each) => [...each.values()])) own.add(schema);
    for (const name of namespaces.keys()) if (name !== "public") own.add(name);
  }
  const there = [live.tables, live.views, live.enums, live.domains, live.routines, live.sequences].flatMap((each) => [...each.values()].map(({ schema }) => schema));
  return [...new Set([...external, ...[...live.namespaces.keys(), ...there].filter((name) => !own.has(name))])].sort();
}

function doubtsOf(standings: readonly MigrationStanding[]): readonly string[] {
  return standings.flatMap(({ name, state }) => {
    if (state === "edited") return [`${name} was edited after it ran: what it made then is not known.`];
    if (state === "missing") return [`${name} ran, and its file is missing: what it made is taken for drift.`];
    if (state === "failed") return [`${name} did not end: what it has made so far is taken for drift.`];
    return [];
  });
}
