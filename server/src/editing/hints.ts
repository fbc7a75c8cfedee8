/** What a text does not say and PostgreSQL does all the same: default actions, types behind scalars, indexes behind keys. */
import type { Places } from "../model/places.ts";
import { formatType } from "../model/pgTypes.ts";
import type { Element, Index, KeyConstraint, Schema, Table, TextOrigin } from "../model/schema.ts";
import { argumentNamed, attributeNamed, nativeTypeAttribute } from "../prisma/attributes.ts";
import type { Attribute, Field, ModelBlock, PlacedBlock, PrismaFile } from "../prisma/syntax.ts";
import type { SqlFile } from "../sql/syntax.ts";
import type { Span } from "../text/span.ts";
import type { PrismaNames } from "./prismaNames.ts";
import { actions, columnList, identifier } from "./sheets/wording.ts";

export interface Hint {
  readonly kind: "action" | "type" | "index";
  /** Where it is shown, in the file: between characters. */
  readonly at: number;
  readonly label: string;
  /** Whole sentences. */
  readonly explanation: string;
  /** What would say it, written at the same place; undefined where that is no single insertion. */
  readonly insertion?: string;
}

/** Which kinds are wanted; `surprising` types are those that most people would guess wrong. */
export interface HintChoice {
  readonly actions: boolean;
  readonly types: "off" | "surprising" | "all";
  readonly indexes: boolean;
}

/** In no particular order; of the blocks that touch `range`. */
export function hintsInPrisma(file: PrismaFile, range: Span, names: PrismaNames, choice: HintChoice): readonly Hint[] {
  const hints: Hint[] = [];
  for (const placed of file.blocks) {
    const { block, offset } = placed;
    if (block.kind !== "model" || offset > range.end || offset + block.text.length < range.start) continue;
    for (const hint of hintsInModel(placed, block, names, choice)) if (hint.at >= range.start && hint.at <= range.end) hints.push(hint);
  }
  return hints;
}

function* hintsInModel({ offset }: PlacedBlock, block: ModelBlock, names: PrismaNames, choice: HintChoice): Generator<Hint> {
  const model = block.name?.text;
  if (model === undefined) return;
  const moved = (hint: Hint | undefined): readonly Hint[] => (hint === undefined ? [] : [{ ...hint, at: hint.at + offset }]);
  for (const field of block.fields) {
    if (choice.actions) yield* moved(actionOfRelation(field, model, names));
    if (choice.types !== "off") yield* moved(typeOfField(field, model, names, choice.types));
    if (choice.indexes) for (const attribute of field.attributes) yield* moved(indexOfAttribute(attribute, block, names));
  }
  if (choice.indexes) for (const attribute of block.attributes) yield* moved(indexOfAttribute(attribute, block, names));
}

const prismaActions = {
  noAction: "NoAction",
  restrict: "Restrict",
  cascade: "Cascade",
  setNull: "SetNull",
  setDefault: "SetDefault",
} as const;

function actionOfRelation(field: Field, model: string, names: PrismaNames): Hint | undefined {
  const relation = attributeNamed(field.attributes, "relation");
  if (relation?.argumentsSpan === undefined || argumentNamed(relation, "fields") === undefined) return undefined;
  if (argumentNamed(relation, "onDelete") !== undefined) return undefined;
  const found = names.field(model, field.name.text);
  if (found?.kind !== "constraint" || !("references" in found.constraint)) return undefined;
  const { onDelete, onUpdate } = found.constraint;
  const label = `, onDelete: ${prismaActions[onDelete]}`;
  return {
    kind: "action",
    at: relation.argumentsSpan.end - 1,
    label,
    explanation: `Nothing is stated, so Prisma writes ON DELETE ${actions[onDelete]} ON UPDATE ${actions[onUpdate]}.`,
    insertion: label,
  };
}

/** Scalars whose column is not what their name says: a time without its zone, a number of 65 digits. */
const surprising: ReadonlySet<string> = new Set(["DateTime", "Decimal"]);

function typeOfField(field: Field, model: string, names: PrismaNames, which: "surprising" | "all"): Hint | undefined {
  const { type } = field;
  if (type === undefined || type.unsupported !== undefined || nativeTypeAttribute(field.attributes) !== undefined) return undefined;
  if (which === "surprising" && !surprising.has(type.name.text)) return undefined;
  const found = names.field(model, field.name.text);
  if (found?.kind !== "column" || found.column.type.kind !== "base") return undefined;
  // `timestamp(3)` says it as well as its full name does, and a hint has to be short.
  const label = formatType(found.column.type).replace(/^timestamp(\(\d\))? without time zone/, "timestamp$1");
  return { kind: "type", at: type.span.end, label, explanation: `PostgreSQL keeps it as ${label}.` };
}

function indexOfAttribute(attribute: Attribute, block: ModelBlock, names: PrismaNames): Hint | undefined {
  if (!["id", "unique"].includes(attribute.name.text) || argumentNamed(attribute, "map") !== undefined) return undefined;
  const found = names.attribute(block, attribute);
  return found?.kind === "index" ? indexHint(found.index, attribute.span.end) : undefined;
}

/** In no particular order; those in `range`, which counts from the file's beginning. */
export function hintsInSql(file: SqlFile, range: Span, schema: Schema, places: Places, choice: HintChoice): readonly Hint[] {
  const hints: Hint[] = [];
  const stated = ({ origins }: Element): TextOrigin | undefined =>
    origins.find((origin): origin is TextOrigin => origin.kind === "sql" && origin.uri === file.uri);
  const add = (element: Element, hintAt: (at: number, text: string) => Hint | undefined): void => {
    const origin = stated(element);
    if (origin === undefined) return;
    const { start, end } = places.span(origin);
    const hint = end < range.start || end > range.end ? undefined : hintAt(end, file.text.slice(start, end));
    if (hint !== undefined) hints.push(hint);
  };
  for (const table of schema.tables.values()) {
    if (choice.actions) for (const key of table.foreignKeys) add(key, (at, text) => actionOfReference(key.references.columns, at, text));
    if (choice.indexes) for (const key of keysOf(table)) add(key, (at, text) => indexOfKey(key, table, at, text));
  }
  return hints;
}

function keysOf(table: Table): readonly KeyConstraint[] {
  return table.primaryKey === undefined ? table.uniqueConstraints : [table.primaryKey, ...table.uniqueConstraints];
}

/** REFERENCES without ON DELETE, and without the columns it means. */
function actionOfReference(columns: readonly string[], at: number, text: string): Hint | undefined {
  if (!/\breferences\b/i.test(text) || /\bon\s+delete\b/i.test(text)) return undefined;
  const isBare = /\breferences\s+(?:"(?:[^"]|"")+"|[\w$.])+\s*$/i.test(text) && columns.length > 0;
  const label = `${isBare ? ` ${columnList(columns)}` : ""} ON DELETE NO ACTION`;
  return {
    kind: "action",
    at,
    label,
    explanation: "Nothing is stated: PostgreSQL refuses to delete a row that others still refer to.",
    insertion: label,
  };
}

function indexOfKey(key: KeyConstraint, table: Table, at: number, text: string): Hint | undefined {
  if (/^\s*constraint\b/i.test(text) || /\busing\s+index\b/i.test(text) || !/\b(?:primary\s+key|unique)\b/i.test(text)) return undefined;
  const index = table.indexes.find((one) => one.name === key.name);
  return index === undefined ? undefined : indexHint(index, at);
}

function indexHint(index: Index, at: number): Hint {
  const columns = columnList(index.keys.map((key) => key.column ?? "…"));
  return {
    kind: "index",
    at,
    label: `index ${identifier(index.name)}`,
    explanation: `The key is kept by the unique index ${identifier(index.name)} on ${columns}, which also finds rows by ${identifier(index.keys[0]?.column ?? "it")}.`,
  };
}
