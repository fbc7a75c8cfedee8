/** What fixes of names, comments and house style mean. */
import type { Column, PgType, Table } from "../../model/schema.ts";

export type DesignIntent =
  /** What is said about a table or a column: `///` in a Prisma schema, COMMENT ON in SQL. Replaces what was said there. */
  | {
      readonly do: "setComment";
      readonly table: Table;
      /** Undefined when it is about the table. */
      readonly column?: Column | undefined;
      readonly text: string;
      /** COMMENT ON for what a Prisma schema states too, in a new migration. */
      readonly inDatabase?: boolean;
    }
  /** Another name in Prisma and its client; `@map` or `@@map` keeps the database's. Never in SQL. */
  | {
      readonly do: "mapName";
      readonly table: Table;
      /** Undefined when it is the model that gets the name. */
      readonly column?: Column | undefined;
      readonly name: string;
      /** Addresses of the schema's Prisma files: any of them may use the name. */
      readonly files: readonly string[];
    }
  /** A column as another table has it: name, type, default and whether it may be null; neither its keys nor its comment. */
  | { readonly do: "addColumn"; readonly table: Table; readonly like: { readonly table: Table; readonly column: Column } }
  /** A column that a person asks for, by the name that the database gives it. */
  | { readonly do: "addNewColumn"; readonly table: Table; readonly column: string; readonly type: PgType; readonly nullable: boolean }
  /** Another name in the database, in a new migration: texts that say the old name are not changed. Never in Prisma, nor in place. */
  | {
      readonly do: "renameInDatabase";
      readonly table: Table;
      /** Undefined when it is the table that gets the name. */
      readonly column?: Column | undefined;
      readonly to: string;
    }
  /** The fields of a model in the order of these columns, which are all it has. Changes nothing in the database; never in SQL. */
  | { readonly do: "orderFields"; readonly table: Table; readonly columns: readonly string[] };

export function isDesignIntent(intent: { readonly do: string }): intent is DesignIntent {
  return kinds.has(intent.do);
}

const kinds: ReadonlySet<string> = new Set<DesignIntent["do"]>(["setComment", "mapName", "addColumn", "addNewColumn", "renameInDatabase", "orderFields"]);
