/**
 * A schema as a diagram: every table, view and enum as a box, every reference as a relation with what it means for the
 * number of rows at either end. Pure; the same schema gives the same diagram, whatever order it was read in.
 */
import type { ErdDiagram, ErdEnum, ErdRelation, ErdSeverity, ErdStatus, ErdTable } from "../../../protocol/src/erd.ts";
import type { EnumType, Schema, Table } from "../model/schema.ts";
import { partitionsOf } from "../model/queries.ts";
import { groupsOf } from "./groups.ts";
import { manyToManyOf, relationsOf, relationsOfPartitions, usesAndReads } from "./relations.ts";
import { tableOf, viewOf } from "./tables.ts";

export interface DiagramOptions {
  readonly title: string;
  readonly revision?: number;
  readonly findings?: readonly DrawnFinding[];
  /** By key of the table. */
  readonly sizes?: ReadonlyMap<string, { readonly bytes: number; readonly rows: number }>;
  /** Said of a schema that has nothing to draw; a whole sentence. */
  readonly emptyReason?: string;
}

/** What a diagram tells of a finding; `subject` begins with the key of what it is about. */
export interface DrawnFinding {
  readonly rule: string;
  readonly severity: ErdSeverity;
  readonly message: string;
  readonly subject: string;
}

export function diagramOf(schema: Schema, options: DiagramOptions): ErdDiagram {
  const joinTables = manyToManyOf(schema);
  const drawn = [...schema.tables.values()].filter((table) => !joinTables.has(table.key) && !isPartition(schema, table));
  const boxes = new Set([...drawn.map(({ key }) => key), ...schema.views.keys(), ...schema.enums.keys()]);
  const findings = findingsByTable(boxes, options.findings ?? []);
  const relations = [
    ...drawn.flatMap((table) => [...relationsOf(schema, table, boxes), ...relationsOfPartitions(schema, table, boxes)]),
    ...[...joinTables.values()].filter(({ from, to }) => boxes.has(from.table) && boxes.has(to.table)),
    ...usesAndReads(schema, drawn, boxes),
  ].sort(byKey);
  const groups = groupsOf(
    [...drawn, ...schema.views.values()].map(({ key, schema: namespace, name }) => ({ key, schema: namespace, name })).sort(byKey),
    relations,
  );
  const groupOf = (key: string, namespace: string): string => groups.of.get(key) ?? namespace;
  const tables: ErdTable[] = [
    ...drawn.map((table) =>
      tableOf(schema, table, {
        group: groupOf(table.key, table.schema),
        findings: findings.get(table.key) ?? [],
        size: options.sizes?.get(table.key),
        partitions: partitionsOf(schema, table.key).length,
      }),
    ),
    ...[...schema.views.values()].map((view) => viewOf(view, groupOf(view.key, view.schema), findings.get(view.key) ?? [])),
  ].sort(byKey);
  const enums = [...schema.enums.values()].map((each) => enumOf(each, groupOfEnum(each, relations, groups.of))).sort(byKey);
  const used = new Set([...tables, ...enums].map(({ group }) => group));
  return {
    revision: options.revision ?? 0,
    title: options.title,
    status: statusOf(tables.length + enums.length, options.emptyReason),
    tables,
    enums,
    relations,
    groups: groups.all.filter(({ key }) => used.has(key)),
    isDifference: false,
  };
}

function statusOf(boxes: number, reason = "There are no tables, views or enums to draw."): ErdStatus {
  return boxes > 0 ? { kind: "ok" } : { kind: "empty", reason };
}

/** A partition has its parent's columns and relations, and is told there by number. */
function isPartition(schema: Schema, table: Table): boolean {
  return table.partitionOf !== undefined && schema.tables.has(table.partitionOf.parent);
}

function enumOf(each: EnumType, group: string): ErdEnum {
  const count = each.values.length;
  return {
    key: each.key,
    schema: each.schema,
    name: each.name,
    ...(each.prismaName === undefined || each.prismaName === each.name ? {} : { prismaName: each.prismaName }),
    values: each.values,
    group,
    accessibleName: `${each.name}, enum, ${count} ${count === 1 ? "value" : "values"}`,
  };
}

/** An enum stands with the first table that uses it. */
function groupOfEnum(each: EnumType, relations: readonly ErdRelation[], groupOf: ReadonlyMap<string, string>): string {
  const user = relations.find(({ kind, to }) => kind === "uses" && to.table === each.key);
  return (user === undefined ? undefined : groupOf.get(user.from.table)) ?? each.schema;
}

const gravity: Readonly<Record<ErdSeverity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

function findingsByTable(
  boxes: ReadonlySet<string>,
  findings: readonly DrawnFinding[],
): ReadonlyMap<string, readonly ErdTable["findings"][number][]> {
  const byTable = new Map<string, ErdTable["findings"][number][]>();
  for (const { rule, severity, message, subject } of findings) {
    const about = tableOfSubject(boxes, subject);
    if (about === undefined) continue;
    const list = byTable.get(about.table) ?? [];
    list.push({ rule, severity, message, ...(about.column === undefined ? {} : { column: about.column }) });
    byTable.set(about.table, list);
  }
  for (const list of byTable.values()) {
    list.sort((a, b) => gravity[a.severity] - gravity[b.severity] || compare(a.rule, b.rule) || compare(a.message, b.message));
  }
  return byTable;
}

/** Subjects are `schema.table`, `schema.table(column, column)`, `schema.table.name of a column, constraint or index`. */
function tableOfSubject(boxes: ReadonlySet<string>, subject: string): { readonly table: string; readonly column?: string } | undefined {
  if (boxes.has(subject)) return { table: subject };
  const [, table, columns] = /^(.*)\(([^()]*)\)$/s.exec(subject) ?? [];
  if (table !== undefined && columns !== undefined && boxes.has(table))
    return columns.includes(",") ? { table } : { table, column: columns };
  for (let dot = subject.lastIndexOf("."); dot > 0; dot = subject.lastIndexOf(".", dot - 1)) {
    const prefix = subject.slice(0, dot);
    if (boxes.has(prefix)) return { table: prefix, column: subject.slice(dot + 1) };
  }
  return undefined;
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return compare(a.key, b.key);
}

/** By code units: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
