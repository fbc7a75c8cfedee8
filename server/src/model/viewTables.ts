/** What stands behind views: where a plan speaks of tables, and the query of a view. */
import type { Schema } from "./schema.ts";

/** By the view's name: names of the tables that it reads, those of other views included. What a materialized view holds is its own. */
export function tablesBehindViews({ views, tables }: Schema): ReadonlyMap<string, ReadonlySet<string>> {
  const behind = new Map<string, ReadonlySet<string>>();
  for (const view of views.values()) {
    const seen = new Set<string>();
    const names = new Set<string>();
    const open = [...view.reads];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (seen.has(key)) continue;
      seen.add(key);
      const table = tables.get(key);
      if (table !== undefined) names.add(table.name);
      const other = views.get(key);
      if (other?.materialized === false) open.push(...other.reads);
      else if (other !== undefined) names.add(other.name);
    }
    if (!view.materialized) behind.set(view.name, names);
  }
  return behind;
}
