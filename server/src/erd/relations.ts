/**
 * What refers to what: foreign keys with how many rows belong to how many, implicit many-to-many relations without their
 * join table, what views read, and which enums tables use.
 */
import type { ErdAction, ErdEnd, ErdRelation } from "../../../protocol/src/erd.ts";
import { isIndexedBy, isUniqueBy } from "../model/indexQueries.ts";
import { isImplied, partitionsOf } from "../model/queries.ts";
import type { ForeignKey, ReferentialAction, Schema, Table } from "../model/schema.ts";
import { enumOf } from "./tables.ts";

/** The foreign keys of a table whose other side is a box too. */
export function relationsOf(schema: Schema, table: Table, boxes: ReadonlySet<string>): ErdRelation[] {
  return table.foreignKeys
    .filter(({ references }) => boxes.has(references.key))
    .map((key) => {
      const from: ErdEnd = {
        table: table.key,
        columns: key.columns,
        cardinality: isUniqueBy(table, key.columns) ? "one" : "many",
        optional: true,
      };
      const to: ErdEnd = {
        table: key.references.key,
        columns: key.references.columns,
        cardinality: "one",
        optional: mayBeMissing(table, key),
      };
      const hasIndex = isIndexedBy(table, key.columns) || isUniqueBy(table, key.columns);
      const onDelete = actions[key.onDelete];
      return {
        key: `${table.key}.${key.name}`,
        kind: "foreignKey",
        name: key.name,
        from,
        to,
        onDelete,
        onUpdate: actions[key.onUpdate],
        hasIndex,
        accessibleName: [
          `${ends(table.name, key.columns)} refers to ${ends(schema.tables.get(key.references.key)?.name ?? key.references.table, key.references.columns)}`,
          `${from.cardinality} to ${to.optional ? "at most one" : "one"}`,
          ...(key.onDelete === "noAction" ? [] : [`on delete ${onDelete.toLowerCase()}`]),
          ...(hasIndex ? [] : ["no index"]),
        ].join(", "),
      };
    });
}

/** Foreign keys that only the partitions of a table have, as if they were its own: partitions are no boxes. */
export function relationsOfPartitions(schema: Schema, table: Table, boxes: ReadonlySet<string>): ErdRelation[] {
  const told = new Set(table.foreignKeys.map(({ columns, references }) => `${columns.join()}>${references.key}`));
  return partitionsOf(schema, table.key).flatMap((partition) =>
    relationsOf(schema, partition, boxes).flatMap((relation) => {
      const what = `${relation.from.columns.join()}>${relation.to.table}`;
      if (told.has(what)) return [];
      told.add(what);
      return [{ ...relation, from: { ...relation.from, table: table.key } }];
    }),
  );
}

const actions: Readonly<Record<ReferentialAction, ErdAction>> = {
  noAction: "NO ACTION",
  restrict: "RESTRICT",
  cascade: "CASCADE",
  setNull: "SET NULL",
  setDefault: "SET DEFAULT",
};

/** MATCH SIMPLE lets a row go without a parent as soon as one of the columns is null. */
function mayBeMissing(table: Table, key: ForeignKey): boolean {
  const nullable = key.columns.filter(
    (name) => table.columns.get(name)?.notNull !== true && table.primaryKey?.columns.includes(name) !== true,
  );
  return key.match === "full" ? nullable.length === key.columns.length : nullable.length > 0;
}

/** Implicit many-to-many relations by the key of their join table, which is then no box of its own. */
export function manyToManyOf(schema: Schema): ReadonlyMap<string, ErdRelation> {
  const found = new Map<string, ErdRelation>();
  for (const table of schema.tables.values()) {
    if (!isJoinTable(table)) continue;
    const [a, b] = ["A", "B"].map((column) => table.foreignKeys.find(({ columns }) => columns[0] === column)?.references);
    if (a === undefined || b === undefined) continue;
    found.set(table.key, {
      key: table.key,
      kind: "manyToMany",
      name: table.name,
      from: { table: a.key, columns: [], cardinality: "many", optional: true },
      to: { table: b.key, columns: [], cardinality: "many", optional: true },
      hasIndex: true,
      accessibleName: `${a.table} and ${b.table}, many to many, through ${table.name}`,
    });
  }
  return found;
}

/**
 * As Prisma makes it, whether it is implied by a Prisma schema or read from SQL or a catalog: `_Name` with the columns
 * A and B. https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/many-to-many-relations
 */
function isJoinTable(table: Table): boolean {
  if (!isImplied(table) && !table.name.startsWith("_")) return false;
  return table.columns.size === 2 && table.columns.has("A") && table.columns.has("B") && table.foreignKeys.length === 2;
}

/** From views to what they read, from tables to the enums of their columns: one for each pair. */
export function usesAndReads(schema: Schema, tables: readonly Table[], boxes: ReadonlySet<string>): ErdRelation[] {
  const found: ErdRelation[] = [];
  for (const view of schema.views.values()) {
    for (const read of new Set(view.reads)) {
      if (boxes.has(read)) found.push(plain("reads", view.key, [], read, `${view.name} reads ${read}`));
    }
  }
  for (const table of tables) {
    const columnsByEnum = new Map<string, string[]>();
    for (const column of table.columns.values()) {
      const used = enumOf(schema, column.type);
      if (used !== undefined) columnsByEnum.set(used, [...(columnsByEnum.get(used) ?? []), column.name]);
    }
    for (const [used, columns] of columnsByEnum) {
      found.push(plain("uses", table.key, columns, used, `${ends(table.name, columns)} uses the enum ${used}`));
    }
  }
  return found;
}

function plain(kind: "reads" | "uses", from: string, columns: readonly string[], to: string, accessibleName: string): ErdRelation {
  return {
    key: `${from}>${to}`,
    kind,
    from: { table: from, columns, cardinality: "many", optional: true },
    to: { table: to, columns: [], cardinality: "one", optional: false },
    hasIndex: true,
    accessibleName,
  };
}

function ends(table: string, columns: readonly string[]): string {
  return columns.length === 0 ? table : columns.length === 1 ? `${table}.${columns[0]}` : `${table}(${columns.join(", ")})`;
}
