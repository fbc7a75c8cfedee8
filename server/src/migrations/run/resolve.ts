/**
 * What to do about a migration that began and did not end, and marks that a person sets: as applied, as rolled back. The
 * step that fits is found again under the lock, from what the database says then; nothing is ever resolved by itself.
 */
import { findMigration } from "../history.ts";
import type { Diagnosis } from "./diagnose.ts";
import { noSuch } from "./plan.ts";
import { progressOf } from "./records.ts";
import { lockedTarget, type RunOutcome, type Watching } from "./run.ts";
import type { Answer, OpenTarget, RunContext } from "./runContext.ts";
import { runFile } from "./runFile.ts";
import { situationOf } from "./situation.ts";
import { replacedBy } from "./squash.ts";
import { isInDatabase, standingsOf } from "./standing.ts";

export interface Resolved {
  /** What was done, in sentences. */
  readonly told: readonly string[];
  /** Of what ran, where something did. */
  readonly outcome: RunOutcome | undefined;
}

/** Does what the diagnosis of a failed migration says; refuses where that is to ask a person. */
export function resolveFailed(context: RunContext, name: string | undefined, watching: Watching = {}): Promise<Answer<Resolved>> {
  return lockedTarget<Resolved>(context, watching, async (target, send) => {
    const { session, store, schema } = target;
    const situation = await situationOf(target, context);
    const { diagnoses, standings } = situation;
    const diagnosis = name === undefined ? diagnoses[0] : diagnoses.find((each) => each.migration === (findMigration(context.history, name)?.name ?? name));
    if (diagnosis === undefined) return { ok: false, reason: name === undefined ? "No migration has failed: there is nothing to resolve." : `${name} has not failed: there is nothing to resolve.` };
    const standing = standings.find((each) => each.name === diagnosis.migration);
    const { migration, record } = standing ?? {};
    if (diagnosis.step.do === "ask" || migration === undefined || record === undefined) return { ok: false, reason: `${diagnosis.summary} migrate resolve --applied ${diagnosis.migration}, or --rolled-back ${diagnosis.migration}.` };
    if (diagnosis.step.do === "retry") {
      await inOne(target, () => store.markRolledBack(session, migration.name));
      return { ok: true, value: { told: [`${migration.name} counts as rolled back, and runs again with migrate apply.`], outcome: undefined } };
    }
    const direction = progressOf(record)?.direction ?? diagnosis.direction;
    const listen = watching.onEvent ?? ((): void => undefined);
    const outcome = await runFile({ session, store, migration, direction, schema, signal: watching.signal, listen, send, resumed: { id: record.id, done: diagnosis.step.from } });
    if (!outcome.ok) return { ok: true, value: { told: [], outcome: { ok: false, done: [], failure: outcome.failure } } };
    return { ok: true, value: { told: [`${migration.name} is ${direction === "up" ? "applied" : "rolled back"}.`], outcome: { ok: true, done: [migration.name] } } };
  });
}

/** As `prisma migrate resolve --applied`: nothing runs. `isThrough`: with all that stand before it, as for a database that was there first. */
export function markApplied(context: RunContext, name: string, { isThrough = false }: { readonly isThrough?: boolean } = {}, watching: Watching = {}): Promise<Answer<Resolved>> {
  return lockedTarget<Resolved>(context, watching, async (target) => {
    const { session, store } = target;
    const migration = findMigration(context.history, name);
    if (migration === undefined) return { ok: false, reason: noSuch(name, context) };
    const all = context.history.migrations;
    const wanted = isThrough ? all.slice(0, all.indexOf(migration) + 1) : [migration];
    return inOne<Answer<Resolved>>(target, async () => {
      await store.prepare(session);
      const standings = standingsOf(all, (await store.read(session)).records);
      const open = wanted.filter((each) => standings.some((standing) => standing.migration === each && !isInDatabase(standing)));
      if (open.length === 0) return { ok: false, reason: `${migration.name} is marked as applied already.` };
      const told: string[] = [];
      for (const each of open) {
        await store.markApplied(session, each);
        told.push(`${each.name} is marked as applied; nothing ran.`);
        const replaced = replacedBy(each).filter((old) => standings.some((standing) => standing.name === old && standing.state === "missing"));
        for (const old of replaced) await store.markRolledBack(session, old);
        if (replaced.length > 0) told.push(`It stands for ${replaced.length === 1 ? "1 migration" : `${replaced.length} migrations`} whose files are gone: they do not count any more.`);
      }
      return { ok: true, value: { told, outcome: undefined } };
    });
  });
}

/** As `prisma migrate resolve --rolled-back`, and for one that did end too: nothing runs. */
export function markRolledBack(context: RunContext, name: string, watching: Watching = {}): Promise<Answer<Resolved>> {
  return lockedTarget<Resolved>(context, watching, async (target) => {
    const { session, store } = target;
    const known = findMigration(context.history, name)?.name ?? name;
    return inOne<Answer<Resolved>>(target, async () => {
      const { exists, records } = await store.read(session);
      const standing = standingsOf(context.history.migrations, records).find((each) => each.name === known);
      if (!exists || standing === undefined || (!isInDatabase(standing) && standing.state !== "failed")) return { ok: false, reason: `${known} is not in this database: there is nothing to mark as rolled back.` };
      await store.markRolledBack(session, known);
      return { ok: true, value: { told: [`${known} is marked as rolled back; nothing ran. It is pending again if its file is there.`], outcome: undefined } };
    });
  });
}

/** What was read and what is to be done about it, for people to choose from. */
export function choicesFor({ step, migration }: Diagnosis): readonly string[] {
  const marks = [`migrate resolve --applied ${migration}`, `migrate resolve --rolled-back ${migration}`];
  return step.do === "ask" ? marks : ["migrate resolve --yes"];
}

async function inOne<T>({ session }: OpenTarget, use: () => Promise<T>): Promise<T> {
  await session.send("BEGIN");
  try {
    const result = await use();
    await session.send("COMMIT");
    return result;
  } catch (error) {
    await session.send("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

