/**
 * What a fix means, in terms of the model. A rule states an intent and writes no text; `render.ts` writes it as
 * Prisma or SQL by the origin of what it touches, so one fix serves the schema, the SQL file and the next migration.
 */
import type { Column, ForeignKey, Index, IndexKey, PgType, ReferentialAction, Table } from "../model/schema.ts";

export type Intent =
  /** A plain B-tree index unless said otherwise. */
  | {
      readonly do: "addIndex";
      readonly table: Table;
      readonly columns: readonly string[];
      readonly unique?: boolean;
    }
  | { readonly do: "dropIndex"; readonly table: Table; readonly index: Index }
  | { readonly do: "addPrimaryKey"; readonly table: Table; readonly columns: readonly string[] }
  /** A new surrogate key where no column can be one. */
  | { readonly do: "addPrimaryKeyColumn"; readonly table: Table; readonly column: string; readonly type: PgType }
  | { readonly do: "setColumnType"; readonly table: Table; readonly column: Column; readonly type: PgType }
  | { readonly do: "setNullable"; readonly table: Table; readonly columns: readonly string[] }
  | {
      readonly do: "setOnDelete";
      readonly table: Table;
      readonly foreignKey: ForeignKey;
      readonly action: ReferentialAction;
    }
  /** Replaces a unique constraint or index by a unique index over the same keys with a predicate. */
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
      readonly referencedColumns: readonly string[];
    };
