/**
 * A development database emptied and built again from its migrations. Refused on anything else, and without the name of the
 * database typed; schemas that no migration has to do with stay as they are.
 */
import * as v from "valibot";
import type { MigrationSession } from "../../database/migrationSession.ts";
import { foldSql } from "../../model/fromSql.ts";
import { quoteIdentifier } from "../../model/names.ts";
import { sizeText, type Obstacle, obstaclesOfFiles, obstaclesOfServer } from "./flight.ts";
import { ownSchema } from "./records.ts";
import { lockedTarget, runAll, type RunOutcome, type Watching } from "./run.ts";
import { type Answer, foldOptionsFor, type RunContext, withTarget } from "./runContext.ts";
import { type Situation, situationOf } from "./situation.ts";

export interface ResetPlan {
  readonly situation: Situation;
  /** Everything in them goes. */
  readonly schemas: readonly string[];
  /** Migrations that run then. */
  readonly migrations: readonly string[];
  readonly obstacles: readonly Obstacle[];
  /** What is to be typed, and why. */
  readonly question: { readonly database: string; readonly message: string };
  /** In sentences. */
  readonly notes: readonly string[];
}

export function planReset(context: RunContext): Promise<Answer<ResetPlan>> {
  return withTarget(context, async (target) => {
    const situation = await situationOf(target, context);
    const { facts } = situation;
    const schemas = schemasOf(context, situation);
    const going = [...facts.tables].filter(([key]) => schemas.some((schema) => key.startsWith(`${schema}.`)));
    const bytes = going.reduce((sum, [, table]) => sum + table.bytes, 0);
    const rows = going.reduce((sum, [, table]) => sum + (table.rows ?? 0), 0);
    const obstacles: Obstacle[] = [...obstaclesOfServer(facts), ...obstaclesOfFiles(context.history, context.history.migrations, "up")];
    if (facts.environment !== "development") obstacles.push({ code: "not-development", message: `${facts.target} is no development database (${facts.environment}: ${facts.because}), and a reset empties it. Nothing is done.`, path: undefined, line: undefined });
    const others = [...facts.canCreateIn.keys()].filter((schema) => !schemas.includes(schema));
    return {
      ok: true,
      value: {
        situation,
        schemas,
        migrations: context.history.migrations.map(({ name }) => name),
        obstacles,
        question: { database: facts.database, message: `Everything in ${schemas.join(", ")} of ${facts.target} goes: ${going.length === 1 ? "1 table" : `${going.length} tables`}${going.length === 0 ? "" : `, about ${sizeText({ rows, bytes })}`}.` },
        notes: others.length === 0 ? [] : [`Stays as it is: ${others.length === 1 ? "the schema" : "the schemas"} ${others.join(", ")}.`],
      },
    };
  });
}

/** `confirmed`: the database's name as it was typed. */
export function reset(context: RunContext, plan: ResetPlan, confirmed: string, watching: Watching = {}): Promise<Answer<RunOutcome>> {
  const [obstacle] = plan.obstacles;
  if (obstacle !== undefined) return Promise.resolve({ ok: false, reason: obstacle.message });
  if (confirmed !== plan.question.database) return Promise.resolve({ ok: false, reason: `${plan.question.message} The name of the database, ${plan.question.database}, was not typed.` });
  return lockedTarget<RunOutcome>(context, watching, async (target, send) => {
    await empty(target.session, plan.schemas, extensionsOf(context));
    watching.onEvent?.({ kind: "emptied", schemas: plan.schemas });
    return runAll(target, context, context.history.migrations, "up", watching, send);
  });
}

/** Where the migrations make something, and where their history is kept. */
function schemasOf(context: RunContext, { facts, table }: Situation): readonly string[] {
  const options = foldOptionsFor(context);
  const made = foldSql(context.history.migrations.map(({ file }) => file), { ...options, changesIn: new Set() }).schema;
  const external = new Set(options.externalSchemas ?? []);
  const names = new Set([options.defaultSchema ?? "public", ownSchema, table.split(".", 1)[0] ?? ""]);
  for (const { schema } of [...made.tables.values(), ...made.views.values(), ...made.enums.values(), ...made.domains.values(), ...made.routines.values()]) names.add(schema);
  for (const name of made.namespaces.keys()) names.add(name);
  return [...names].filter((name) => facts.canCreateIn.has(name) && (!external.has(name) || table.startsWith(`${name}.`))).sort();
}

function extensionsOf(context: RunContext): ReadonlySet<string> {
  return new Set(foldSql(context.history.migrations.map(({ file }) => file), { ...foldOptionsFor(context), changesIn: new Set() }).schema.extensions.keys());
}

const grantsSchema = v.array(v.object({ text: v.string() }));
const extensionsSchema = v.array(v.object({ name: v.string(), schema: v.string() }));

/** Schemas come back with their owners and rights, extensions that no migration creates too. */
async function empty(session: MigrationSession, schemas: readonly string[], made: ReadonlySet<string>): Promise<void> {
  await session.send("BEGIN");
  try {
    const again = v.parse(grantsSchema, await session.rows(schemasQuery, [schemas, [ownSchema, "supabase_migrations"]]));
    const extensions = v.parse(extensionsSchema, await session.rows(extensionsQuery, [schemas]));
    for (const name of schemas) await session.send(`DROP SCHEMA ${quoteIdentifier(name)} CASCADE`);
    for (const { text } of again) await session.send(text);
    for (const { name, schema } of extensions) if (!made.has(name)) await session.send(`CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} SCHEMA ${quoteIdentifier(schema)}`);
    await session.send("COMMIT");
  } catch (error) {
    await session.send("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** What makes a schema again; only `public` is there before any migration. */
const schemasQuery = `
  SELECT format('CREATE SCHEMA %I AUTHORIZATION %I', nspname, pg_get_userbyid(nspowner)) AS text, 0 AS place
  FROM pg_catalog.pg_namespace WHERE nspname = ANY ($1::text[]) AND nspname <> ALL ($2::text[]) AND nspname = 'public'
  UNION ALL
  SELECT format('GRANT %s ON SCHEMA %I TO %s%s', a.privilege_type, nspname, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END), 1
  FROM pg_catalog.pg_namespace, aclexplode(nspacl) a WHERE nspname = ANY ($1::text[]) AND nspname = 'public' AND a.grantee <> nspowner
  ORDER BY place, text`;

const extensionsQuery = `
  SELECT extname::text AS name, nspname::text AS schema FROM pg_catalog.pg_extension JOIN pg_catalog.pg_namespace n ON n.oid = extnamespace
  WHERE nspname = ANY ($1::text[]) AND nspname = 'public'`;
