/** Where a diagnostic's code leads: the rule's own page wherever that can be opened, else the manual that the rule rests on. */
import { rulePageAddress, rulePageUri } from "../../../protocol/src/documentation.ts";
import { ruleNamed } from "../rules/registry.ts";
import type { Client } from "./client.ts";

/** Undefined for a rule that has neither. */
export function ruleLink(rule: string, client: Pick<Client, "opensRulePages">): string | undefined {
  return client.opensRulePages ? rulePageUri(rule) : (rulePageAddress(rule) ?? ruleNamed(rule)?.sources[0]);
}
