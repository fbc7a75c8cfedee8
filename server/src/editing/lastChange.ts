/** The statement of a history that changed an object last, as far as the history is there to read. */
import type { Places } from "../model/places.ts";
import type { Element, Schema, Table, TextOrigin } from "../model/schema.ts";
import { elementsOf, type SchemaObject } from "./schemaObject.ts";

/** Undefined when nothing in SQL states it, or all SQL is one file. */
export function lastChange(object: SchemaObject, schema: Schema, places: Places): TextOrigin | undefined {
  const uris = schema.sources.find((source) => source.layer === "sql")?.uris ?? [];
  if (uris.length < 2) return undefined;
  const order = new Map(uris.map((uri, i) => [uri, i]));
  let last: TextOrigin | undefined;
  const isLater = (origin: TextOrigin, than: TextOrigin): boolean => {
    const [file, other] = [order.get(origin.uri) ?? -1, order.get(than.uri) ?? -1];
    return file === other ? places.span(origin).start > places.span(than).start : file > other;
  };
  for (const { origins } of partsOf(object)) {
    for (const origin of origins) if (origin.kind === "sql" && (last === undefined || isLater(origin, last))) last = origin;
  }
  return last;
}

/** A table changes with whatever stands in it, a column with its keys. */
function partsOf(object: SchemaObject): readonly Element[] {
  if (object.kind === "table") return [object.table, ...object.table.columns.values(), ...attachments(object.table)];
  return elementsOf(object);
}

function attachments(table: Table): readonly Element[] {
  return [
    ...(table.primaryKey === undefined ? [] : [table.primaryKey]),
    ...table.uniqueConstraints,
    ...table.foreignKeys,
    ...table.checks,
    ...table.exclusions,
    ...table.indexes,
    ...table.triggers,
    ...table.policies,
  ];
}

/** What people call a migration: the folder's name where every file is `migration.sql` or `up.sql`, else the file's. */
export function migrationName(uri: string): string {
  const parts = uri.split("/");
  const file = decoded(parts.at(-1) ?? uri);
  return file === "migration.sql" || file === "up.sql" ? decoded(parts.at(-2) ?? file) : file;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
