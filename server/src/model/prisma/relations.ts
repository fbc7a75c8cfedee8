/** Relations: foreign keys of the fields that hold them, and the join tables of implicit many-to-many relations. */
import type { FieldFacts, ModelFacts, RelationFacts } from "./facts.ts";
import { schemaOf } from "./facts.ts";
import { columnName, indexOfKey, keyConstraint, plainIndex } from "./keys.ts";
import { foreignKeyName, joinTableNames, relationName } from "./names.ts";
import type { Unplaced } from "./place.ts";
import { nowhere } from "./place.ts";
import { keyOf, truncateName } from "../names.ts";
import type { Column, ForeignKey, Origins, PgType, Table } from "../schema.ts";

/** The foreign key of a relation field that states `fields`; a target that nothing defines stays a dangling reference. */
export function foreignKeyOf(model: ModelFacts, field: FieldFacts, relation: RelationFacts, target: ModelFacts | undefined): Unplaced<ForeignKey> {
  const fields = relation.fields ?? [];
  const columns = fields.map((name) => columnName(model, name));
  const schema = schemaOf(target ?? model);
  const table = target?.name ?? truncateName(field.type.name.text);
  return {
    element: {
      name: truncateName(relation.map ?? foreignKeyName(model.name, columns)),
      origins: nowhere,
      comment: undefined,
      prismaName: field.prismaName,
      columns,
      references: { schema, table, key: keyOf(schema, table), columns: referencedColumns(relation, target) },
      onDelete: relation.onDelete ?? defaultOnDelete(model, field, fields),
      onUpdate: relation.onUpdate ?? "cascade",
      onDeleteStated: relation.onDelete !== undefined,
      onDeleteSetColumns: undefined,
      match: "simple",
      deferrable: false,
      initiallyDeferred: false,
      validated: true,
    },
    spot: relation.spot,
  };
}

function referencedColumns(relation: RelationFacts, target: ModelFacts | undefined): readonly string[] {
  if (target === undefined) return relation.references ?? [];
  const fields = relation.references ?? target.primaryKey?.keys.map((key) => key.field) ?? [];
  return fields.map((name) => columnName(target, name));
}

/** Restrict when the relation or any of its columns is required, else Set Null. */
function defaultOnDelete(model: ModelFacts, field: FieldFacts, fields: readonly string[]): "restrict" | "setNull" {
  const isRequired = (type: FieldFacts["type"]): boolean => !type.isOptional && !type.isList;
  const hasRequired = fields.some((name) => {
    const scalar = model.fieldsByName.get(name);
    return scalar !== undefined && isRequired(scalar.type);
  });
  return hasRequired || isRequired(field.type) ? "restrict" : "setNull";
}

export interface JoinTableContext {
  /** The model of that name in the Prisma schema; undefined for views and for names that nothing defines. */
  findModel(prismaName: string): ModelFacts | undefined;
  /** The type of a column, once its table is built. */
  columnType(model: ModelFacts, column: string): PgType | undefined;
  /** Prisma 5 gives the table a unique index in place of a primary key. */
  readonly hasPrimaryKey: boolean;
  readonly hasForeignKeys: boolean;
}

/** The join tables of a model, of which it is the side that comes first in the alphabet. */
export function joinTablesOf(model: ModelFacts, context: JoinTableContext): readonly Table[] {
  const last = unjoined.get(model);
  if (last?.every(({ type, other }) => context.findModel(type) === other) === true) return none;
  const tables: Table[] = [];
  const lookedAt: LookedAt[] = [];
  for (const [type, fields] of model.fieldsByType) {
    if (model.prismaName > type || !fields.some(isListSide)) continue;
    const other = context.findModel(type);
    lookedAt.push({ type, other });
    if (other === undefined) continue;
    for (const field of fields) {
      if (!isListSide(field)) continue;
      const opposite = oppositeField(model, field, other);
      if (opposite === undefined || !isListSide(opposite)) continue;
      if (other === model && field.prismaName > opposite.prismaName) continue;
      const table = joinTable(model, other, field, context);
      if (table !== undefined) tables.push(table);
    }
  }
  if (tables.length === 0) unjoined.set(model, lookedAt);
  else unjoined.delete(model);
  return tables;
}

interface LookedAt {
  readonly type: string;
  readonly other: ModelFacts | undefined;
}

/** What was looked at for models that had no join table: nearly all of them. */
const unjoined = new WeakMap<ModelFacts, readonly LookedAt[]>();

const none: readonly Table[] = [];

function isListSide(field: FieldFacts): boolean {
  return field.type.isList && field.relation?.fields === undefined;
}

/** The first field of the other model that leads back and has the same relation name, or none as well. */
function oppositeField(model: ModelFacts, field: FieldFacts, other: ModelFacts): FieldFacts | undefined {
  const back = other.fieldsByType.get(model.prismaName);
  return back?.find((candidate) => candidate !== field && candidate.relation?.name === field.relation?.name);
}

interface Side {
  readonly model: ModelFacts;
  /** The one column of its primary key that the table refers to. */
  readonly key: string;
  readonly type: PgType;
}

function joinTable(a: ModelFacts, b: ModelFacts, field: FieldFacts, context: JoinTableContext): Table | undefined {
  const sideA = sideOf(a, context);
  const sideB = sideOf(b, context);
  if (sideA === undefined || sideB === undefined) return undefined;
  const names = joinTableNames(field.relation?.name ?? relationName(a.prismaName, b.prismaName));
  const origins: Origins = [{ kind: "implied", by: `${a.prismaName}.${field.prismaName}` }];
  const key = { ...keyConstraint(names.primaryKey, ["A", "B"]), origins };
  const unique = context.hasPrimaryKey ? indexOfKey(key) : plainIndex(names.uniqueIndex, ["A", "B"], true);
  return plainTable({
    name: names.table,
    origins,
    schema: schemaOf(a),
    prismaName: undefined,
    doc: undefined,
    columns: new Map([
      ["A", joinColumn("A", sideA.type, origins)],
      ["B", joinColumn("B", sideB.type, origins)],
    ]),
    primaryKey: context.hasPrimaryKey ? key : undefined,
    foreignKeys: context.hasForeignKeys
      ? [joinForeignKey("A", names.foreignKeyA, sideA, origins), joinForeignKey("B", names.foreignKeyB, sideB, origins)]
      : [],
    indexes: [
      { ...unique, origins },
      { ...plainIndex(names.indexOnB, ["B"], false), origins },
    ],
  });
}

type TableFacts = Pick<Table, "name" | "origins" | "schema" | "prismaName" | "doc" | "columns" | "primaryKey" | "foreignKeys" | "indexes">;

/** A table with what a Prisma schema can say of one, and nothing else. */
export function plainTable(facts: TableFacts): Table {
  // Written out: an object that is spread and then extended by this many properties takes ten times the memory.
  return {
    name: facts.name,
    origins: facts.origins,
    comment: undefined,
    schema: facts.schema,
    key: keyOf(facts.schema, facts.name),
    prismaName: facts.prismaName,
    doc: facts.doc,
    kind: "table",
    persistence: "permanent",
    complete: true,
    columns: facts.columns,
    primaryKey: facts.primaryKey,
    uniqueConstraints: [],
    foreignKeys: facts.foreignKeys,
    checks: [],
    exclusions: [],
    indexes: facts.indexes,
    triggers: [],
    policies: [],
    rowSecurity: noRowSecurity,
    partitionBy: undefined,
    partitionOf: undefined,
    inherits: [],
  };
}

const noRowSecurity: Table["rowSecurity"] = { enabled: false, forced: false };

function sideOf(model: ModelFacts, context: JoinTableContext): Side | undefined {
  const field = model.primaryKey?.keys[0]?.field;
  if (field === undefined) return undefined;
  const key = columnName(model, field);
  const type = context.columnType(model, key);
  return type === undefined ? undefined : { model, key, type };
}

function joinColumn(name: string, type: PgType, origins: Origins): Column {
  return {
    name,
    origins,
    comment: undefined,
    prismaName: undefined,
    doc: undefined,
    type,
    notNull: true,
    default: undefined,
    clientDefault: undefined,
    identity: undefined,
    generated: undefined,
    collation: undefined,
  };
}

function joinForeignKey(column: string, name: string, { model, key }: Side, origins: Origins): ForeignKey {
  const schema = schemaOf(model);
  return {
    name,
    origins,
    comment: undefined,
    prismaName: undefined,
    columns: [column],
    references: { schema, table: model.name, key: keyOf(schema, model.name), columns: [key] },
    onDelete: "cascade",
    onUpdate: "cascade",
    onDeleteStated: false,
    onDeleteSetColumns: undefined,
    match: "simple",
    deferrable: false,
    initiallyDeferred: false,
    validated: true,
  };
}
