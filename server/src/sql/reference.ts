/**
 * What a statement mentions by name, as its text alone tells: which names, where they stand, and where each is to be
 * looked for. What they stand for in a schema is `editing/resolve.ts`'s to say.
 */
import type { Span } from "../text/span.ts";

export type NameKind =
  | "schema"
  /** A table, view or sequence: what can stand in FROM, and what shares its names. */
  | "relation"
  | "column"
  /** All columns of something in FROM: the `o` of `o.*`. */
  | "row"
  | "type"
  | "routine"
  | "constraint"
  | "index"
  | "trigger"
  | "policy"
  | "extension";

/** Where a name stands. Spans count UTF-16 code units from the statement's first character, quotes included. */
export interface NamePlace {
  /** As PostgreSQL folds it, schema or qualifier first: `["app", "orders"]`, `["o", "id"]`. Never empty. */
  readonly path: readonly string[];
  /** One for each name of `path`. */
  readonly parts: readonly Span[];
  /** From the first part to the last. */
  readonly span: Span;
  /** The last part. */
  readonly nameSpan: Span;
}

export interface NameReference extends NamePlace {
  readonly kind: NameKind;
  readonly role: "uses" | "defines" | "drops";
  /**
   * Of a column and a row: what it is looked up in. Of a constraint, trigger or policy: the relation it belongs to, as the
   * only source. Of a relation in a query: what encloses it. Undefined for names that belong to nothing.
   */
  readonly scope: Scope | undefined;
  /** Of a relation: the name is that of a common table expression, `excluded`, or of something else the statement makes. */
  readonly isLocal: boolean;
  /** Of what a statement renames: its name afterwards. */
  readonly renamedTo?: string | undefined;
  /** Of what a statement moves to another schema (SET SCHEMA): the schema afterwards. */
  readonly movedTo?: string | undefined;
}

/** The names that can be used at one place of a query; what encloses it can be used too, if it is not found here. */
export interface Scope {
  /** What columns may come from, in the order of the text. */
  readonly sources: readonly ColumnSource[];
  /** Output columns of common table expressions by name; undefined when they cannot be told. */
  readonly ctes: ReadonlyMap<string, readonly OutputColumn[] | undefined>;
  readonly parent: Scope | undefined;
}

/** One thing in FROM, or the table that a statement is about. */
export interface ColumnSource {
  /** What its columns may be qualified with: the alias, else the relation's name. Undefined: nothing. */
  readonly name: string | undefined;
  readonly isAlias: boolean;
  /** Path of the relation in the database; undefined when it is something that the statement makes itself. */
  readonly relation: readonly string[] | undefined;
  /** Of what the statement makes itself; undefined when they cannot be told. */
  readonly columns: readonly OutputColumn[] | undefined;
  /** New names of the first columns, as in `FROM orders AS o (number, total)`. */
  readonly columnNames: readonly string[];
}

export type OutputColumn =
  /** `of` tells where its value comes from, when it is a column as it is. */
  | { readonly kind: "column"; readonly name: string; readonly of: ColumnPath | undefined }
  /** All columns of these, one after the other. */
  | { readonly kind: "all"; readonly sources: readonly ColumnSource[] };

export interface ColumnPath {
  readonly path: readonly string[];
  readonly scope: Scope;
}
