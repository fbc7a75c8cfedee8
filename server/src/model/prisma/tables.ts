/**
 * The table of a model. What the model means, apart from where it stands, is worked out once and kept for as long as
 * neither its block nor any block it refers to changes; a keystroke then costs one model's thinking and the moving of
 * the others' spans.
 */
import { quoteLiteral } from "../../text/quoteLiteral.ts";
import { makeObjectName } from "../fold/generatedNames.ts";
import { expressionOf, fieldDefault } from "./defaults.ts";
import type { EnumFacts, FieldFacts, ModelFacts } from "./facts.ts";
import { isScalarType, schemaOf } from "./facts.ts";
import { indexesOf, indexOfKey, primaryKeyOf } from "./keys.ts";
import type { Place, Unplaced } from "./place.ts";
import { nowhere } from "./place.ts";
import { foreignKeyOf, plainTable } from "./relations.ts";
import { enumColumnType, scalarColumnType, unknownType } from "./types.ts";
import { keyOf, sqlIdentifier, truncateName } from "../names.ts";
import type { Column, Expression, ForeignKey, Index, KeyConstraint, PgType, Sequence, Table } from "../schema.ts";

/** What a name means that stands as the type of a field. */
export type Meaning =
  | { readonly kind: "enum"; readonly facts: EnumFacts }
  | { readonly kind: "model" | "view"; readonly facts: ModelFacts }
  | { readonly kind: "type" };

export interface TableContext {
  /** The same object for as long as every name means the same to those who refer to it. */
  readonly names: object;
  meaningOf(typeName: string): Meaning | undefined;
  readonly hasForeignKeys: boolean;
  isSequenceName(key: string): boolean;
}

export interface BuiltTable {
  readonly table: Table;
  /** Of its serial columns. */
  readonly sequences: readonly Sequence[];
}

/** The table of `model` where it stands at `place`. The same object as before when nothing about it changed. */
export function tableOf(model: ModelFacts, place: Place, context: TableContext): BuiltTable {
  const draft = draftOf(model, context);
  const last = built.get(model);
  if (last !== undefined && last.draft === draft && last.place.isSame(place) && last.hasForeignKeys === context.hasForeignKeys) {
    if (!last.sequences.some((sequence) => context.isSequenceName(sequence.key))) return last;
  }
  const { table, sequences } = placed(model, draft, place, context);
  const firstNames = [...draft.serials].map((column) => sequenceName(model, column));
  // A sequence that had to give way to another one's name may have its own again next time.
  if (sequences.every(({ name }) => firstNames.includes(name))) built.set(model, { table, sequences, draft, place, hasForeignKeys: context.hasForeignKeys });
  else built.delete(model);
  return { table, sequences };
}

const built = new WeakMap<ModelFacts, BuiltTable & { readonly draft: Draft; readonly place: Place; readonly hasForeignKeys: boolean }>();

/** Names of the columns that a view declares. */
export function columnNamesOf(model: ModelFacts, context: TableContext): readonly string[] {
  return draftOf(model, context).columns.map(({ element }) => element.name);
}

/** A table without its place in a file. */
interface Draft {
  readonly columns: readonly Unplaced<Column>[];
  readonly serials: ReadonlySet<string>;
  readonly primaryKey: Unplaced<KeyConstraint> | undefined;
  readonly indexes: readonly Unplaced<Index>[];
  readonly foreignKeys: readonly Unplaced<ForeignKey>[];
  /** What it took the types of its fields for: it holds while they mean the same. */
  readonly assumptions: readonly Assumption[];
}

interface Assumption {
  readonly type: string;
  readonly kind: Meaning["kind"] | undefined;
  /** Of the block that defines the type; undefined where its kind alone mattered. */
  readonly signature: string | undefined;
}

const drafts = new WeakMap<ModelFacts, { readonly draft: Draft; names: object }>();

function draftOf(model: ModelFacts, context: TableContext): Draft {
  const known = drafts.get(model);
  if (known !== undefined && (known.names === context.names || isValid(known.draft, context))) {
    known.names = context.names;
    return known.draft;
  }
  const draft = makeDraft(model, context);
  drafts.set(model, { draft, names: context.names });
  return draft;
}

function isValid(draft: Draft, context: TableContext): boolean {
  return draft.assumptions.every(({ type, kind, signature }) => {
    const meaning = context.meaningOf(type);
    return meaning?.kind === kind && (signature === undefined || signature === signatureOf(meaning));
  });
}

/** Whether two meanings of a name are one to every block that refers to it. */
export function isSameMeaning(a: Meaning, b: Meaning | undefined): boolean {
  return a === b || (a.kind === b?.kind && signatureOf(a) === signatureOf(b));
}

function signatureOf(meaning: Meaning | undefined): string | undefined {
  return meaning === undefined || meaning.kind === "type" ? undefined : meaning.facts.signature;
}

function makeDraft(model: ModelFacts, context: TableContext): Draft {
  const assumptions: Assumption[] = [];
  const meanings = new Map<string, Meaning | undefined>();
  for (const [type, fields] of model.fieldsByType) {
    const meaning = context.meaningOf(type);
    meanings.set(type, meaning);
    // A relation that is held by the other side needs no more than to be one.
    const isKindEnough = meaning?.kind === "model" && fields.every((field) => field.relation?.fields === undefined);
    assumptions.push({ type, kind: meaning?.kind, signature: isKindEnough ? undefined : signatureOf(meaning) });
  }
  const columns = new Map<string, Unplaced<Column>>();
  const types = new Map<string, PgType>();
  const serials = new Set<string>();
  const foreignKeys: Unplaced<ForeignKey>[] = [];
  for (const field of model.fields) {
    const meaning = meanings.get(field.type.name.text);
    if (isColumn(field, meaning)) {
      if (columns.has(field.name)) continue;
      const column = columnOf(model, field, meaning);
      columns.set(field.name, column);
      types.set(field.name, column.element.type);
      if (isSerial(field)) serials.add(field.name);
    } else if (isForeignKey(field, meaning)) {
      foreignKeys.push(foreignKeyOf(model, field, field.relation, meaning?.kind === "model" ? meaning.facts : undefined));
    }
  }
  return { columns: [...columns.values()], serials, primaryKey: primaryKeyOf(model), indexes: indexesOf(model, types), foreignKeys, assumptions };
}

function isColumn(field: FieldFacts, meaning: Meaning | undefined): boolean {
  if (isScalarType(field.type.name.text)) return true;
  // A name that nothing defines may be half typed; with @relation it is no column, whatever it will be.
  if (meaning === undefined) return field.relation === undefined;
  return meaning.kind === "enum" || meaning.kind === "type";
}

function isForeignKey(field: FieldFacts, meaning: Meaning | undefined): field is FieldFacts & { readonly relation: object } {
  const fields = field.relation?.fields;
  return fields !== undefined && fields.length > 0 && !field.type.isList && (meaning === undefined || meaning.kind === "model");
}

function columnOf(model: ModelFacts, field: FieldFacts, meaning: Meaning | undefined): Unplaced<Column> {
  const enumOf = meaning?.kind === "enum" ? meaning.facts : undefined;
  const type = columnType(field, meaning);
  const value = fieldDefault(field, type, enumOf);
  return {
    element: {
      name: field.name,
      origins: nowhere,
      comment: undefined,
      prismaName: field.prismaName,
      doc: field.field.doc,
      type,
      // Prisma leaves lists nullable: to its client NULL reads as an empty list.
      notNull: value.kind === "serial" || !(field.type.isOptional || field.type.isList),
      default: value.kind === "serial" ? nextval(schemaOf(model), sequenceName(model, field.name)) : value.kind === "database" ? value.expression : undefined,
      clientDefault: value.kind === "client" ? value.text : field.isUpdatedAt ? "updatedAt" : undefined,
      identity: undefined,
      generated: undefined,
      collation: undefined,
    },
    spot: field.spot,
  };
}

function columnType(field: FieldFacts, meaning: Meaning | undefined): PgType {
  const { type } = field;
  if (meaning?.kind === "enum") return enumColumnType(meaning.facts, schemaOf(meaning.facts), type.isList);
  return meaning === undefined && !isScalarType(type.name.text) ? unknownType(type.name.text, type.isList) : scalarColumnType(type, field.native);
}

function isSerial(field: FieldFacts): boolean {
  return field.default?.kind === "call" && field.default.name.text === "autoincrement";
}

function placed(model: ModelFacts, draft: Draft, place: Place, context: TableContext): BuiltTable {
  const sequences: Sequence[] = [];
  const columns = new Map<string, Column>();
  for (const { element, spot } of draft.columns) {
    const column = { ...element, origins: place.origins(spot) };
    columns.set(element.name, draft.serials.has(element.name) ? serial(column, model, sequences, context) : column);
  }
  const primaryKey = draft.primaryKey === undefined ? undefined : { ...draft.primaryKey.element, origins: place.origins(draft.primaryKey.spot) };
  const indexes: Index[] = draft.indexes.map(({ element, spot }) => ({ ...element, origins: place.origins(spot) }));
  if (primaryKey !== undefined) indexes.unshift(indexOfKey(primaryKey));
  return {
    table: plainTable({
      name: model.name,
      origins: place.origins(model.spot),
      schema: schemaOf(model),
      prismaName: model.prismaName,
      doc: place.doc,
      columns,
      primaryKey,
      foreignKeys: context.hasForeignKeys ? draft.foreignKeys.map(({ element, spot }) => ({ ...element, origins: place.origins(spot) })) : [],
      indexes,
    }),
    sequences,
  };
}

/** Prisma writes SERIAL, for which PostgreSQL makes a sequence with the first name that is free. */
function serial(column: Column, model: ModelFacts, sequences: Sequence[], context: TableContext): Column {
  const schema = schemaOf(model);
  const isTaken = (name: string): boolean => {
    const key = keyOf(schema, name);
    return context.isSequenceName(key) || sequences.some((sequence) => sequence.key === key);
  };
  const first = sequenceName(model, column.name);
  let name = first;
  for (let i = 1; isTaken(name); i++) name = sequenceName(model, column.name, `seq${i}`);
  sequences.push({
    name,
    origins: column.origins,
    comment: undefined,
    schema,
    key: keyOf(schema, name),
    dataType: column.type,
    increment: 1n,
    ownedBy: `${keyOf(schema, model.name)}.${column.name}`,
  });
  return name === first ? column : { ...column, default: nextval(schema, name) };
}

function sequenceName(model: ModelFacts, column: string, label = "seq"): string {
  return makeObjectName(model.name, column, label);
}

/** As the catalog prints it with the default search path. */
function nextval(schema: string, sequence: string): Expression {
  const reference = schema === "public" ? identifier(sequence) : `${identifier(schema)}.${identifier(sequence)}`;
  return expressionOf(`nextval(${quoteLiteral(reference)}::regclass)`);
}

/** The name as SQL; what can be no name, as somebody may be typing, comes out empty. */
function identifier(name: string): string {
  return name === "" || name.includes("\0") ? '""' : sqlIdentifier(truncateName(name));
}
