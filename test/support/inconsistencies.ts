/** Whether a schema agrees with itself. */
import { keyOf } from "../../server/src/model/names.ts";
import { routineKey } from "../../server/src/model/pgTypes.ts";
import type { Schema } from "../../server/src/model/schema.ts";

/** Where a schema contradicts itself: names, keys and the maps they stand in. Empty when it does not. */
export function inconsistencies(schema: Schema): readonly string[] {
  const found: string[] = [];
  const check = (isConsistent: boolean, what: string): void => {
    if (!isConsistent) found.push(what);
  };
  for (const map of [schema.tables, schema.views, schema.enums, schema.domains, schema.compositeTypes, schema.sequences]) {
    for (const [key, element] of map)
      check(
        key === element.key && key === keyOf(element.schema, element.name),
        `${key} is ${element.key}, ${element.schema}, ${element.name}`,
      );
  }
  for (const [key, routine] of schema.routines) {
    check(key === routine.key && key === routineKey(routine.schema, routine.name, routine.argumentTypes), `${key} is ${routine.key}`);
  }
  for (const map of [schema.namespaces, schema.extensions])
    for (const [name, element] of map) check(name === element.name, `${name} is ${element.name}`);
  for (const table of schema.tables.values()) {
    for (const [name, column] of table.columns) check(name === column.name, `${table.key}.${name} is ${column.name}`);
    const used = [table.primaryKey, ...table.uniqueConstraints, ...table.foreignKeys].flatMap((key) => key?.columns ?? []);
    for (const name of used) check(table.columns.has(name), `${table.key} has a key of ${name}, which it has not`);
    for (const { references } of table.foreignKeys)
      check(references.key === keyOf(references.schema, references.table), `${table.key} references ${references.key}`);
    for (const key of [table.primaryKey, ...table.uniqueConstraints, ...table.exclusions]) {
      check(
        key === undefined || table.indexes.some((index) => index.name === key.name && index.constraint === key.name),
        `${table.key}.${key?.name ?? ""} has no index`,
      );
    }
  }
  return found;
}
