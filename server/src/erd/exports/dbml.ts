/**
 * A diagram as DBML, which dbdiagram.io and other tools read. Tables, columns, enums and references; views are left out,
 * which DBML does not have. https://dbml.dbdiagram.io/docs/
 *
 * Names are always quoted, with the escapes of JSON; test/unit/erd/exports.test.ts has DBML's own parser read them back.
 */
import type { ErdAction, ErdChanged, ErdColumn, ErdDiagram, ErdEnum, ErdRelation, ErdTable } from "../../../../protocol/src/erd.ts";
import { changeNotes, shortType } from "./words.ts";

export function dbmlOf(diagram: ErdDiagram): string {
  const tables = diagram.tables.filter(({ kind }) => kind === "table");
  const byKey = new Map(tables.filter(({ columns }) => columns.length > 0).map((table) => [table.key, table]));
  const enums = new Map(diagram.enums.map((each) => [each.key, each]));
  const blocks = [...diagram.enums.map(enumBlock), ...tables.map((table) => tableBlock(table, enums)), references(diagram, byKey)];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function enumBlock({ schema, name, values }: ErdEnum): string {
  if (values.length === 0) return `// Enum ${qualified(schema, name)} has no values, and DBML no such enum.`;
  return [`Enum ${qualified(schema, name)} {`, ...values.map((value) => `  ${quoted(value)}`), "}"].join("\n");
}

function tableBlock(table: ErdTable, enums: ReadonlyMap<string, ErdEnum>): string {
  if (table.columns.length === 0) return `// Table ${qualified(table.schema, table.name)} has no columns, and DBML no such table.`;
  const keys = table.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => quoted(name));
  const lines = [`Table ${qualified(table.schema, table.name)} {`, ...table.columns.map((column) => `  ${columnLine(column, keys.length === 1, enums)}`)];
  if (keys.length > 1) lines.push("", "  indexes {", `    (${keys.join(", ")}) [pk]`, "  }");
  lines.push(...noteOf(table).flatMap((note) => ["", `  Note: ${text(note)}`]));
  return [...lines, "}"].join("\n");
}

function columnLine(column: ErdColumn, isOnlyKey: boolean, enums: ReadonlyMap<string, ErdEnum>): string {
  const settings = [
    ...(column.primaryKey && isOnlyKey ? ["pk"] : []),
    ...(column.nullable ? [] : ["not null"]),
    ...(column.unique && !column.primaryKey ? ["unique"] : []),
    // Between back quotes stands SQL as it is, on one line; one with a back quote of its own cannot.
    ...(column.default === undefined || column.default.includes("`") ? [] : [`default: \`${oneLine(column.default)}\``]),
    ...noteOf(column).map((note) => `note: ${text(note)}`),
  ];
  return [quoted(column.name), typeOf(column, enums), ...(settings.length === 0 ? [] : [`[${settings.join(", ")}]`])].join(" ");
}

/** What a difference says of it, then its comment; at most one. */
function noteOf(element: ErdChanged & { readonly comment?: string }): readonly string[] {
  const notes = [...changeNotes(element), ...(element.comment === undefined ? [] : [element.comment])];
  return notes.length === 0 ? [] : [notes.join(", ")];
}

function typeOf({ type, enum: key }: ErdColumn, enums: ReadonlyMap<string, ErdEnum>): string {
  const used = key === undefined ? undefined : enums.get(key);
  if (used !== undefined && !type.endsWith("[]")) return qualified(used.schema, used.name);
  return quoted(type === "" ? "unknown" : shortType(type));
}

function references(diagram: ErdDiagram, tables: ReadonlyMap<string, ErdTable>): string {
  const lines: string[] = [];
  const known = new Set<string>();
  for (const relation of diagram.relations) {
    const [from, to] = [tables.get(relation.from.table), tables.get(relation.to.table)];
    if (from === undefined || to === undefined || relation.kind === "uses" || relation.kind === "reads") continue;
    const ends = [endOf(from, relation.from.columns), endOf(to, relation.to.columns)];
    const line = `Ref ${quoted(relation.name ?? relation.key)}: ${ends[0]} ${cardinality(relation)} ${ends[1]}${actions(relation)}`;
    // DBML refuses a second reference between the same columns, whichever way it goes, and one from columns to themselves.
    const id = [...ends].sort().join("\n");
    lines.push(ends.includes(undefined) || ends[0] === ends[1] || known.has(id) ? `// ${line}` : line);
    known.add(id);
  }
  return lines.join("\n");
}

/** Undefined when there is nothing to refer by. A many-to-many relation goes by the primary keys. */
function endOf(table: ErdTable, columns: readonly string[]): string | undefined {
  const names = columns.length > 0 ? columns : table.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name);
  return names.length === 0 ? undefined : `${qualified(table.schema, table.name)}.(${names.map(quoted).join(", ")})`;
}

function cardinality({ kind, from }: ErdRelation): string {
  return kind === "manyToMany" ? "<>" : from.cardinality === "one" ? "-" : ">";
}

function actions({ onDelete, onUpdate }: ErdRelation): string {
  const said = (what: string, action: ErdAction | undefined): readonly string[] =>
    action === undefined || action === "NO ACTION" ? [] : [`${what}: ${action.toLowerCase()}`];
  const settings = [...said("delete", onDelete), ...said("update", onUpdate)];
  return settings.length === 0 ? "" : ` [${settings.join(", ")}]`;
}

function qualified(schema: string, name: string): string {
  return schema === "public" ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

function quoted(name: string): string {
  return `"${escaped(name).replaceAll('"', String.raw`\"`)}"`;
}

function text(words: string): string {
  return `'${escaped(words).replaceAll("'", String.raw`\'`)}'`;
}

function escaped(words: string): string {
  return words.replaceAll("\\", "\\\\").replaceAll("\n", String.raw`\n`).replaceAll("\r", String.raw`\r`).replaceAll("\t", String.raw`\t`);
}

function oneLine(sql: string): string {
  return sql.replaceAll(/\s*\n\s*/g, " ");
}
