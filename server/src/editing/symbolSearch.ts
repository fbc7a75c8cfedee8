/** Objects of a schema by parts of their names, as somebody types them to get there. */
import type { Element, Schema, TextOrigin } from "../model/schema.ts";
import { migrationName } from "./lastChange.ts";

export interface FoundSymbol {
  readonly kind: "table" | "view" | "column" | "enum" | "type" | "routine" | "index";
  /** As the language at `origin` writes it: `Account.ownerId`, `accounts.owner_id`. */
  readonly name: string;
  readonly origin: TextOrigin;
  /** The migration that made it; empty in a Prisma schema. */
  readonly container: string;
}

/** More are of no use to anybody. */
const most = 300;

/**
 * What holds the characters of `query` in their order, case aside; the best matches first. Columns and indexes only for
 * queries of two characters or more. An object that both languages state is found in each.
 */
export function searchSymbols(schema: Schema, query: string): readonly FoundSymbol[] {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, "");
  const found: (FoundSymbol & { readonly rank: number })[] = [];
  const add = (kind: FoundSymbol["kind"], element: Element, name: string, prismaName: string | undefined): void => {
    const seen = new Set<string>();
    for (const origin of element.origins) {
      if ((origin.kind !== "prisma" && origin.kind !== "sql") || seen.has(origin.kind)) continue;
      const shown = origin.kind === "prisma" ? (prismaName ?? name) : name;
      const rank = rankOf(shown, wanted);
      seen.add(origin.kind);
      if (rank !== undefined)
        found.push({ kind, name: shown, origin, container: origin.kind === "sql" ? migrationName(origin.uri) : "", rank });
    }
  };
  for (const table of schema.tables.values()) add("table", table, named(table), table.prismaName);
  for (const view of schema.views.values()) add("view", view, named(view), view.prismaName);
  for (const type of schema.enums.values()) add("enum", type, named(type), type.prismaName);
  for (const types of [schema.domains, schema.compositeTypes]) for (const type of types.values()) add("type", type, named(type), undefined);
  for (const routine of schema.routines.values()) add("routine", routine, named(routine), undefined);
  if (wanted.length >= 2) {
    for (const table of schema.tables.values()) {
      for (const column of table.columns.values()) {
        const prismaName = column.prismaName === undefined ? undefined : `${table.prismaName ?? table.name}.${column.prismaName}`;
        add("column", column, `${table.name}.${column.name}`, prismaName);
      }
      for (const index of table.indexes) if (index.constraint === undefined) add("index", index, index.name, undefined);
    }
  }
  return found.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).slice(0, most);
}

function named({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

/** The lower the better: the whole name, its beginning, the beginning of a part, anywhere, scattered. Undefined: not at all. */
function rankOf(name: string, wanted: string): number | undefined {
  const text = name.toLowerCase();
  if (wanted === "") return 0;
  if (text === wanted) return 0;
  const at = text.indexOf(wanted);
  if (at === 0) return 1;
  if (at > 0) return /[._]/.test(text[at - 1] ?? "") ? 2 : 3;
  let from = 0;
  for (const character of wanted) {
    from = text.indexOf(character, from) + 1;
    if (from === 0) return undefined;
  }
  return 4;
}
