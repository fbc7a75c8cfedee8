/**
 * What a fix means, in terms of the model. A rule states an intent and writes no text; `render.ts` writes it as
 * Prisma or SQL by the origin of what it touches, so one fix serves the schema, the SQL file and the next migration.
 */
import type { Column, Element, ForeignKey, Index, IndexKey, PgType, ReferentialAction, Sequence, Table } from "../model/schema.ts";
import type { Span } from "../text/span.ts";
import type { DesignIntent } from "./intents/designIntent.ts";
import type { IndexIntent } from "./intents/indexIntent.ts";
import type { MigrationIntent } from "./intents/migrationIntent.ts";
import type { ProjectIntent } from "./intents/projectIntent.ts";
import type { SecurityIntent } from "./intents/securityIntent.ts";

export type Intent =
  /** A plain B-tree index unless said otherwise. */
  | {
      readonly do: "addIndex";
      readonly table: Table;
      readonly columns: readonly string[];
      readonly unique?: boolean;
      readonly method?: "gin";
    }
  | { readonly do: "dropIndex"; readonly table: Table; readonly index: Index }
  /** `replaces` is a unique index over the same columns: it becomes the primary key instead of standing beside it. */
  | {
      readonly do: "addPrimaryKey";
      readonly table: Table;
      readonly columns: readonly string[];
      readonly replaces?: Index;
    }
  /** A new surrogate key where no column can be one: an identity column for `int8`, a generated value for `uuid`. */
  | { readonly do: "addPrimaryKeyColumn"; readonly table: Table; readonly column: string; readonly type: PgType }
  /** All columns change together: both sides of a foreign key must have one type at any time. */
  | {
      readonly do: "setColumnType";
      readonly columns: readonly TypedColumn[];
      readonly type: PgType;
      /** How existing values become the new type, as SQL with `$` for the column; PostgreSQL's own cast unless said. */
      readonly using?: string | undefined;
      /** Keys of views that read these tables: while they do, PostgreSQL lets no type change, only a text that comes before. */
      readonly readBy: readonly string[];
    }
  /** `setColumns` are the columns of `ON DELETE SET NULL (…)`; only with `setNull`, and never in Prisma. PostgreSQL 15. */
  | {
      readonly do: "setOnDelete";
      readonly table: Table;
      readonly foreignKey: ForeignKey;
      readonly action: ReferentialAction;
      readonly setColumns?: readonly string[];
    }
  /** Replaces a unique constraint or index by a unique index over the same keys with a predicate, in SQL. */
  | {
      readonly do: "makeUniquePartial";
      readonly table: Table;
      readonly index: Index;
      readonly keys: readonly IndexKey[];
      readonly predicate: string;
    }
  /** Puts further columns into a foreign key, and a unique key over the referenced ones where there is none. */
  | {
      readonly do: "widenForeignKey";
      readonly table: Table;
      readonly foreignKey: ForeignKey;
      readonly columns: readonly string[];
      readonly referenced: Table;
      readonly referencedColumns: readonly string[];
    }
  /** Replaces a unique constraint or index by one over other keys; one with an expression among them becomes an index. PostgreSQL 15 for `nullsNotDistinct`. */
  | {
      readonly do: "replaceUnique";
      readonly table: Table;
      readonly index: Index;
      readonly keys: readonly IndexKey[];
      readonly nullsNotDistinct: boolean;
    }
  /** The value of rows that name none: SQL where the database makes it, a function of Prisma such as `uuid(7)` where the client does. */
  | {
      readonly do: "setDefault";
      readonly table: Table;
      readonly column: Column;
      readonly value: string;
      readonly madeBy: "database" | "client";
    }
  /** `value`, as SQL, is what null becomes, and the default where the column has none. */
  | { readonly do: "setNotNull"; readonly table: Table; readonly column: Column; readonly value?: string }
  | { readonly do: "dropNotNull"; readonly table: Table; readonly column: Column }
  /** A serial column becomes an identity column, `BY DEFAULT`, which goes on where its sequence is. */
  | { readonly do: "setIdentity"; readonly table: Table; readonly column: Column; readonly sequence: Sequence }
  /** A trigger that sets the column, a time, to now whenever a row changes; never in Prisma. */
  | { readonly do: "addUpdateTrigger"; readonly table: Table; readonly column: Column }
  /** States the name that PostgreSQL gave. Changes nothing in the database. */
  | { readonly do: "nameConstraint"; readonly table: Table; readonly constraint: Element }
  /** `expression` is SQL over `columns`; never in Prisma. */
  | { readonly do: "addCheck"; readonly table: Table; readonly columns: readonly string[]; readonly expression: string }
  /** A foreign key over columns that have none; in Prisma a relation field on both sides. */
  | {
      readonly do: "addForeignKey";
      readonly table: Table;
      readonly columns: readonly string[];
      readonly referenced: Table;
      readonly referencedColumns: readonly string[];
      readonly onDelete: ReferentialAction;
    }
  /** Never in Prisma, whose relation fields are what its client offers. */
  | { readonly do: "dropForeignKey"; readonly table: Table; readonly foreignKey: ForeignKey }
  /** Makes the check wait for the commit: DEFERRABLE INITIALLY DEFERRED. Never in Prisma. */
  | { readonly do: "setDeferrable"; readonly table: Table; readonly foreignKey: ForeignKey }
  | { readonly do: "setOnUpdate"; readonly table: Table; readonly foreignKey: ForeignKey; readonly action: ReferentialAction }
  /** What is not given stays as it is. For an index that backs no constraint. */
  | {
      readonly do: "replaceIndex";
      readonly table: Table;
      readonly index: Index;
      readonly method?: "btree" | "gin";
      /** The index's own keys in another order. */
      readonly keys?: readonly IndexKey[];
      /** As SQL; null for none. */
      readonly predicate?: string | null;
    }
  | DesignIntent
  | IndexIntent
  | MigrationIntent
  | ProjectIntent
  | SecurityIntent
  /** For what stands in no model: a comment that suppresses a finding. */
  | { readonly do: "replaceText"; readonly uri: string; readonly span: Span; readonly text: string };

export interface TypedColumn {
  readonly table: Table;
  readonly column: Column;
  /** The new default, as SQL, where the old one does not fit the new type. */
  readonly default?: string | undefined;
  /** What fills a serial column: a type of its own, which ends where the old one did. An identity's follows by itself. */
  readonly sequence?: Sequence | undefined;
}
