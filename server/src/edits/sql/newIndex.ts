/** An index of any kind as SQL. */
import { sqlIdentifier } from "../../model/names.ts";
import type { IndexDefinition } from "../intents/indexIntent.ts";
import { freeIndexName, type Naming, sqlKey, sqlList, sqlTable } from "./sqlStatements.ts";

export interface NewIndexOptions {
  readonly name?: string | undefined;
  readonly concurrently?: boolean;
  readonly naming?: Naming;
}

/** With its semicolon. */
export function newIndexStatement(index: IndexDefinition, { name = newIndexName(index), concurrently = false, naming = sqlTable }: NewIndexOptions = {}): string {
  const { table, method, keys, include, predicate } = index;
  const parts = [
    `CREATE INDEX ${concurrently ? "CONCURRENTLY " : ""}${sqlIdentifier(name)} ON ${naming(table)}`,
    ...(method === "btree" ? [] : [`USING ${method}`]),
    `(${keys.map(sqlKey).join(", ")})`,
    ...(include.length === 0 ? [] : [`INCLUDE ${sqlList(include)}`]),
    ...(predicate === undefined ? [] : [`WHERE ${predicate.text}`]),
  ];
  return `${parts.join(" ")};`;
}

/** As PostgreSQL and Prisma would name it, and free. */
export function newIndexName({ table, keys }: IndexDefinition): string {
  const columns = keys.map(({ column, expression }) => column ?? (expression?.columns.join("_") || "expr"));
  return freeIndexName(table, columns, "idx");
}
