/** What has no spelling of its own here: the node's type and fields, without positions. */
import type { Node } from "@pgsql/types";
import type { Writer } from "./term.ts";
import { isNode } from "./walk.ts";

/** For example `JsonIsPredicate{expr: payload, item_type: JS_TYPE_OBJECT}`. */
export function genericText(node: Node, write: Writer): string {
  return Object.entries(node)
    .map(([type, fields]) => `${type}${fieldsText(fields, write)}`)
    .join();
}

function fieldsText(value: unknown, write: Writer): string {
  if (Array.isArray(value)) return `[${value.map((one) => valueText(one, write)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const fields = Object.entries(value).filter(([name, field]) => field !== undefined && field !== false && !isPosition(name));
  return `{${fields.map(([name, field]) => `${name}: ${valueText(field, write)}`).join(", ")}}`;
}

function valueText(value: unknown, write: Writer): string {
  return isNode(value) ? write.operand(value) : fieldsText(value, write);
}

function isPosition(name: string): boolean {
  return name === "location" || name.endsWith("_location") || name.endsWith("_start") || name.endsWith("_end");
}
