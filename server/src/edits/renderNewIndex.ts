/**
 * Index advice as text. The Prisma schema gets an `@@index` where it has words for it; a history gets a migration that
 * builds the index while others go on writing, with its way back; an SQL file that is the schema gets the statement.
 */
import type { Index } from "../model/schema.ts";
import type { FileEdit } from "../text/edit.ts";
import type { IndexIntent } from "./intents/indexIntent.ts";
import { following } from "./newFiles.ts";
import { prismaIndex } from "./prisma/prismaIndex.ts";
import { addBlockAttribute, dropPrismaIndex } from "./prisma/renderPrisma.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";
import type { RenderContext, SqlPlacement } from "./renderContext.ts";
import { newIndexName, newIndexStatement } from "./sql/newIndex.ts";
import { appendStatements, namingIn } from "./sql/sqlPlaces.ts";
import { qualifiedTable, sqlTable } from "./sql/sqlStatements.ts";
import { columnsOf, lastTarget, type Target } from "./targets.ts";

export function renderNewIndex(intent: IndexIntent, context: RenderContext): readonly FileEdit[] | Refusal {
  const { table } = intent.index;
  const target = lastTarget([table, ...columnsOf(table, intent.index.keys.flatMap(({ column }) => column ?? []))], context);
  if (isRefusal(target)) return target;
  const placement = context.sqlPlacement(target.origin.uri);
  const migration = placement.kind === "newMigration" ? concurrentMigration(intent, placement) : [];
  if (target.origin.kind === "prisma") {
    const inSchema = inPrisma(intent, target);
    // What only SQL can say needs a migration to say it in.
    return isRefusal(inSchema) && migration.length === 0 ? inSchema : [...(isRefusal(inSchema) ? [] : inSchema), ...migration];
  }
  return migration.length > 0 ? migration : inSql(intent, target);
}

function inPrisma({ index, replaces }: IndexIntent, { text, origin }: Target): readonly FileEdit[] | Refusal {
  const written = prismaIndex(index);
  if (written === undefined) return refuse("Prisma has no words for this index, and there are no migrations to say it in.");
  const added = addBlockAttribute(text, origin, index.table, written);
  if (isRefusal(added)) return added;
  const old = replaces?.origins.find((one) => one.kind === "prisma");
  const attribute = old?.kind === "prisma" && old.uri === origin.uri ? (old.parts?.["attribute"] ?? old.span) : undefined;
  // On one line with the brace or a field it would take more with it.
  if (attribute === undefined || old?.kind !== "prisma") return [{ kind: "change", uri: origin.uri, edits: added }];
  const replacedInPlace = text.startsWith("@@", attribute.start);
  const edits = replacedInPlace ? [{ span: attribute, text: written }] : [...added, ...dropPrismaIndex(text, old)];
  return [{ kind: "change", uri: origin.uri, edits }];
}

function inSql({ index, replaces }: IndexIntent, { text, origin }: Target): readonly FileEdit[] {
  const naming = namingIn(text, index.table, origin.uri);
  const statements = [newIndexStatement(index, { naming }), ...(replaces === undefined ? [] : [`DROP INDEX ${naming({ schema: index.table.schema, name: replaces.name })};`])];
  return [{ kind: "change", uri: origin.uri, edits: appendStatements(text, statements) }];
}

/**
 * CONCURRENTLY takes no lock that stops writers, but must not run in a transaction: so it stands in a file of its own, alone
 * where the file is sent as one message, behind SET lock_timeout where each statement is sent by itself. Partitioned tables
 * have no such statement. https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
function concurrentMigration({ index, replaces }: IndexIntent, placement: Extract<SqlPlacement, { kind: "newMigration" }>): readonly FileEdit[] {
  const { table } = index;
  const { uri, sending = "message" } = placement;
  const concurrently = sending !== "transaction" && table.kind !== "partitioned";
  const name = newIndexName(index);
  const create = newIndexStatement(index, { name, concurrently });
  const drop = dropStatement({ schema: table.schema, name }, concurrently);
  const files: FileEdit[] = [{ kind: "create", uri, text: scriptOf(create, drop, concurrently, sending) }];
  const down = wayBack(uri);
  if (down !== undefined) files.push({ kind: "create", uri: down, text: `${drop}\n` });
  if (replaces === undefined || replaces.constraint !== undefined) return files;
  const next = following(uri);
  const dropOld = dropStatement({ schema: table.schema, name: replaces.name }, concurrently);
  files.push({ kind: "create", uri: next, text: `-- ${name} finds everything that this one finds.\n${guard(concurrently, sending)}${dropOld}\n` });
  const back = wayBack(next);
  if (back !== undefined) files.push({ kind: "create", uri: back, text: `${recreate(index, replaces, concurrently)}\n` });
  return files;
}

function scriptOf(create: string, drop: string, concurrently: boolean, sending: NonNullable<Extract<SqlPlacement, { kind: "newMigration" }>["sending"]>): string {
  if (!concurrently) return `-- Nobody writes to the table while this builds: it cannot be built concurrently in a transaction.\n${guard(concurrently, sending)}${create}\n`;
  return `-- Built while others go on writing. If it fails half-way it leaves an invalid index behind: run\n--   ${drop}\n-- and then this again.\n${guard(concurrently, sending)}${create}\n`;
}

function guard(concurrently: boolean, sending: string): string {
  if (concurrently) return sending === "message" ? "" : "SET lock_timeout = '5s';\n";
  return sending === "each" ? "SET lock_timeout = '5s';\n" : "SET LOCAL lock_timeout = '5s';\n";
}

function dropStatement(index: { readonly schema: string; readonly name: string }, concurrently: boolean): string {
  return `DROP INDEX ${concurrently ? "CONCURRENTLY " : ""}IF EXISTS ${(index.schema === "public" ? sqlTable : qualifiedTable)(index)};`;
}

function recreate(index: IndexIntent["index"], old: Index, concurrently: boolean): string {
  const { keys, include, predicate } = old;
  return newIndexStatement({ ...index, method: index.method, keys, include, predicate }, { name: old.name, concurrently });
}

/** `down.sql` beside Prisma's `migration.sql`, `.down.sql` beside `.up.sql`; others keep none. */
function wayBack(uri: string): string | undefined {
  if (uri.endsWith("/migration.sql")) return uri.replace(/migration\.sql$/, "down.sql");
  return uri.endsWith(".up.sql") ? uri.replace(/\.up\.sql$/, ".down.sql") : undefined;
}
