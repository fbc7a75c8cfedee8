/** Every rule, in the order in which findings are made and pages are listed. `npm run new-rule` adds lines here. */
import type { Rule, SchemaRule } from "./rule.ts";
import { noCascadeGap } from "./schema/no-cascade-gap.ts";
import { noDuplicateIndex } from "./schema/no-duplicate-index.ts";
import { noFkTypeMismatch } from "./schema/no-fk-type-mismatch.ts";
import { noFloatMoney } from "./schema/no-float-money.ts";
import { noRedundantIndex } from "./schema/no-redundant-index.ts";
import { noSetNullOnRequired } from "./schema/no-set-null-on-required.ts";
import { noSoftDeleteUnique } from "./schema/no-soft-delete-unique.ts";
import { preferTimestamptz } from "./schema/prefer-timestamptz.ts";
import { preferUuidType } from "./schema/prefer-uuid-type.ts";
import { requireIndexOnForeignKey } from "./schema/require-index-on-foreign-key.ts";
import { requireOnDelete } from "./schema/require-on-delete.ts";
import { requirePrimaryKey } from "./schema/require-primary-key.ts";
import { requireTenantInForeignKey } from "./schema/require-tenant-in-foreign-key.ts";
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
