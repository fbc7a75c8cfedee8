/** An index of any kind as `@@index(…)`, where Prisma has words for it. */
import type { IndexKey, Table } from "../../model/schema.ts";
import type { IndexDefinition } from "../intents/indexIntent.ts";
import { newIndexName } from "../sql/newIndex.ts";
import { freeIndexName } from "../sql/sqlStatements.ts";
import { fieldNames } from "./renderPrisma.ts";

/**
 * Undefined where only SQL can say it: an expression, a predicate, INCLUDE, an order of nulls, a collation, a class of an
 * extension's type, a column that is no field. https://www.prisma.io/docs/orm/prisma-schema/data-model/indexes
 */
export function prismaIndex(index: IndexDefinition): string | undefined {
  const { table, method, keys, include, predicate } = index;
  if (include.length > 0 || predicate !== undefined) return undefined;
  const written: string[] = [];
  for (const key of keys) {
    const field = prismaKey(table, key);
    if (field === undefined) return undefined;
    written.push(field);
  }
  const type = method === "btree" ? "" : `, type: ${method === "gin" ? "Gin" : "Brin"}`;
  return `@@index([${written.join(", ")}]${type}${mapOf(index)})`;
}

/** Prisma's own name needs no words. */
function mapOf(index: IndexDefinition): string {
  const { table, keys } = index;
  const name = newIndexName(index);
  const usual = freeIndexName({ ...table, indexes: [] }, keys.flatMap(({ column }) => column ?? []), "idx");
  return name === usual ? "" : `, map: ${JSON.stringify(name)}`;
}

function prismaKey(table: Table, { column, operatorClass, collation, direction, nulls }: IndexKey): string | undefined {
  const [field] = column === undefined ? [] : (fieldNames(table, [column]) ?? []);
  const usualNulls = direction === "asc" ? "last" : "first";
  if (field === undefined || collation !== undefined || nulls !== usualNulls) return undefined;
  const given: string[] = [];
  if (operatorClass !== undefined) given.push(`ops: ${prismaClasses.get(operatorClass) ?? `raw(${JSON.stringify(operatorClass)})`}`);
  if (direction === "desc") given.push("sort: Desc");
  return given.length === 0 ? field : `${field}(${given.join(", ")})`;
}

const prismaClasses: ReadonlyMap<string, string> = new Map([
  ["jsonb_path_ops", "JsonbPathOps"],
  ["jsonb_ops", "JsonbOps"],
  ["array_ops", "ArrayOps"],
]);
