/** How a finding tells a step of a cascade, as related information. */
import type { Reference } from "../../model/queries.ts";
import { say } from "../names.ts";
import type { Related } from "../rule.ts";

/** Shown at the foreign key that cascades. */
export function cascadeStep({ table, foreignKey }: Reference): Related {
  return { at: foreignKey.origins, message: `Deleting ${sayReferenced(foreignKey.references)} deletes from ${say(table)} here.` };
}

function sayReferenced({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return say({ schema, name: table });
}
