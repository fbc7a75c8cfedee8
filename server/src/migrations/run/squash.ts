/**
 * The first migrations of a history joined into one that makes the same: proven so in the embedded PostgreSQL, by its own
 * description of the catalog. Writes nothing; a database that has the old ones is told by a mark (`resolve.ts`).
 */
import { basename, dirname, join } from "node:path";
import { foldSql, type FromSqlOptions } from "../../model/fromSql.ts";
import { isOfPlatform } from "../../scratch/extensions.ts";
import { ScratchDatabase, type ScratchOptions } from "../../scratch/scratchDatabase.ts";
import type { Statement } from "../../sql/syntax.ts";
import { parseSql } from "../../sql/parse.ts";
import { fingerprintDifferences, type Fingerprint, fingerprintOf } from "../fingerprint.ts";
import { findMigration, type MigrationFile, type MigrationHistory, upStatements } from "../history.ts";
import { isOutOfStepCheck } from "../definitions.ts";
import { isBackfill } from "../onlineColumns.ts";
import { scriptBetween } from "../script.ts";
import { inPhases } from "../writing.ts";
import { emptyDatabase } from "./pull.ts";
import type { Answer } from "./runContext.ts";
import { refusesTransaction } from "./units.ts";

export interface SquashPlan {
  /** Of the new migration. */
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Files and folders that it stands for, to be removed. */
  readonly removes: readonly string[];
  readonly replaced: readonly string[];
  /** `model`: written anew; `statements`: all statements one after the other, because some of them write rows or the model does not hold everything. */
  readonly form: "model" | "statements";
  /** In sentences. */
  readonly notes: readonly string[];
}

/** Begins the line of a squashed migration that names what it stands for. */
export const squashedMark = "-- Stands for: ";

/** Names of the migrations that one stands for; empty for others. */
export function replacedBy({ text }: Pick<MigrationFile, "text">): readonly string[] {
  const line = text.split("\n", 5).find((each) => each.startsWith(squashedMark));
  return line === undefined ? [] : line.slice(squashedMark.length).split(",").map((name) => name.trim()).filter((name) => name !== "");
}

/** `to`: the last one to be joined; all of them without it. */
export async function planSquash(history: MigrationHistory, to: string | undefined, options: { readonly scratch: ScratchOptions; readonly foldOptions: FromSqlOptions }): Promise<Answer<SquashPlan>> {
  const { migrations, place } = history;
  const last = to === undefined ? migrations.at(-1) : findMigration(history, to);
  if (last === undefined) return no(to === undefined ? `There is no migration in ${place.root}.` : `There is no migration ${JSON.stringify(to)}. migrate status lists them all.`);
  const joined = migrations.slice(0, migrations.indexOf(last) + 1);
  if (joined.length < 2) return no(`${last.name} is the first migration: there is nothing to join it with.`);
  const broken = history.complaints.find(({ severity, path }) => severity === "error" && joined.some((each) => each.path === path));
  if (broken !== undefined) return no(`${broken.path}${broken.line === undefined ? "" : `:${broken.line}`} ${broken.message}`);
  const original = await catalogAfter(joined.map((each) => upStatements(each).map(({ text }) => text)), options.scratch);
  if (!original.ok) return no(`The migrations cannot be replayed, so nothing can be compared: ${original.reason}`);
  for (const form of ["model", "statements"] as const) {
    const body = form === "model" ? fromModel(joined, options.foldOptions) : fromStatements(joined);
    if (body === undefined) continue;
    const text = `${squashedMark}${joined.map(({ name }) => name).join(", ")}\n\n${body}`;
    const again = await catalogAfter([parseSql("squashed.sql", text).statements.map((statement) => statement.text)], options.scratch);
    if (!again.ok || fingerprintDifferences(original.value, again.value).length > 0) continue;
    return { ok: true, value: planOf(history, joined, last, text, form) };
  }
  return no("The migrations cannot be joined in one: run in one transaction, their statements do not make the same. An enum value that is used right after it is added, or statements that refuse a transaction, can be the reason.");
}

function planOf({ place, migrations }: MigrationHistory, joined: readonly MigrationFile[], last: MigrationFile, text: string, form: SquashPlan["form"]): SquashPlan {
  const version = /^\D*\d+/.exec(last.name)?.[0] ?? last.name;
  const name = `${version}_squashed`;
  const downs = joined.map(({ down }) => down);
  const down = downs.every((each) => each !== undefined && each.statements.length > 0) ? downs.toReversed().flatMap((each) => each?.statements.map((statement) => `${statement.text};\n`) ?? []).join("") : undefined;
  const isFolder = place.kind === "prisma" || basename(last.path) === "up.sql";
  const [upPath, downPath] = isFolder
    ? [join(place.root, name, basename(last.path)), join(place.root, name, "down.sql")]
    : last.path.endsWith(".up.sql")
      ? [join(place.root, `${name}.up.sql`), join(place.root, `${name}.down.sql`)]
      : [join(place.root, `${name}.sql`), place.kind === "supabase" ? join(place.root, "down", `${name}.sql`) : join(place.root, `${name}.down.sql`)];
  const removes = joined.flatMap((each) => (isFolder ? [dirname(each.path)] : [each.path, ...(each.down === undefined || each.down.path === each.path ? [] : [each.down.path])]));
  const rest = migrations.length - joined.length;
  return {
    name,
    files: [{ path: upPath, text }, ...(down === undefined ? [] : [{ path: downPath, text: down }])],
    removes: removes.filter((path) => path !== upPath && path !== downPath),
    replaced: joined.map((each) => each.name),
    form,
    notes: [
      form === "model" ? "Written anew, and proven to make the same catalog." : "All statements as they were, because some write rows or go beyond the model; proven to make the same catalog.",
      ...(down === undefined ? ["It has no way back: not every migration that it stands for has one."] : []),
      ...(rest > 0 ? [`${rest === 1 ? "1 later migration stays" : `${rest} later migrations stay`}.`] : []),
      `On every database that has the old ones: migrate resolve --applied ${name}.`,
    ],
  };
}

/** Undefined where something would be missing. */
function fromModel(joined: readonly MigrationFile[], foldOptions: FromSqlOptions): string | undefined {
  const all = joined.flatMap((each) => upStatements(each));
  // Where no row is made there is none to change.
  const others = all.filter((statement) => isMoreThanSchema(statement) && !isOfOurs(statement) && !isTimeout(statement));
  if (others.some(({ tree }) => tree === undefined || !("UpdateStmt" in tree || "DeleteStmt" in tree))) return undefined;
  const { statements, gaps } = scriptBetween(emptyDatabase(), foldSql(joined.map(({ file }) => file), { ...foldOptions, changesIn: new Set() }).schema, () => undefined);
  return gaps.length > 0 ? undefined : inPhases(statements).map(({ sql }) => `${sql.replace(/;?\s*$/, "")};\n`).join("\n");
}

/** On an empty database nobody is held up: what refuses a transaction is written without CONCURRENTLY. */
function fromStatements(joined: readonly MigrationFile[]): string | undefined {
  const texts: string[] = [];
  for (const migration of joined) {
    texts.push(`-- ${migration.name}\n`);
    for (const statement of upStatements(migration)) {
      if (isBackfill(statement.text)) {
        texts.push(`${statement.text.replace(/^\s*COMMIT;\n/m, "")};\n`);
        continue;
      }
      const isIndex = statement.tree !== undefined && ("IndexStmt" in statement.tree || "DropStmt" in statement.tree);
      if (refusesTransaction(statement) && !isIndex) return undefined;
      if (statement.tree !== undefined && "TransactionStmt" in statement.tree) continue;
      texts.push(`${refusesTransaction(statement) ? statement.text.replace(/\bconcurrently\b\s*/i, "") : statement.text};\n`);
    }
    texts.push("\n");
  }
  return texts.join("");
}

/** What `migrate create` writes for rows that are there. */
function isOfOurs({ text }: Statement): boolean {
  return isBackfill(text) || isOutOfStepCheck(text, []);
}

function isTimeout({ tree }: Statement): boolean {
  return tree !== undefined && "VariableSetStmt" in tree && tree.VariableSetStmt.name?.endsWith("_timeout") === true;
}

/** Writes rows, or does what no catalog holds. */
function isMoreThanSchema({ tree }: Statement): boolean {
  if (tree === undefined) return true;
  return ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "SelectStmt", "DoStmt", "CallStmt", "CopyStmt", "VariableSetStmt"].some((kind) => kind in tree);
}

async function catalogAfter(files: readonly (readonly string[])[], scratch: ScratchOptions): Promise<Answer<Fingerprint>> {
  const database = new ScratchDatabase({ deadline: 60_000, foresees: files.flat(), ...scratch }, files.length === 1 ? [] : files.flat());
  try {
    const built = await database.build();
    if (!built.ok) return no("the embedded PostgreSQL did not start.");
    const refused = built.value.find(({ kind }) => kind !== "done");
    if (refused !== undefined) return no(refused.kind === "refused" ? refused.failure.message : refused.kind === "lacksExtension" ? `the embedded PostgreSQL does not have the extension ${refused.extension}.` : "not all of it ran.");
    const [only] = files;
    if (files.length === 1 && only !== undefined) {
      // As a runner sends it: all in one transaction.
      const ran = await database.replay([only.filter((text) => !isOfPlatform(text)).map((text) => `${text};`).join("\n")]);
      if (!ran.ok || ran.value.some(({ kind }) => kind !== "done")) return no("it does not run in one transaction.");
    }
    const fingerprint = await fingerprintOf(database);
    return fingerprint.ok ? fingerprint : no("the embedded PostgreSQL gave no answer.");
  } finally {
    await database.close();
  }
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
