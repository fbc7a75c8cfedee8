/**
 * A diagram as Mermaid's erDiagram, which GitHub and others draw inside Markdown. Its words are plain, so every name that
 * is more than a plain word gets one of its own beside the real one in quotes.
 * https://mermaid.js.org/syntax/entityRelationshipDiagram.html
 *
 * Mermaid knows neither enums nor schemas: a column's type names its enum, and a table outside of `public` its schema.
 */
import type { ErdColumn, ErdDiagram, ErdEnd, ErdRelation } from "../../../../protocol/src/erd.ts";
import { changeNotes, drawnRelations, relationLabel, shortType, shownName, WordsOf } from "./words.ts";

export function mermaidOf(diagram: ErdDiagram): string {
  const words = new WordsOf(diagram.tables, reserved);
  const lines = ["erDiagram"];
  for (const table of diagram.tables) {
    const word = words.of(table.key);
    const name = [shownName(table), ...(table.change === undefined ? [] : [`(${table.change})`])].join(" ");
    lines.push(`  ${word === name ? word : `${word}["${quoted(name)}"]`} {`);
    const columns = new WordsOf(table.columns.map((column) => ({ key: column.name, ...column })), reserved);
    for (const column of table.columns) lines.push(`    ${attribute(column, columns.of(column.name))}`);
    lines.push("  }");
  }
  for (const relation of drawnRelations(diagram)) {
    lines.push(`  ${words.of(relation.to.table)} ${ends(relation)} ${words.of(relation.from.table)} : "${quoted(relationLabel(relation))}"`);
  }
  return `${lines.join("\n")}\n`;
}

function attribute(column: ErdColumn, word: string): string {
  const keys = [...(column.primaryKey ? ["PK"] : []), ...(column.foreignKey ? ["FK"] : []), ...(column.unique && !column.primaryKey ? ["UK"] : [])];
  const notes = [...(word === column.name ? [] : [column.name]), ...(column.nullable ? ["null"] : []), ...changeNotes(column)];
  const type = typeWord(column.type);
  return [type, word, ...(keys.length === 0 ? [] : [keys.join(", ")]), ...(notes.length === 0 ? [] : [`"${quoted(notes.join(", "))}"`])].join(" ");
}

/** `numeric(12,2)` is `numeric(12-2)`: a type is one word, and words have no commas. */
function typeWord(type: string): string {
  const word = shortType(type).replaceAll(",", "-").replaceAll('"', "").replaceAll(/[^\w()[\]-]/g, "_");
  return /^[A-Za-z_]/.test(word) ? word : `_${word}`;
}

function ends({ kind, from, to }: ErdRelation): string {
  return `${leftEnd(to)}${kind === "reads" ? ".." : "--"}${rightEnd(from)}`;
}

function leftEnd({ cardinality, optional }: ErdEnd): string {
  return cardinality === "one" ? (optional ? "|o" : "||") : optional ? "}o" : "}|";
}

function rightEnd({ cardinality, optional }: ErdEnd): string {
  return cardinality === "one" ? (optional ? "o|" : "||") : optional ? "o{" : "|{";
}

/** What stands between quotes has none, is on one line, and is no HTML. https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters */
function quoted(text: string): string {
  return text
    .replaceAll(/[#;]/g, (character) => (character === "#" ? "#35;" : "#59;"))
    .replaceAll('"', "#quot;")
    .replaceAll("<", "#lt;")
    .replaceAll(">", "#gt;")
    .replaceAll("%", "#37;")
    .replaceAll("\\", "#92;")
    .replaceAll("`", "#96;")
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

/** Words that Mermaid would read as something else. */
const reserved: ReadonlySet<string> = new Set(
  "one only many zero or and more optionally to direction tb bt lr rl title acctitle accdescr style class classdef default u pk fk uk erdiagram end click subgraph".split(" "),
);
