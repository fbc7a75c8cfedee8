/** Which columns of which tables the names in a query stand for, level by level, through subqueries, CTEs and views. */
import type { Node } from "@pgsql/types";
import type { Schema, Table, View } from "../model/schema.ts";
import { namesOf } from "../sql/canonical/type.ts";
import type { TableUse } from "./tableUse.ts";

/** A column of a table where it is used. Several for a column of a UNION, none for what is computed. */
export interface UsedColumn {
  readonly use: TableUse;
  readonly column: string;
}

export type Source =
  | { readonly kind: "table"; readonly name: string; readonly use: TableUse }
  | { readonly kind: "derived"; readonly name: string | undefined; readonly columns: Outputs };

/** By name, in order. */
export type Outputs = ReadonlyMap<string, readonly UsedColumn[]>;

export interface Level {
  readonly parent: Level | undefined;
  readonly sources: Source[];
  readonly ctes: Map<string, Outputs>;
  readonly uses: TableUse[];
}

export function openLevel(parent: Level | undefined): Level {
  return { parent, sources: [], ctes: new Map(), uses: [] };
}

export function columnsNamed(node: Node, level: Level): readonly UsedColumn[] | undefined {
  if (!("ColumnRef" in node)) return undefined;
  const fields = node.ColumnRef.fields ?? [];
  const path = namesOf(fields);
  const name = path.at(-1);
  if (name === undefined || path.length < fields.length) return undefined;
  const qualifier = path.at(-2);
  for (let at: Level | undefined = level; at !== undefined; at = at.parent) {
    for (const source of at.sources) {
      if (qualifier !== undefined && source.name !== qualifier) continue;
      const found = columnOf(source, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

export function columnOf(source: Source, name: string): readonly UsedColumn[] | undefined {
  if (source.kind === "derived") return source.columns.get(name);
  return source.use.table.columns.has(name) ? [{ use: source.use, column: name }] : undefined;
}

/** What `*` stands for. */
export function allColumns(sources: readonly Source[]): [string, readonly UsedColumn[]][] {
  return sources.flatMap((source): [string, readonly UsedColumn[]][] =>
    source.kind === "derived" ? [...source.columns] : [...source.use.table.columns.keys()].map((column) => [column, [{ use: source.use, column }]]),
  );
}

export function cteNamed(name: string, level: Level): Outputs | undefined {
  for (let at: Level | undefined = level; at !== undefined; at = at.parent) {
    const found = at.ctes.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of a name without a schema, the table in `public`, else the only one of that name. */
export function relationNamed({ tables, views }: Schema, schema: string | undefined, name: string): Table | View | undefined {
  const key = `${schema ?? "public"}.${name}`;
  const exact = tables.get(key) ?? views.get(key);
  if (exact !== undefined || schema !== undefined) return exact;
  const others = [...tables.values(), ...views.values()].filter((one) => one.name === name);
  return others.length === 1 ? others[0] : undefined;
}
