/**
 * A diagram as a PlantUML entity diagram. https://plantuml.com/ie-diagram
 *
 * Invariant: no name reaches PlantUML as markup or as a line of its preprocessor, which reads files: beside letters, digits
 * and what is harmless inside a line, every character is written by its number.
 */
import type { ErdColumn, ErdDiagram, ErdEnd, ErdEnum, ErdRelation, ErdTable } from "../../../../protocol/src/erd.ts";
import { changeNotes, relationLabel, shortType, shownName, WordsOf } from "./words.ts";

export function plantumlOf(diagram: ErdDiagram): string {
  const words = new WordsOf([...diagram.tables, ...diagram.enums], new Set(reserved));
  const lines = [
    "@startuml",
    `title ${plain(diagram.title)}`,
    "hide circle",
    "hide empty members",
    "skinparam linetype ortho",
    "",
    ...diagram.tables.flatMap((table) => entity(table, words.of(table.key))),
    ...diagram.enums.flatMap((each) => enumeration(each, words.of(each.key))),
    ...diagram.relations.map((relation) => line(relation, words)),
    "@enduml",
  ];
  return `${lines.join("\n")}\n`;
}

function entity(table: ErdTable, word: string): readonly string[] {
  const keys = table.columns.filter(({ primaryKey }) => primaryKey);
  const rest = table.columns.filter(({ primaryKey }) => !primaryKey);
  const kinds = [...(table.kind === "view" ? ["view"] : table.kind === "materializedView" ? ["materialized view"] : []), ...(table.change === undefined ? [] : [table.change])];
  const stereotype = kinds.map((kind) => ` <<${kind}>>`).join("");
  return [
    `entity "${plain(shownName(table))}" as ${word}${stereotype} {`,
    ...keys.map(field),
    ...(keys.length > 0 && rest.length > 0 ? ["  --"] : []),
    ...rest.map(field),
    "}",
    "",
  ];
}

/** A star means that there must be a value. `{field}` keeps a name with parentheses from being a method, and begins the line. */
function field(column: ErdColumn): string {
  const marks = [...(column.primaryKey ? ["PK"] : []), ...(column.foreignKey ? ["FK"] : []), ...(column.unique && !column.primaryKey ? ["UK"] : [])];
  const type = column.type === "" ? "" : ` : ${plain(shortType(column.type))}`;
  const notes = changeNotes(column);
  const note = notes.length === 0 ? "" : ` (${plain(notes.join(", "))})`;
  return `  {field} ${column.nullable ? "" : "* "}${plain(column.name)}${type}${marks.map((mark) => ` <<${mark}>>`).join("")}${note}`;
}

function enumeration(each: ErdEnum, word: string): readonly string[] {
  return [`enum "${plain(shownName(each))}" as ${word} {`, ...each.values.map((value) => `  {field} ${plain(value)}`), "}", ""];
}

function line(relation: ErdRelation, words: WordsOf): string {
  const [to, from] = [words.of(relation.to.table), words.of(relation.from.table)];
  if (relation.kind === "uses" || relation.kind === "reads") return `${from} ..> ${to}${relation.kind === "reads" ? " : reads" : ""}`;
  const label = plain(relationLabel(relation));
  return `${to} ${leftEnd(relation.to)}--${rightEnd(relation.from)} ${from}${label === "" ? "" : ` : ${label}`}`;
}

function leftEnd({ cardinality, optional }: ErdEnd): string {
  return cardinality === "one" ? (optional ? "|o" : "||") : optional ? "}o" : "}|";
}

function rightEnd({ cardinality, optional }: ErdEnd): string {
  return cardinality === "one" ? (optional ? "o|" : "||") : optional ? "o{" : "|{";
}

/** Twice the same would be markup: `__`, `[[`. */
function plain(name: string): string {
  return name.replaceAll(/[^\p{L}\p{M}\p{N}_ .,()[\]]|([_ .[\]])\1+/gu, (characters) => [...characters].map(byNumber).join(""));
}

function byNumber(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** Words that begin a line of PlantUML. */
const reserved = "abstract actor annotation as boundary circle class cloud component control database diamond end entity enum exception file folder footer frame header hide interface left legend map metaclass namespace newpage node note object package participant protocol queue record rectangle remove restore right rotate scale set show skinparam state static storage struct stereotype title top together".split(" ");
