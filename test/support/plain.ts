/** Elements of a schema as texts that compare: what they state, without where. */
import { formatType } from "../../server/src/model/pgTypes.ts";
import type { PgType } from "../../server/src/model/schema.ts";

/** JSON without origins, maps as lists of entries. */
export function plain(value: unknown): string {
  return JSON.stringify(value, (name, part: unknown) => {
    if (name === "origins") return undefined;
    if (part instanceof Map) return [...part];
    if (part instanceof Set) return [...part];
    if (typeof part === "bigint") return String(part);
    return isType(part) ? formatType(part) : part;
  });
}

function isType(value: unknown): value is PgType {
  return typeof value === "object" && value !== null && "modifiers" in value && "isArray" in value;
}
