/** The data sheet of a table: keys, relations both ways, indexes, row-level security. */
import { type Reference, referencingKeys } from "../../model/queries.ts";
import type { ForeignKey, Index, Schema, Table } from "../../model/schema.ts";
import { code, type Fact, fact, listed, type Run, type Sheet } from "./sheet.ts";
import { actions, columnList, counted, identifier, indexKeys, oneLine, placeOf, qualified } from "./wording.ts";

export function tableSheet(table: Table, schema: Schema): Sheet {
  const foreignKeys = table.foreignKeys;
  const referencing = referencingKeys(schema, table.key);
  const indexes = table.indexes.filter((index) => !index.unique);
  return {
    sql: `${heading(table)} -- ${counted(table.columns.size, "column")}${table.prismaName === undefined || table.prismaName === table.name ? "" : `, model ${table.prismaName}`}`,
    comment: table.comment ?? table.doc,
    facts: [
      ...primaryKey(table),
      ...fact(
        "Unique",
        listed(uniqueKeys(table), (columns) => [code(columns)]),
      ),
      ...fact(
        "References",
        listed(foreignKeys, (key) => foreignKeyRuns(key, schema)),
      ),
      ...fact("Referenced by", listed(referencing, referenceRuns)),
      ...fact("Indexes", listed(indexes, indexRuns)),
      ...fact(
        "Checks",
        listed(table.checks, (check) => [code(oneLine(check.expression.text), placeOf(check))], 2),
      ),
      ...partitions(table),
      ...fact("Row-level security", rowSecurity(table)),
      ...fact(
        "Triggers",
        listed(
          table.triggers,
          (trigger) => [
            code(identifier(trigger.name), placeOf(trigger)),
            ` ${trigger.timing === "insteadOf" ? "instead of" : trigger.timing} ${trigger.events.join(", ")}`,
          ],
          3,
        ),
      ),
    ],
  };
}

function heading(table: Table): string {
  const persistence = table.persistence === "permanent" ? "" : `${table.persistence.toUpperCase()} `;
  return `${persistence}${table.kind === "foreign" ? "FOREIGN " : ""}TABLE ${qualified(table)}`;
}

function primaryKey(table: Table): Fact[] {
  if (table.primaryKey === undefined) return table.complete ? [{ label: "Primary key", value: ["none"] }] : [];
  return [{ label: "Primary key", value: [code(columnList(table.primaryKey.columns), placeOf(table.primaryKey))] }];
}

/** Of constraints and of indexes alike: PostgreSQL refuses the same rows. */
function uniqueKeys(table: Table): string[] {
  const ofIndexes = table.indexes.filter((index) => index.unique && !index.primary && index.constraint === undefined);
  const constraints = table.uniqueConstraints.map((key) => columnList(key.columns));
  return [
    ...constraints,
    ...ofIndexes.map((index) => `${indexKeys(index)}${index.predicate === undefined ? "" : ` WHERE ${oneLine(index.predicate.text)}`}`),
  ];
}

/** `accounts` by `(account_id)` ON DELETE CASCADE. */
function foreignKeyRuns(key: ForeignKey, schema: Schema): readonly Run[] {
  const target = schema.tables.get(key.references.key);
  return [
    code(qualified({ schema: key.references.schema, name: key.references.table }), target && placeOf(target)),
    " by ",
    code(columnList(key.columns), placeOf(key)),
    onDelete(key),
  ];
}

function indexRuns(index: Index): readonly Run[] {
  return [
    code(indexKeys(index), placeOf(index)),
    index.method === "btree" ? "" : ` ${index.method}`,
    index.predicate === undefined ? "" : " partial",
  ];
}

function onDelete(key: ForeignKey): string {
  return key.onDelete === "noAction" ? "" : ` ON DELETE ${actions[key.onDelete]}`;
}

/** `contacts (account_id)` on delete cascade. */
export function referenceRuns({ table, foreignKey }: Reference): readonly Run[] {
  return [code(`${qualified(table)} ${columnList(foreignKey.columns)}`, placeOf(foreignKey)), onDelete(foreignKey)];
}

function partitions({ partitionBy, partitionOf }: Table): Fact[] {
  const keys = partitionBy?.keys.map((key) => key.column ?? key.expression?.text ?? "").join(", ") ?? "";
  return [
    ...(partitionBy === undefined ? [] : fact("Partitioned by", [code(`${partitionBy.strategy} (${oneLine(keys)})`)])),
    ...(partitionOf === undefined ? [] : fact("Partition of", [code(partitionOf.parent), " ", code(oneLine(partitionOf.bound))])),
  ];
}

function rowSecurity({ rowSecurity: { enabled, forced }, policies }: Table): Run[] {
  if (!enabled && policies.length === 0) return [];
  const state = enabled ? (forced ? "enabled, forced on the owner" : "enabled, not for the owner") : "policies exist, not enabled";
  return [
    `${state}; `,
    ...(policies.length === 0
      ? ["no policy: nobody else sees a row"]
      : listed(policies, (policy) => [code(identifier(policy.name), placeOf(policy)), ` ${policy.command}`])),
  ];
}
