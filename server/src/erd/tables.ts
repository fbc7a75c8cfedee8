/** Tables and views of a schema as boxes of a diagram. */
import type { ErdColumn, ErdFinding, ErdPersonalData, ErdTable } from "../../../protocol/src/erd.ts";
import { isUniqueBy } from "../model/indexQueries.ts";
import { keyOf } from "../model/names.ts";
import { personalDataIn, plainSecretIn } from "../model/personalData.ts";
import { formatType } from "../model/pgTypes.ts";
import { partitionsOf } from "../model/queries.ts";
import type { Column, Element, PgType, Schema, Table, View } from "../model/schema.ts";

export interface Surroundings {
  readonly group: string;
  readonly findings: readonly ErdFinding[];
  readonly size: { readonly bytes: number; readonly rows: number } | undefined;
  readonly partitions: number;
}

/** What was last made of a table: an edit to one of a thousand changes no other. */
const known = new WeakMap<Table, { readonly stamp: string; readonly drawn: ErdTable }>();

/** The same object as before where a table and what surrounds it say the same. */
export function tableOf(schema: Schema, table: Table, surroundings: Surroundings): ErdTable {
  const foreign = [table, ...partitionsOf(schema, table.key)].flatMap(({ foreignKeys }) => foreignKeys.flatMap(({ columns }) => columns));
  const enums = [...table.columns.values()].flatMap(({ type }) => (type.kind === "enum" ? [enumOf(schema, type) ?? null] : []));
  const stamp = JSON.stringify([surroundings, foreign, enums]);
  const before = known.get(table);
  if (before?.stamp === stamp) return before.drawn;
  const drawn = drawnTable(schema, table, new Set(foreign), surroundings);
  known.set(table, { stamp, drawn });
  return drawn;
}

function drawnTable(schema: Schema, table: Table, foreign: ReadonlySet<string>, { group, findings, size, partitions }: Surroundings): ErdTable {
  const keys = new Set(table.primaryKey?.columns);
  const columns = [...table.columns.values()].map((column): ErdColumn => {
    const usedEnum = enumOf(schema, column.type);
    const personalData = personalDataOf(table, column);
    const value = column.generated?.expression.text ?? column.default?.text ?? column.clientDefault;
    return {
      ...names(column),
      type: formatType(column.type),
      primaryKey: keys.has(column.name),
      foreignKey: foreign.has(column.name),
      unique: isUniqueBy(table, [column.name]),
      nullable: !column.notNull && !keys.has(column.name),
      ...(value === undefined ? {} : { default: value }),
      ...(usedEnum === undefined ? {} : { enum: usedEnum }),
      ...(personalData === undefined ? {} : { personalData }),
    };
  });
  return {
    key: table.key,
    schema: table.schema,
    ...names(table),
    kind: "table",
    columns,
    group,
    findings,
    rowSecurity: { ...table.rowSecurity, policies: table.policies.map(({ name, command }) => ({ name, command })) },
    ...(size === undefined ? {} : { size }),
    ...(partitions === 0 ? {} : { partitions }),
    accessibleName: [
      table.name,
      counted(columns.length, "column"),
      counted(table.foreignKeys.length, "foreign key"),
      ...(partitions === 0 ? [] : [counted(partitions, "partition")]),
      ...(findings.length === 0 ? [] : [counted(findings.length, "finding")]),
    ].join(", "),
  };
}

export function viewOf(view: View, group: string, findings: readonly ErdFinding[]): ErdTable {
  const columns = view.columns.map(
    (name): ErdColumn => ({ name, type: "", primaryKey: false, foreignKey: false, unique: false, nullable: true }),
  );
  return {
    key: view.key,
    schema: view.schema,
    ...names(view),
    kind: view.materialized ? "materializedView" : "view",
    columns,
    group,
    findings,
    rowSecurity: { enabled: false, forced: false, policies: [] },
    accessibleName: `${view.name}, ${view.materialized ? "materialized view" : "view"}, ${counted(columns.length, "column")}`,
  };
}

/** The key of the enum a type is, or is an array of. */
export function enumOf(schema: Schema, type: PgType): string | undefined {
  if (type.kind !== "enum") return undefined;
  const key = keyOf(type.schema ?? "public", type.name);
  return schema.enums.has(key) ? key : undefined;
}

function names(element: Element & { readonly prismaName: string | undefined; readonly doc?: string | undefined }): {
  readonly name: string;
  readonly prismaName?: string;
  readonly comment?: string;
} {
  const comment = element.comment ?? element.doc;
  return {
    name: element.name,
    ...(element.prismaName === undefined || element.prismaName === element.name ? {} : { prismaName: element.prismaName }),
    ...(comment === undefined || comment === "" ? {} : { comment }),
  };
}

function personalDataOf(table: Table, column: Column): ErdPersonalData | undefined {
  const secret = plainSecretIn(table, column);
  if (secret !== undefined) return { category: "secret", what: secret };
  const data = personalDataIn(table, column);
  return data === undefined ? undefined : { category: data.category, what: data.what };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
