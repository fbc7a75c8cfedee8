/** What fixes mean that are about no single table: extensions, the datasource, names as they are written. */
import type { Origins } from "../../model/schema.ts";

export type ProjectIntent =
  /** Before what needs it, whose texts `neededBy` are. */
  | { readonly do: "createExtension"; readonly extension: string; readonly neededBy: Origins }
  /** The database enforces relations, not Prisma Client; `stated` is where the datasource says otherwise. */
  | { readonly do: "enforceRelations"; readonly stated: Origins }
  /** Writes an object's schema in front of its name where it is created. Changes nothing in the database. */
  | { readonly do: "qualifyName"; readonly schema: string; readonly created: Origins };

export function isProjectIntent(intent: { readonly do: string }): intent is ProjectIntent {
  return kinds.has(intent.do);
}

const kinds: ReadonlySet<string> = new Set<ProjectIntent["do"]>(["createExtension", "enforceRelations", "qualifyName"]);
