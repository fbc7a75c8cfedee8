/** The relations of a table both ways, as its keys and those of others have them. */
import { append } from "../model/lists.ts";
import { lookup } from "../model/lookup.ts";
import { foreignKeysOf, isImplied, type Reference, referencingKeys } from "../model/queries.ts";
import type { ForeignKey, Schema, Table } from "../model/schema.ts";

export interface TableRelations {
  readonly out: readonly ForeignKey[];
  readonly in: readonly Reference[];
  /** Join tables of many-to-many relations that nobody wrote. */
  readonly implied: readonly Table[];
}

export function relationsOf(schema: Schema, table: Table): TableRelations {
  return { out: foreignKeysOf(schema, table), in: referencingKeys(schema, table.key), implied: impliedJoinTables(schema, table.key) };
}

const impliedJoinTables = lookup((schema) => {
  const byTarget = new Map<string, Table[]>();
  for (const table of schema.tables.values()) {
    if (!isImplied(table)) continue;
    for (const target of new Set(table.foreignKeys.map((key) => key.references.key))) append(byTarget, target, table);
  }
  return (key): readonly Table[] => byTarget.get(key) ?? [];
});
