/** Every rule, in the order in which findings are made and pages are listed. `npm run new-rule` adds lines here. */
import type { MigrationRule, Rule, SchemaRule } from "./rule.ts";
import { noDisabledAutovacuum } from "./changes/no-disabled-autovacuum.ts";
import { noDropAndAdd } from "./changes/no-drop-and-add.ts";
import { noDroppedColumn } from "./changes/no-dropped-column.ts";
import { noDroppedConstraint } from "./changes/no-dropped-constraint.ts";
import { noDroppedNotNull } from "./changes/no-dropped-not-null.ts";
import { noDroppedSchema } from "./changes/no-dropped-schema.ts";
import { noDroppedTable } from "./changes/no-dropped-table.ts";
import { noHiddenDifference } from "./changes/no-hidden-difference.ts";
import { noNewEnumValueInTransaction } from "./changes/no-new-enum-value-in-transaction.ts";
import { noOpenTransaction } from "./changes/no-open-transaction.ts";
import { noRenamedColumn } from "./changes/no-renamed-column.ts";
import { noRenamedEnumValue } from "./changes/no-renamed-enum-value.ts";
import { noRenamedTable } from "./changes/no-renamed-table.ts";
import { noReplicaIdentityChange } from "./changes/no-replica-identity-change.ts";
import { noRiskyCast } from "./changes/no-risky-cast.ts";
import { noTruncate } from "./changes/no-truncate.ts";
import { noUnfilteredWrite } from "./changes/no-unfiltered-write.ts";
import { noUniqueOnExistingRows } from "./changes/no-unique-on-existing-rows.ts";
import { noUnmanagedDrop } from "./changes/no-unmanaged-drop.ts";
import { noUnreadSql } from "./changes/no-unread-sql.ts";
import { preferRepeatableStatements } from "./changes/prefer-repeatable-statements.ts";
import { requireCheckBeforeDrop } from "./changes/require-check-before-drop.ts";
import { requireDefaultForOldClients } from "./changes/require-default-for-old-clients.ts";
import { requireEnumPosition } from "./changes/require-enum-position.ts";
import { requireIrreversibleMark } from "./changes/require-irreversible-mark.ts";
import { requireMigration } from "./changes/require-migration.ts";
import { requirePoliciesWithRowSecurity } from "./changes/require-policies-with-row-security.ts";
import { requireWayBack } from "./changes/require-way-back.ts";
import { noArrayOfIds } from "./design/no-array-of-ids.ts";
import { noDelimitedList } from "./design/no-delimited-list.ts";
import { noEmptyTable } from "./design/no-empty-table.ts";
import { noForbiddenColumn } from "./design/no-forbidden-column.ts";
import { noPartialDependency } from "./design/no-partial-dependency.ts";
import { noPartitionGap } from "./design/no-partition-gap.ts";
import { noPolymorphicReference } from "./design/no-polymorphic-reference.ts";
import { noQuotedName } from "./design/no-quoted-name.ts";
import { noRepeatingColumns } from "./design/no-repeating-columns.ts";
import { noRequiredIgnoredField } from "./design/no-required-ignored-field.ts";
import { noTableInheritance } from "./design/no-table-inheritance.ts";
import { noTransitiveCopy } from "./design/no-transitive-copy.ts";
import { noTruncatedName } from "./design/no-truncated-name.ts";
import { noUnloggedTable } from "./design/no-unlogged-table.ts";
import { noWideTable } from "./design/no-wide-table.ts";
import { preferAlignedColumns } from "./design/prefer-aligned-columns.ts";
import { preferDatabaseDefault } from "./design/prefer-database-default.ts";
import { preferFieldOrder } from "./design/prefer-field-order.ts";
import { requireCheck } from "./design/require-check.ts";
import { requireColumns } from "./design/require-columns.ts";
import { requireDefaultPartition } from "./design/require-default-partition.ts";
import { requireNamingConvention } from "./design/require-naming-convention.ts";
import { requirePartitionKeyInUnique } from "./design/require-partition-key-in-unique.ts";
import { requireQualifiedName } from "./design/require-qualified-name.ts";
import { requireUpdatedAtTrigger } from "./design/require-updated-at-trigger.ts";
import { noCommentDrift } from "./documentation/no-comment-drift.ts";
import { requireComment } from "./documentation/require-comment.ts";
import { noBtreeOnArrayOrJson } from "./indexes/no-btree-on-array-or-json.ts";
import { noConstantIndexPredicate } from "./indexes/no-constant-index-predicate.ts";
import { noInvalidIndex } from "./indexes/no-invalid-index.ts";
import { noLowSelectivityIndex } from "./indexes/no-low-selectivity-index.ts";
import { noTooManyIndexes } from "./indexes/no-too-many-indexes.ts";
import { noWideIndex } from "./indexes/no-wide-index.ts";
import { preferBtreeOverHash } from "./indexes/prefer-btree-over-hash.ts";
import { preferTimeLastInIndex } from "./indexes/prefer-time-last-in-index.ts";
import { requireExtensionForIndex } from "./indexes/require-extension-for-index.ts";
import { requireTextSearchIndex } from "./indexes/require-text-search-index.ts";
import { requireVectorIndex } from "./indexes/require-vector-index.ts";
import { noCaseSensitiveEmail } from "./keys/no-case-sensitive-email.ts";
import { noNullableUnique } from "./keys/no-nullable-unique.ts";
import { noRandomUuidKey } from "./keys/no-random-uuid-key.ts";
import { noWidePrimaryKey } from "./keys/no-wide-primary-key.ts";
import { preferBigintKey } from "./keys/prefer-bigint-key.ts";
import { preferIdentity } from "./keys/prefer-identity.ts";
import { preferKeyColumnsFirst } from "./keys/prefer-key-columns-first.ts";
import { requireConstraintName } from "./keys/require-constraint-name.ts";
import { requireTenantInUnique } from "./keys/require-tenant-in-unique.ts";
import { noConcurrentInTransaction } from "./locks/no-concurrent-in-transaction.ts";
import { noConcurrentOnPartitioned } from "./locks/no-concurrent-on-partitioned.ts";
import { noDomainCheck } from "./locks/no-domain-check.ts";
import { noEndlessTimeout } from "./locks/no-endless-timeout.ts";
import { noEnumRecreation } from "./locks/no-enum-recreation.ts";
import { noExclusionOnUsedTable } from "./locks/no-exclusion-on-used-table.ts";
import { noIfNotExistsConcurrent } from "./locks/no-if-not-exists-concurrent.ts";
import { noIndexRebuild } from "./locks/no-index-rebuild.ts";
import { noInlineConstraint } from "./locks/no-inline-constraint.ts";
import { noLateTimeout } from "./locks/no-late-timeout.ts";
import { noNestedTransaction } from "./locks/no-nested-transaction.ts";
import { noNullablePrimaryKey } from "./locks/no-nullable-primary-key.ts";
import { noParentLock } from "./locks/no-parent-lock.ts";
import { noPartitionOfLock } from "./locks/no-partition-of-lock.ts";
import { noPrimaryKeyChange } from "./locks/no-primary-key-change.ts";
import { noRequiredColumnWithoutDefault } from "./locks/no-required-column-without-default.ts";
import { noRewritingColumn } from "./locks/no-rewriting-column.ts";
import { noSetNotNullScan } from "./locks/no-set-not-null-scan.ts";
import { noTableRewrite } from "./locks/no-table-rewrite.ts";
import { noTriggerLock } from "./locks/no-trigger-lock.ts";
import { noTypeRewrite } from "./locks/no-type-rewrite.ts";
import { noUnvalidatedConstraint } from "./locks/no-unvalidated-constraint.ts";
import { noValidateInSameTransaction } from "./locks/no-validate-in-same-transaction.ts";
import { noWideLockWindow } from "./locks/no-wide-lock-window.ts";
import { noWorkUnderLock } from "./locks/no-work-under-lock.ts";
import { preferCombinedAlter } from "./locks/prefer-combined-alter.ts";
import { requireApplicationName } from "./locks/require-application-name.ts";
import { requireCheckBeforeAttach } from "./locks/require-check-before-attach.ts";
import { requireConcurrentDetach } from "./locks/require-concurrent-detach.ts";
import { requireConcurrentDrop } from "./locks/require-concurrent-drop.ts";
import { requireConcurrentIndex } from "./locks/require-concurrent-index.ts";
import { requireConcurrentRefresh } from "./locks/require-concurrent-refresh.ts";
import { requireConcurrentReindex } from "./locks/require-concurrent-reindex.ts";
import { requireIdleTimeout } from "./locks/require-idle-timeout.ts";
import { requireLockTimeout } from "./locks/require-lock-timeout.ts";
import { requireNotValid } from "./locks/require-not-valid.ts";
import { requireStatementTimeout } from "./locks/require-statement-timeout.ts";
import { requireUsingIndex } from "./locks/require-using-index.ts";
import { noBlockedErasure } from "./privacy/no-blocked-erasure.ts";
import { noMutableAudit } from "./privacy/no-mutable-audit.ts";
import { noOrphanedPersonalData } from "./privacy/no-orphaned-personal-data.ts";
import { noPersonalDataInLogOrJson } from "./privacy/no-personal-data-in-log-or-json.ts";
import { noPlainSecret } from "./privacy/no-plain-secret.ts";
import { noPlainSpecialCategory } from "./privacy/no-plain-special-category.ts";
import { requireAuditTrigger } from "./privacy/require-audit-trigger.ts";
import { requirePiiTag } from "./privacy/require-pii-tag.ts";
import { requireRetention } from "./privacy/require-retention.ts";
import { noCascadeGap } from "./relations/no-cascade-gap.ts";
import { noDuplicateIndex } from "./indexes/no-duplicate-index.ts";
import { noCascadeIntoRecords } from "./relations/no-cascade-into-records.ts";
import { noCascadeOnReferenceData } from "./relations/no-cascade-on-reference-data.ts";
import { noDuplicateForeignKey } from "./relations/no-duplicate-foreign-key.ts";
import { noForeignKeyAcrossSchemas } from "./relations/no-foreign-key-across-schemas.ts";
import { noHalfNullForeignKey } from "./relations/no-half-null-foreign-key.ts";
import { noMixedCascadePaths } from "./relations/no-mixed-cascade-paths.ts";
import { noPointlessOnUpdateCascade } from "./relations/no-pointless-on-update-cascade.ts";
import { noPrismaRelationMode } from "./relations/no-prisma-relation-mode.ts";
import { noRequiredCycle } from "./relations/no-required-cycle.ts";
import { noSetNullOnSharedColumn } from "./relations/no-set-null-on-shared-column.ts";
import { noWideCascade } from "./relations/no-wide-cascade.ts";
import { requireForeignKey } from "./relations/require-foreign-key.ts";
import { requireUniqueOnOneToOne } from "./relations/require-unique-on-one-to-one.ts";
import { noAlwaysTruePolicy } from "./security/no-always-true-policy.ts";
import { noDynamicSqlInjection } from "./security/no-dynamic-sql-injection.ts";
import { noExcessPrivileges } from "./security/no-excess-privileges.ts";
import { noExposedCopy } from "./security/no-exposed-copy.ts";
import { noExtensionInPublic } from "./security/no-extension-in-public.ts";
import { noInactivePolicy } from "./security/no-inactive-policy.ts";
import { noMultiplePermissivePolicies } from "./security/no-multiple-permissive-policies.ts";
import { noPublicSecurityDefiner } from "./security/no-public-security-definer.ts";
import { noRegTypeColumn } from "./security/no-reg-type-column.ts";
import { noSessionWideSetting } from "./security/no-session-wide-setting.ts";
import { noUserMetadataInPolicy } from "./security/no-user-metadata-in-policy.ts";
import { preferSubselectInPolicy } from "./security/prefer-subselect-in-policy.ts";
import { requireForcedRowSecurity } from "./security/require-forced-row-security.ts";
import { requireIndexOnPolicyColumn } from "./security/require-index-on-policy-column.ts";
import { requirePolicy } from "./security/require-policy.ts";
import { requireRowLevelSecurity } from "./security/require-row-level-security.ts";
import { requireSearchPath } from "./security/require-search-path.ts";
import { requireSecurityInvoker } from "./security/require-security-invoker.ts";
import { requireWithCheck } from "./security/require-with-check.ts";
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
import { noSameNameDifferentType } from "./types/no-same-name-different-type.ts";
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
import { requireListDefault } from "./types/require-list-default.ts";
import { requireStringLength } from "./types/require-string-length.ts";

export const rules: readonly Rule[] = [
  noAlwaysTruePolicy,
  noArrayOfIds,
  noBlobColumn,
  noBlockedErasure,
  noBtreeOnArrayOrJson,
  noCascadeGap,
  noCascadeIntoRecords,
  noCascadeOnReferenceData,
  noCaseSensitiveEmail,
  noCharType,
  noCommentDrift,
  noConcurrentInTransaction,
  noConcurrentOnPartitioned,
  noConstantIndexPredicate,
  noDelimitedList,
  noDisabledAutovacuum,
  noDomainCheck,
  noDropAndAdd,
  noDroppedColumn,
  noDroppedConstraint,
  noDroppedNotNull,
  noDroppedSchema,
  noDroppedTable,
  noDuplicateForeignKey,
  noDuplicateIndex,
  noDynamicSqlInjection,
  noEmptyTable,
  noEndlessTimeout,
  noEnumRecreation,
  noEnumType,
  noExcessPrivileges,
  noExclusionOnUsedTable,
  noExposedCopy,
  noExtensionInPublic,
  noFkTypeMismatch,
  noFloatMoney,
  noForbiddenColumn,
  noForeignKeyAcrossSchemas,
  noHalfNullForeignKey,
  noHiddenDifference,
  noIfNotExistsConcurrent,
  noInactivePolicy,
  noIndexRebuild,
  noInlineConstraint,
  noInvalidIndex,
  noLateTimeout,
  noLowSelectivityIndex,
  noMixedCascadePaths,
  noMoneyType,
  noMultiplePermissivePolicies,
  noMutableAudit,
  noNestedTransaction,
  noNewEnumValueInTransaction,
  noNullableBoolean,
  noNullablePrimaryKey,
  noNullableUnique,
  noOpenTransaction,
  noOrphanedPersonalData,
  noParentLock,
  noPartialDependency,
  noPartitionGap,
  noPartitionOfLock,
  noPersonalDataInLogOrJson,
  noPlainSecret,
  noPlainSpecialCategory,
  noPointlessOnUpdateCascade,
  noPolymorphicReference,
  noPrimaryKeyChange,
  noPrismaRelationMode,
  noPublicSecurityDefiner,
  noQuotedName,
  noRandomUuidKey,
  noRedundantIndex,
  noRegTypeColumn,
  noRenamedColumn,
  noRenamedEnumValue,
  noRenamedTable,
  noRepeatingColumns,
  noReplicaIdentityChange,
  noRequiredColumnWithoutDefault,
  noRequiredCycle,
  noRequiredIgnoredField,
  noRewritingColumn,
  noRiskyCast,
  noSameNameDifferentType,
  noSessionWideSetting,
  noSetNotNullScan,
  noSetNullOnRequired,
  noSetNullOnSharedColumn,
  noSoftDeleteUnique,
  noTableInheritance,
  noTableRewrite,
  noTimestampPrecisionZero,
  noTimetz,
  noTooManyIndexes,
  noTransitiveCopy,
  noTriggerLock,
  noTruncate,
  noTruncatedName,
  noTypeRewrite,
  noUnfilteredWrite,
  noUniqueOnExistingRows,
  noUnknownRule,
  noUnloggedTable,
  noUnmanagedDrop,
  noUnreadSql,
  noUnusedSuppression,
  noUnvalidatedConstraint,
  noUserMetadataInPolicy,
  noValidateInSameTransaction,
  noWideCascade,
  noWideIndex,
  noWideLockWindow,
  noWidePrimaryKey,
  noWideTable,
  noWorkUnderLock,
  preferAlignedColumns,
  preferBigintKey,
  preferBtreeOverHash,
  preferCombinedAlter,
  preferDatabaseDefault,
  preferFieldOrder,
  preferIdentity,
  preferJsonb,
  preferKeyColumnsFirst,
  preferRepeatableStatements,
  preferSubselectInPolicy,
  preferTextType,
  preferTimeLastInIndex,
  preferTimestamptz,
  preferUuidType,
  requireApplicationName,
  requireAuditTrigger,
  requireCheck,
  requireCheckBeforeAttach,
  requireCheckBeforeDrop,
  requireColumns,
  requireComment,
  requireConcurrentDetach,
  requireConcurrentDrop,
  requireConcurrentIndex,
  requireConcurrentRefresh,
  requireConcurrentReindex,
  requireConstraintName,
  requireDecimalPrecision,
  requireDefaultForOldClients,
  requireDefaultPartition,
  requireEnumPosition,
  requireExtensionForIndex,
  requireForcedRowSecurity,
  requireForeignKey,
  requireIdleTimeout,
  requireIndexOnForeignKey,
  requireIndexOnPolicyColumn,
  requireIrreversibleMark,
  requireListDefault,
  requireLockTimeout,
  requireMigration,
  requireNamingConvention,
  requireNotValid,
  requireOnDelete,
  requirePartitionKeyInUnique,
  requirePiiTag,
  requirePoliciesWithRowSecurity,
  requirePolicy,
  requirePrimaryKey,
  requireQualifiedName,
  requireRetention,
  requireRowLevelSecurity,
  requireSearchPath,
  requireSecurityInvoker,
  requireStatementTimeout,
  requireStringLength,
  requireSuppressionReason,
  requireTenantInForeignKey,
  requireTenantInUnique,
  requireTextSearchIndex,
  requireUniqueOnOneToOne,
  requireUpdatedAtTrigger,
  requireUsingIndex,
  requireVectorIndex,
  requireWayBack,
  requireWithCheck,
];

export const schemaRules: readonly SchemaRule[] = rules.filter((rule) => rule.group === "schema");

export const migrationRules: readonly MigrationRule[] = rules.filter((rule) => rule.group === "migration");

/** The rule of this id, or of this earlier name. */
export function ruleNamed(id: string): Rule | undefined {
  return byName.get(id);
}

const byName: ReadonlyMap<string, Rule> = new Map([
  ...rules.flatMap((rule) => (rule.aliases ?? []).map((alias) => [alias, rule] as const)),
  ...rules.map((rule) => [rule.id, rule] as const),
]);
