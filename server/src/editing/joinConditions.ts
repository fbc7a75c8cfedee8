/** What may stand behind `JOIN … ON`: the foreign keys between what is joined and what stands before it. */
import { sqlIdentifier } from "../model/names.ts";
import type { ForeignKey, Table } from "../model/schema.ts";
import type { TypedSource } from "./sqlSources.ts";

/** Conditions for the last of `sources`, the nearest other source first. */
export function joinConditions(
  sources: readonly TypedSource[],
  tableOf: (path: readonly string[]) => Table | undefined,
): readonly string[] {
  const joined = sources.at(-1);
  const table = joined?.relation === undefined ? undefined : tableOf(joined.relation);
  if (joined?.name === undefined || table === undefined) return [];
  const { name } = joined;
  return sources
    .slice(0, -1)
    .reverse()
    .flatMap((other) => {
      const otherTable = other.relation === undefined ? undefined : tableOf(other.relation);
      if (other.name === undefined || otherTable === undefined) return [];
      const otherName = other.name;
      return [
        ...keysTo(table, otherTable).map((key) => condition(name, key, otherName)),
        ...(table === otherTable ? [] : keysTo(otherTable, table).map((key) => condition(otherName, key, name))),
      ];
    });
}

function keysTo(table: Table, target: Table): readonly ForeignKey[] {
  return table.foreignKeys.filter(({ references }) => references.key === target.key && references.columns.length > 0);
}

function condition(from: string, key: ForeignKey, to: string): string {
  return key.columns
    .map(
      (column, i) =>
        `${sqlIdentifier(from)}.${sqlIdentifier(column)} = ${sqlIdentifier(to)}.${sqlIdentifier(key.references.columns[i] ?? "")}`,
    )
    .join(" AND ");
}
