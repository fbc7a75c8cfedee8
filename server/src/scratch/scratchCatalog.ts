/** The catalog of a scratch database, by the same queries that read a server's. */
import * as v from "valibot";
import { catalogQueries } from "../database/catalogQueries.ts";
import { catalogRowsSchema } from "../database/catalogRowSchemas.ts";
import type { CatalogRows } from "../model/catalogRows.ts";
import type { AskOptions, ScratchDatabase, ScratchResult } from "./scratchDatabase.ts";

/** Rows as `fromCatalog` takes them, of all schemas, as one state of the database. */
export function scratchCatalog(database: ScratchDatabase, options: AskOptions = {}): Promise<ScratchResult<CatalogRows>> {
  return database.alone(async (query): Promise<ScratchResult<CatalogRows>> => {
    const raw: Record<string, readonly unknown[]> = {};
    for (const [name, { variants, isFiltered }] of Object.entries(catalogQueries)) {
      // The embedded PostgreSQL is as new as any server.
      const [newest] = variants;
      if (newest === undefined) continue;
      const result = await query(newest.text, isFiltered ? [null, []] : [], options);
      if (!result.ok) return result;
      raw[name] = result.value;
    }
    const parsed = v.safeParse(catalogRowsSchema, raw);
    if (parsed.success) return { ok: true, value: parsed.output };
    const [issue] = parsed.issues;
    return { ok: false, why: { kind: "crashed", message: `The catalog has an unexpected shape: ${v.getDotPath(issue) ?? "?"}: ${issue.message}` } };
  });
}
