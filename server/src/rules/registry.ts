/** Every rule, in the order in which findings are made and pages are listed. `npm run new-rule` adds lines here. */
import type { Rule, SchemaRule } from "./rule.ts";
import { noPartitionGap } from "./design/no-partition-gap.ts";
import { noTableInheritance } from "./design/no-table-inheritance.ts";
import { noUnloggedTable } from "./design/no-unlogged-table.ts";
import { requireDefaultPartition } from "./design/require-default-partition.ts";
import { requirePartitionKeyInUnique } from "./design/require-partition-key-in-unique.ts";
import { noCaseSensitiveEmail } from "./keys/no-case-sensitive-email.ts";
import { noNullableUnique } from "./keys/no-nullable-unique.ts";
import { noRandomUuidKey } from "./keys/no-random-uuid-key.ts";
import { noWidePrimaryKey } from "./keys/no-wide-primary-key.ts";
import { preferBigintKey } from "./keys/prefer-bigint-key.ts";
import { preferIdentity } from "./keys/prefer-identity.ts";
import { preferKeyColumnsFirst } from "./keys/prefer-key-columns-first.ts";
import { requireTenantInUnique } from "./keys/require-tenant-in-unique.ts";
import { noCascadeGap } from "./relations/no-cascade-gap.ts";
import { noDuplicateIndex } from "./indexes/no-duplicate-index.ts";
import { noCascadeIntoRecords } from "./relations/no-cascade-into-records.ts";
import { noCascadeOnReferenceData } from "./relations/no-cascade-on-reference-data.ts";
import { noDuplicateForeignKey } from "./relations/no-duplicate-foreign-key.ts";
import { noForeignKeyAcrossSchemas } from "./relations/no-foreign-key-across-schemas.ts";
import { noHalfNullForeignKey } from "./relations/no-half-null-foreign-key.ts";
import { noMixedCascadePaths } from "./relations/no-mixed-cascade-paths.ts";
import { noPointlessOnUpdateCascade } from "./relations/no-pointless-on-update-cascade.ts";
import { noRequiredCycle } from "./relations/no-required-cycle.ts";
import { noSetNullOnSharedColumn } from "./relations/no-set-null-on-shared-column.ts";
import { noWideCascade } from "./relations/no-wide-cascade.ts";
import { requireUniqueOnOneToOne } from "./relations/require-unique-on-one-to-one.ts";
import { noRegTypeColumn } from "./security/no-reg-type-column.ts";
import { noBlobColumn } from "./types/no-blob-column.ts";
import { noCharType } from "./types/no-char-type.ts";
import { noEnumType } from "./types/no-enum-type.ts";
import { noFkTypeMismatch } from "./types/no-fk-type-mismatch.ts";
import { noFloatMoney } from "./types/no-float-money.ts";
import { noRedundantIndex } from "./indexes/no-redundant-index.ts";
import { noSetNullOnRequired } from "./relations/no-set-null-on-required.ts";
import { noSoftDeleteUnique } from "./keys/no-soft-delete-unique.ts";
import { noMoneyType } from "./types/no-money-type.ts";
import { noNullableBoolean } from "./types/no-nullable-boolean.ts";
import { noTimestampPrecisionZero } from "./types/no-timestamp-precision-zero.ts";
import { noTimetz } from "./types/no-timetz.ts";
import { preferJsonb } from "./types/prefer-jsonb.ts";
import { preferTextType } from "./types/prefer-text-type.ts";
import { preferTimestamptz } from "./types/prefer-timestamptz.ts";
import { preferUuidType } from "./types/prefer-uuid-type.ts";
import { requireIndexOnForeignKey } from "./indexes/require-index-on-foreign-key.ts";
import { requireOnDelete } from "./relations/require-on-delete.ts";
import { requirePrimaryKey } from "./keys/require-primary-key.ts";
import { requireTenantInForeignKey } from "./security/require-tenant-in-foreign-key.ts";
import { noUnknownRule } from "./suppression/no-unknown-rule.ts";
import { noUnusedSuppression } from "./suppression/no-unused-suppression.ts";
import { requireSuppressionReason } from "./suppression/require-suppression-reason.ts";
import { requireDecimalPrecision } from "./types/require-decimal-precision.ts";
import { requireStringLength } from "./types/require-string-length.ts";

export const rules: readonly Rule[] = [
  noBlobColumn,
  noCascadeGap,
  noCascadeIntoRecords,
  noCascadeOnReferenceData,
  noCaseSensitiveEmail,
  noCharType,
  noDuplicateForeignKey,
  noDuplicateIndex,
  noEnumType,
  noFkTypeMismatch,
  noFloatMoney,
  noForeignKeyAcrossSchemas,
  noHalfNullForeignKey,
  noMixedCascadePaths,
  noMoneyType,
  noNullableBoolean,
  noNullableUnique,
  noPartitionGap,
  noPointlessOnUpdateCascade,
  noRandomUuidKey,
  noRedundantIndex,
  noRegTypeColumn,
  noRequiredCycle,
  noSetNullOnRequired,
  noSetNullOnSharedColumn,
  noSoftDeleteUnique,
  noTableInheritance,
  noTimestampPrecisionZero,
  noTimetz,
  noUnknownRule,
  noUnloggedTable,
  noUnusedSuppression,
  noWideCascade,
  noWidePrimaryKey,
  preferBigintKey,
  preferIdentity,
  preferJsonb,
  preferKeyColumnsFirst,
  preferTextType,
  preferTimestamptz,
  preferUuidType,
  requireDecimalPrecision,
  requireDefaultPartition,
  requireIndexOnForeignKey,
  requireOnDelete,
  requirePartitionKeyInUnique,
  requirePrimaryKey,
  requireStringLength,
  requireSuppressionReason,
  requireTenantInForeignKey,
  requireTenantInUnique,
  requireUniqueOnOneToOne,
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
