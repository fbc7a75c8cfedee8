/** The option of rules that must know which column names the tenant of a row. */
import type { RuleOption } from "./rule.ts";

export const tenantColumns: RuleOption<readonly string[]> = {
  default: ["tenant_id", "organization_id", "organisation_id", "org_id", "workspace_id"],
  description: "Names of columns that say which tenant a row belongs to; case and underscores do not matter.",
};
