/** Columns that repeat what a foreign key leads to: `account_name` beside `account_id`, where accounts have a name. */
import { isSameTypeName } from "../../model/pgTypes.ts";
import { columnsWhere, foreignKeysOf, isImplied } from "../../model/queries.ts";
import type { Column, ForeignKey, Schema, Table } from "../../model/schema.ts";
import { wordsOf } from "../names.ts";
import { singular } from "../words.ts";

export interface CopiedColumn {
  readonly column: Column;
  readonly foreignKey: ForeignKey;
  readonly referenced: Table;
  /** The column of `referenced` that says the same. */
  readonly original: Column;
}

/**
 * Only texts: a number or a state that stands beside the reference may be meant as it was at that time. For the same
 * reason nothing of tables that record what happened, nor of columns that say themselves that they are copies.
 */
export function copiedColumns(schema: Schema, table: Table): readonly CopiedColumn[] {
  if (table.foreignKeys.length === 0 || isRecord(table)) return none;
  const texts = columnsWhere(table, isText);
  if (texts.length === 0) return none;
  const found: CopiedColumn[] = [];
  for (const foreignKey of foreignKeysOf(schema, table)) {
    const { key } = foreignKey.references;
    const copies = key === table.key ? [] : namedAfter(foreignKey, texts);
    const referenced = copies.length === 0 ? undefined : schema.tables.get(key);
    if (referenced === undefined) continue;
    for (const { column, attribute } of copies) {
      const original = columnNamed(referenced, attribute);
      if (original === undefined || !isSameTypeName(original.type, column.type) || isSynchronised(referenced, original)) continue;
      if (!isKeyColumn(table, column.name) && !found.some((other) => other.column === column))
        found.push({ column, foreignKey, referenced, original });
    }
  }
  return found;
}

/** The columns of the primary key when the foreign key is a part of it and not the whole. */
export function partOfKey({ primaryKey }: Table, foreignKey: ForeignKey): readonly string[] | undefined {
  if (primaryKey === undefined || primaryKey.columns.length <= foreignKey.columns.length) return undefined;
  return foreignKey.columns.every((column) => primaryKey.columns.includes(column)) ? primaryKey.columns : undefined;
}

const none: readonly CopiedColumn[] = [];
const textTypes = new Set(["text", "varchar", "citext", "bpchar"]);

function isText(column: Column): boolean {
  return textTypes.has(column.type.name) && !column.type.isArray && column.generated === undefined && !isImplied(column) && !saysCopy(column);
}

function saysCopy({ comment = "", doc = "" }: Column): boolean {
  return copy.test(comment) || copy.test(doc);
}

const copy = /\b(?:snapshot|copy|copied|copies|denormali[sz]ed|cached?|at the time|as it was|frozen)\b/i;

/** Words of tables that keep what was, not what is. */
const recordWords = new Set(
  (
    "line item entry log audit history snapshot version revision archive event invoice order quote receipt ledger transaction payment " +
    "shipment message notification email report export import cache index stat summary view backup deleted outbox inbox job webhook"
  ).split(" "),
);

function isRecord(table: Table): boolean {
  return wordsOf(table.name).some((word) => recordWords.has(singular(word)));
}

const idWords = new Set(["id", "uuid", "key", "ref", "fk"]);

/** What the foreign key calls the other row: by its columns, `billing_account` of `billing_account_id`, and by the table. */
function rolesOf({ columns, references }: ForeignKey): readonly string[] {
  const roles = columns.map((column) => wordsOf(column).filter((word) => !idWords.has(word)).join(""));
  const table = wordsOf(references.table);
  return [...roles, [...table.slice(0, -1), singular(table.at(-1) ?? "")].join("")].filter((role) => role !== "");
}

/** What often has the same name and another meaning. */
const otherMeanings = new Set(["type", "kind", "status", "state", "role", "id", "key", "token", "note", "notes", "comment", "reference", "ref"]);

/** The columns that begin with what the foreign key calls the other row, and the rest of their names. */
function namedAfter(foreignKey: ForeignKey, texts: readonly Column[]): readonly { readonly column: Column; readonly attribute: string }[] {
  const roles = rolesOf(foreignKey);
  return texts.flatMap((column) => {
    const words = wordsOf(column.name);
    if (words.length < 2 || otherMeanings.has(words.at(-1) ?? "")) return [];
    const name = words.join("");
    return roles.filter((role) => name.length > role.length && name.startsWith(role)).map((role) => ({ column, attribute: name.slice(role.length) }));
  });
}

function columnNamed(table: Table, name: string): Column | undefined {
  for (const column of table.columns.values()) if (wordsOf(column.name).join("") === name) return column;
  return undefined;
}

/** Part of a foreign key or of a unique key: it says what the row is, or something holds it to the original. */
function isKeyColumn(table: Table, name: string): boolean {
  return (
    table.foreignKeys.some(({ columns }) => columns.includes(name)) ||
    table.indexes.some(({ unique, keys }) => unique && keys.some(({ column }) => column === name))
  );
}

/** Whether a trigger on the original takes note of every change. */
function isSynchronised(referenced: Table, original: Column): boolean {
  return referenced.triggers.some(({ events, updateOf }) => events.includes("update") && updateOf.includes(original.name));
}
