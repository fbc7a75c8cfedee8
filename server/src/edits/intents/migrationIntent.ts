/**
 * What fixes of migrations mean: the same change in a form that lets others work. They rewrite the statement in its own
 * file, which has not run yet, and move what needs another transaction into files behind it.
 */
import type { Origins } from "../../model/schema.ts";

export type MigrationIntent =
  /** CONCURRENTLY, in a file of its own where `isApart`. */
  | { readonly do: "runConcurrently"; readonly at: Origins; readonly isApart: boolean }
  /** The statement as it is, in a file of its own behind this one. */
  | { readonly do: "moveApart"; readonly at: Origins }
  /** NOT VALID, and VALIDATE CONSTRAINT behind it; in a file of its own where `isApart`. */
  | { readonly do: "validateLater"; readonly at: Origins; readonly table: NamedTable; readonly name: string; readonly isApart: boolean }
  /** A unique index built CONCURRENTLY, then the constraint USING it. */
  | {
      readonly do: "useIndex";
      readonly at: Origins;
      readonly table: NamedTable;
      readonly kind: "unique" | "primary";
      readonly name: string;
      readonly columns: readonly string[];
      readonly isApart: boolean;
    }
  /** A check NOT VALID, its validation, NOT NULL without a scan, and no check any more. */
  | { readonly do: "proveNotNull"; readonly at: Origins; readonly table: NamedTable; readonly column: string; readonly isApart: boolean }
  /** The column without its default, then the default for new rows. Existing rows get none: that is left to a backfill. */
  | { readonly do: "defaultLater"; readonly at: Origins; readonly table: NamedTable; readonly column: string }
  /** SET before the statement; LOCAL where the file is one transaction. */
  | { readonly do: "setParameter"; readonly at: Origins; readonly name: string; readonly value: string; readonly isLocal: boolean }
  /** SET says another value. */
  | { readonly do: "replaceParameter"; readonly at: Origins; readonly name: string; readonly value: string; readonly isLocal: boolean }
  /** The statement, in front of another one of the file. */
  | { readonly do: "moveBefore"; readonly at: Origins; readonly before: Origins }
  /** DROP CONSTRAINT and ADD PRIMARY KEY, given by their commands: an index built CONCURRENTLY first, then both in a moment. */
  | {
      readonly do: "swapPrimaryKey";
      readonly at: Origins;
      readonly added: Origins;
      readonly table: NamedTable;
      readonly dropped: string;
      readonly name: string;
      readonly columns: readonly string[];
      readonly isApart: boolean;
    }
  /** IF EXISTS and IF NOT EXISTS in all of these statements. */
  | { readonly do: "allowRepetition"; readonly at: Origins; readonly statements: readonly Origins[] }
  /** A comment above the statement says that there is no way back. */
  | { readonly do: "markIrreversible"; readonly at: Origins }
  /** A block before the statement raises an exception where the table, or the column, holds anything. */
  | { readonly do: "requireEmpty"; readonly at: Origins; readonly table: NamedTable; readonly column: string | undefined }
  /** What a failed build left is dropped before, and the build does not pass over it. */
  | { readonly do: "dropInvalidFirst"; readonly at: Origins; readonly index: NamedTable }
  /** A view under the table's old name, behind the statement that renames it. */
  | { readonly do: "leaveView"; readonly at: Origins; readonly view: NamedTable; readonly table: NamedTable }
  /** Without the statement what it drops stays. */
  | { readonly do: "keepIndex"; readonly at: Origins; readonly table: NamedTable; readonly index: string }
  | { readonly do: "removeStatement"; readonly at: Origins }
  /** DROP COLUMN and ADD COLUMN, both given by their statements, become RENAME COLUMN. */
  | {
      readonly do: "renameInstead";
      readonly dropped: Origins;
      readonly added: Origins;
      readonly table: NamedTable;
      readonly from: string;
      readonly to: string;
    };

export interface NamedTable {
  readonly schema: string;
  readonly name: string;
}

export function isMigrationIntent(intent: { readonly do: string }): intent is MigrationIntent {
  return kinds.has(intent.do);
}

const kinds: ReadonlySet<string> = new Set<MigrationIntent["do"]>([
  "runConcurrently",
  "moveApart",
  "validateLater",
  "useIndex",
  "proveNotNull",
  "defaultLater",
  "setParameter",
  "replaceParameter",
  "moveBefore",
  "swapPrimaryKey",
  "allowRepetition",
  "markIrreversible",
  "requireEmpty",
  "dropInvalidFirst",
  "leaveView",
  "keepIndex",
  "removeStatement",
  "renameInstead",
]);
