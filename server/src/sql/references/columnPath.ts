/** Columns written with their table, `schema.table.column`, where no query is around. */
import type { Scope } from "../reference.ts";
import { type QueryReferences, scopeOf } from "./queryReferences.ts";

/** `schema.table.column` at or behind a token. */
export function addColumn(path: readonly string[], from: number, into: QueryReferences, role: "uses" | "drops" = "uses"): void {
  const place = into.names.find(path, from);
  const column = path.at(-1);
  if (place === undefined || column === undefined || path.length < 2) return;
  const parts = place.parts.slice(0, -1);
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return;
  const relation = { path: path.slice(0, -1), parts, span: { start: first.start, end: last.end }, nameSpan: last };
  into.add(relation, "relation");
  into.add(
    { path: [column], parts: [place.nameSpan], span: place.nameSpan, nameSpan: place.nameSpan },
    "column",
    role,
    ofRelation(relation.path),
  );
}

export function ofRelation(path: readonly string[]): Scope {
  return scopeOf([{ name: path.at(-1), isAlias: false, relation: path, columns: undefined, columnNames: [] }]);
}
