/** Reads everything the model knows from a live catalog, in one transaction. */
import * as v from "valibot";
import type { CatalogQueryName, CatalogRows } from "../model/catalogRows.ts";
import { catalogQueries } from "./catalogQueries.ts";
import { catalogRowsSchema } from "./catalogRowSchemas.ts";
import { DatabaseError } from "./databaseError.ts";
import type { SchemaFilter, Session } from "./session.ts";

/**
 * The rows of every catalog query.
 *
 * @throws DatabaseError as `Session.reading` does, and when the server's answer has an unexpected shape.
 */
export async function readCatalog(session: Session, filter: SchemaFilter = {}): Promise<CatalogRows> {
  const raw: { [Name in CatalogQueryName]?: readonly unknown[] } = {};
  await session.reading(async (read) => {
    for (const name of catalogQueryNames) raw[name] = await read(name, filter);
  });
  const parsed = v.safeParse(catalogRowsSchema, raw);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new DatabaseError(`The catalog has an unexpected shape: ${v.getDotPath(issue) ?? "?"}: ${issue.message}`);
}

const catalogQueryNames = Object.keys(catalogQueries).filter((name): name is CatalogQueryName => name in catalogQueries);
