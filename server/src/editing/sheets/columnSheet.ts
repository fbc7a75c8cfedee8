/** The data sheet of a column: what its type really is, which keys it is part of, which indexes serve it, what reads it. */
import { referencingKeys } from "../../model/queries.ts";
import type { Column, Index, Schema, Table } from "../../model/schema.ts";
import { code, type Fact, fact, listed, type Run, type Sheet } from "./sheet.ts";
import { referenceRuns } from "./tableSheet.ts";
import { actionsOf, columnDefinition, columnList, identifier, indexKeys, oneLine, placeOf, qualified } from "./wording.ts";

export function columnSheet(table: Table, column: Column, schema: Schema): Sheet {
  const { name } = column;
  const reads = (columns: readonly string[]): boolean => columns.includes(name);
  const foreignKeys = table.foreignKeys.filter((key) => reads(key.columns));
  const referencing = referencingKeys(schema, table.key).filter(({ foreignKey }) => reads(foreignKey.references.columns));
  const policies = table.policies.filter((policy) => reads(policy.using?.columns ?? []) || reads(policy.withCheck?.columns ?? []));
  const prismaName = column.prismaName === undefined || column.prismaName === name ? "" : `, field ${column.prismaName}`;
  return {
    sql: `${columnDefinition(column)} -- ${qualified(table)}${prismaName}`,
    comment: column.comment ?? column.doc,
    facts: [
      ...fact("Set by Prisma Client", column.clientDefault === undefined ? [] : [code(column.clientDefault), "; unknown to the database"]),
      ...typeFacts(column, schema),
      ...fact("Key", keys(table, name)),
      ...fact(
        "References",
        listed(foreignKeys, (key) => [
          code(`${key.references.table} ${columnList(key.references.columns)}`, placeOf(key)),
          key.columns.length > 1 ? ` together as ${columnList(key.columns)}` : "",
          after(actionsOf(key)),
        ]),
      ),
      ...fact("Referenced by", listed(referencing, referenceRuns)),
      ...fact("Indexed by", indexRuns(table, name, foreignKeys.length > 0)),
      ...fact(
        "Checks",
        listed(
          table.checks.filter((check) => reads(check.expression.columns)),
          (check) => [code(oneLine(check.expression.text), placeOf(check))],
          2,
        ),
      ),
      ...fact(
        "Policies",
        listed(policies, (policy) => [code(identifier(policy.name), placeOf(policy)), ` ${policy.command}`]),
      ),
    ],
  };
}

function typeFacts({ type }: Column, schema: Schema): Fact[] {
  const key = `${type.schema ?? "public"}.${type.name}`;
  if (type.kind === "enum") {
    const found = schema.enums.get(key);
    return found === undefined
      ? []
      : fact(
          "Values",
          listed(found.values, (value) => [code(value)], 8),
        );
  }
  const domain = type.kind === "domain" ? schema.domains.get(key) : undefined;
  if (domain === undefined) return [];
  return fact(
    "Domain",
    listed(domain.checks, (check) => [code(oneLine(check.expression.text), placeOf(check))], 2),
  );
}

function keys(table: Table, column: string): Run[] {
  const parts: Run[][] = [];
  if (table.primaryKey?.columns.includes(column) === true) {
    const { columns } = table.primaryKey;
    parts.push(columns.length === 1 ? ["primary key"] : ["part of the primary key ", code(columnList(columns), placeOf(table.primaryKey))]);
  }
  for (const index of table.indexes) {
    if (!index.unique || index.primary || !index.keys.some((key) => key.column === column)) continue;
    const isAlone = index.keys.length === 1 && index.predicate === undefined;
    const where = index.predicate === undefined ? "" : ` WHERE ${oneLine(index.predicate.text)}`;
    parts.push(isAlone ? ["unique"] : ["unique as ", code(`${indexKeys(index)}${where}`, placeOf(index))]);
  }
  return listed(parts, (part) => part);
}

/** Those that find rows by the column alone first; for a key that nothing serves, that there is none. */
function indexRuns(table: Table, column: string, isReference: boolean): Run[] {
  const leads = (index: Index): boolean => index.keys[0]?.column === column;
  const serving = table.indexes.filter((index) => index.valid && leads(index));
  const others = table.indexes.filter((index) => !leads(index) && index.keys.some((key) => key.column === column));
  const runsOf = (index: Index): readonly Run[] => [
    code(`${identifier(index.name)} ${indexKeys(index)}`, placeOf(index)),
    index.method === "btree" ? "" : ` ${index.method}`,
    index.predicate === undefined ? "" : " partial",
  ];
  if (serving.length > 0) return listed(serving, runsOf, 3);
  if (others.length > 0) return ["none that begins with it; also in ", ...listed(others, runsOf, 2)];
  return isReference ? ["no index"] : [];
}

function after(words: string): string {
  return words === "" ? "" : ` ${words}`;
}
