/** Every rule, in the order in which findings are made and pages are listed. `npm run new-rule` adds lines here. */
import type { Rule, SchemaRule } from "./rule.ts";
import { noCascadeGap } from "./relations/no-cascade-gap.ts";
import { noDuplicateIndex } from "./indexes/no-duplicate-index.ts";
import { noFkTypeMismatch } from "./types/no-fk-type-mismatch.ts";
import { noFloatMoney } from "./types/no-float-money.ts";
import { noRedundantIndex } from "./indexes/no-redundant-index.ts";
import { noSetNullOnRequired } from "./relations/no-set-null-on-required.ts";
import { noSoftDeleteUnique } from "./keys/no-soft-delete-unique.ts";
import { preferTimestamptz } from "./types/prefer-timestamptz.ts";
import { preferUuidType } from "./types/prefer-uuid-type.ts";
import { requireIndexOnForeignKey } from "./indexes/require-index-on-foreign-key.ts";
import { requireOnDelete } from "./relations/require-on-delete.ts";
import { requirePrimaryKey } from "./keys/require-primary-key.ts";
import { requireTenantInForeignKey } from "./security/require-tenant-in-foreign-key.ts";
import { noUnknownRule } from "./suppression/no-unknown-rule.ts";
import { noUnusedSuppression } from "./suppression/no-unused-suppression.ts";
import { requireSuppressionReason } from "./suppression/require-suppression-reason.ts";

export const rules: readonly Rule[] = [
  noCascadeGap,
  noDuplicateIndex,
  noFkTypeMismatch,
  noFloatMoney,
  noRedundantIndex,
  noSetNullOnRequired,
  noSoftDeleteUnique,
  noUnknownRule,
  noUnusedSuppression,
  preferTimestamptz,
  preferUuidType,
  requireIndexOnForeignKey,
  requireOnDelete,
  requirePrimaryKey,
  requireSuppressionReason,
  requireTenantInForeignKey,
];

export const schemaRules: readonly SchemaRule[] = rules.filter((rule) => rule.group === "schema");

/** The rule of this id, or of this earlier name. */
export function ruleNamed(id: string): Rule | undefined {
  return byName.get(id);
}

const byName: ReadonlyMap<string, Rule> = new Map([
  ...rules.flatMap((rule) => (rule.aliases ?? []).map((alias) => [alias, rule] as const)),
  ...rules.map((rule) => [rule.id, rule] as const),
]);
