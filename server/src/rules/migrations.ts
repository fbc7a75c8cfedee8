/** What rules about migrations ask of a statement, and how their findings name what they are about. */
import type { Change, ChangedTable, ChangeOf } from "../model/changes.ts";
import type { Effect } from "../model/migration/locks.ts";
import type { Migration, MigrationStatement } from "../model/migration/migration.ts";
import type { Origins } from "../model/schema.ts";
import type { Fix } from "./rule.ts";

/** The statement's changes of these kinds that concern a table in use. */
export function* changesOf<D extends Change["do"]>({ changes }: MigrationStatement, ...kinds: readonly D[]): Generator<ChangeOf<D>> {
  for (const change of changes) if (isOf(change, kinds) && !("table" in change && change.table?.isNew === true)) yield change;
}

function isOf<D extends Change["do"]>(change: Change, kinds: readonly D[]): change is ChangeOf<D> {
  return kinds.some((kind) => kind === change.do);
}

/** What the change does, as `locks.ts` has it. */
export function effectIn({ changes, effects }: MigrationStatement, change: Change): Effect {
  return effects[changes.indexOf(change)] ?? { locks: [], work: [] };
}

/** Whether what needs another transaction, or none, needs another file. */
export function needsOwnFile({ sending, count }: Migration): boolean {
  return sending !== "each" && count > 1;
}

/** Whether CONCURRENTLY can run at all: not where what runs the files puts each of them into a transaction. */
export function canRunConcurrently({ sending }: Migration): boolean {
  return sending !== "transaction";
}

/** CONCURRENTLY for what `at` names, in a file of its own where it must be; nothing where it cannot run. */
export function runConcurrently(migration: Migration, at: Origins, title: string): Fix | undefined {
  if (!canRunConcurrently(migration)) return undefined;
  const isApart = needsOwnFile(migration);
  return { title: isApart ? `${title}, in a file of its own` : title, safety: "review", intent: { do: "runConcurrently", at, isApart } };
}

/** The statement that something stands in: the same object while its text is the same. */
export function anchorOf(origins: Origins | undefined): object | undefined {
  const first = origins?.[0];
  return first?.kind === "sql" ? first.anchor : undefined;
}

/** The drop in a file of its own, where nothing in this one comes after it and could need it. */
export function dropLater({ openedBy, isInBlock, changes }: MigrationStatement, { last, count }: Migration, at: Origins): Fix | undefined {
  if (openedBy !== "runner" || isInBlock || changes.length > 1 || count === 1 || anchorOf(at) !== anchorOf(last)) return undefined;
  return { title: "Drop it in a migration of its own, to be run when nobody uses it", safety: "review", intent: { do: "moveApart", at } };
}

/** Whether two statements commit together. */
export function isTogether(a: MigrationStatement, b: MigrationStatement): boolean {
  return a.transaction !== undefined && a.transaction === b.transaction;
}

/** `schema.table(column)`. */
export function subjectOf(table: ChangedTable, columns: readonly string[]): string {
  return `${table.key}(${columns.join(", ")})`;
}

/** Names as PostgreSQL makes them up: `deal_stage_id_key`, and `deal_pkey` for a primary key. */
export function constraintName(table: ChangedTable, columns: readonly string[], kind: "unique" | "primary" | "check" | "foreign"): string {
  if (kind === "primary") return `${table.name}_pkey`;
  const suffix = { unique: "key", check: "check", foreign: "fkey" }[kind];
  return [table.name, ...columns, suffix].join("_");
}
