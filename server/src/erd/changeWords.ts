/** A changed fact in words for people: "type: integer → bigint", "not null now". */
import type { FacetChange } from "../model/diff.ts";

export function facetText({ facet, before, after }: FacetChange): string {
  const isNow = flags.get(facet);
  if (isNow !== undefined && (after === "true" || after === "false")) return after === "true" ? isNow[0] : isNow[1];
  return `${titles.get(facet) ?? spaced(facet)}: ${valueText(facet, before)} → ${valueText(facet, after)}`;
}

/** What is said of a fact that holds now, and of one that holds no longer. */
const flags: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["notNull", ["not null now", "may be null now"]],
  ["unique", ["unique now", "not unique any more"]],
  ["validated", ["validated now", "not validated any more"]],
  ["securityDefiner", ["security definer now", "security invoker now"]],
]);

const titles: ReadonlyMap<string, string> = new Map([
  ["columns", "order"],
  ["rowSecurity", "row security"],
  ["deferrable", "checked"],
]);

/** `partitionOf` is `partition of`. */
function spaced(facet: string): string {
  return facet.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function valueText(facet: string, value: string): string {
  if (value === "") return "none";
  if (facet === "type" || facet === "baseType") return value.replace(/ \((?:base|enum|domain|composite|unknown)\)$/, "");
  return facet === "onDelete" || facet === "onUpdate" ? spaced(value) : value;
}
