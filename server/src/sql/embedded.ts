/**
 * SQL inside TypeScript and JavaScript as a database would get it: Prisma's raw queries, `sql` templates, and strings that
 * are handed to a driver. Promises never to throw; a file that is half typed gives what its parser can save.
 */
import type { Expression, Node } from "@babel/types";
import { longestProgram, plainExpression, sourceTree, type SourceTree } from "../program/sourceTree.ts";
import type { Span } from "../text/span.ts";
import { QueryText } from "./embedded/queryText.ts";
import { addString, addTemplate } from "./embedded/templates.ts";

export interface EmbeddedQuery {
  /** `$queryRaw`, `Prisma.sql`, `sql` and the like; of a string, the method it is handed to: `query`, `raw`. */
  readonly tag: string;
  /** The SQL, with `$1`, `$2`… where the source has `${…}`; in a string, placeholders are as the source has them. */
  readonly sql: string;
  /** What stands between the delimiters in the source; of a query of several pieces, its first. */
  readonly span: Span;
  /** One for each `${…}` that is no fragment, in order: where its expression stands in the source. */
  readonly parameters: readonly Span[];
  /** Those of them that stand for SQL which nobody knows before it runs. */
  readonly gaps: readonly Span[];
  /** Whether a driver replaces placeholders in it: a string, not a template with a tag. */
  readonly isString: boolean;
  /** The source offset of an offset in `sql`; inside a `$1` it is the start of its `${…}`. */
  sourceOffset(offset: number): number;
  /** The other way; undefined for what is not of this query. */
  textOffset(place: number): number | undefined;
}

const tagged = /\bsql\s*[`<]|\$(?:query|execute)Raw/;
const handedOver = /\.\s*(?:query|execute|raw|unsafe|any|one|none|many|manyOrNone|oneOrNone|task|result)\s*(?:<[^;(]*>)?\(/;
const beginning = /^(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/|\()*(?:(?:select|insert\s+into|delete\s+from|merge\s+into)\b|update\b[^;]*?\bset\b|with\s+(?:recursive\s+)?["\w]+\s*(?:\(|as\b)|values\s*\()/i;
const quoted = /["'`](?:\s|--[^\n]*\n)*(?:select|insert|update|delete|merge|with|values)\b/i;

/** The queries of a source file, in the order they start; `uri` tells its language. */
export function embeddedSql(uri: string, text: string): EmbeddedQuery[] {
  if (text.length > longestProgram || !(tagged.test(text) || (handedOver.test(text) && quoted.test(text)))) return [];
  const program = sourceTree(uri, text);
  const queries = program.nodes.flatMap((node) => queryOf(node, program) ?? []);
  return queries.sort((a, b) => a.span.start - b.span.start);
}

/** Whether the text begins as a statement that has a plan does: others are fragments. */
export function beginsAsQuery(sql: string): boolean {
  return beginning.test(sql);
}

function queryOf(node: Node, program: SourceTree): EmbeddedQuery | undefined {
  if (node.type === "TaggedTemplateExpression") {
    const tag = tagOf(node.tag);
    if (tag === undefined) return undefined;
    const query = new QueryText(program.text);
    addTemplate(node.quasi, program, query);
    return finished(tag, query, inside(node.quasi), false);
  }
  if (node.type !== "CallExpression" && node.type !== "OptionalCallExpression") return undefined;
  const { callee } = node;
  if (callee.type !== "Identifier" && callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression") return undefined;
  const tag = tagOf(callee);
  const [argument] = node.arguments;
  if (argument === undefined) return undefined;
  if (tag?.endsWith("Unsafe") === true) return stringQuery(tag, argument, program, false);
  const method = methodOf(callee, program);
  if (method === undefined) return undefined;
  return stringQuery(method, textArgument(argument), program, true);
}

/** The name under which a template's query is known; undefined for other tags. */
function tagOf(tag: Expression): string | undefined {
  if (tag.type === "Identifier") return known(tag.name);
  if ((tag.type !== "MemberExpression" && tag.type !== "OptionalMemberExpression") || tag.property.type !== "Identifier") return undefined;
  const name = known(tag.property.name);
  return name === "sql" && tag.object.type === "Identifier" && tag.object.name === "Prisma" ? "Prisma.sql" : name;
}

function known(name: string): string | undefined {
  return /^(?:sql|\$(?:query|execute)Raw(?:Unsafe)?)$/.test(name) ? name : undefined;
}

/** Methods of drivers and builders that take a statement: pg, knex, TypeORM, Sequelize, pg-promise, postgres.js, Drizzle. */
const methods = /^(?:query|execute|raw|unsafe|any|one|none|many|manyOrNone|oneOrNone|result)$/;

/** Whose statements are another database's. */
const otherDrivers = /^(?:mysql2?|mariadb|sqlite3?|better-sqlite3|mssql|tedious|oracledb|@libsql\/client|cassandra-driver)(?:\/|$)/;

function methodOf(callee: Expression, { modules }: SourceTree): string | undefined {
  if ((callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression") || callee.property.type !== "Identifier") return undefined;
  const { name } = callee.property;
  return methods.test(name) && ![...modules].some((module) => otherDrivers.test(module)) ? name : undefined;
}

/** The statement itself, or in an object for the driver: `{ text: "…", values }`. */
function textArgument(argument: Node): Node {
  const inner = plainExpression(argument);
  if (inner.type !== "ObjectExpression") return inner;
  const texts = inner.properties.flatMap((property) =>
    property.type === "ObjectProperty" && property.key.type === "Identifier" && /^(?:text|sql|query)$/.test(property.key.name) ? [property.value] : [],
  );
  return texts[0] ?? inner;
}

function stringQuery(tag: string, argument: Node, program: SourceTree, mustBegin: boolean): EmbeddedQuery | undefined {
  const query = new QueryText(program.text);
  if (!addString(argument, program, query) || (mustBegin && !beginsAsQuery(query.sql))) return undefined;
  return finished(tag, query, inside(literalOf(argument, program)), true);
}

/** The first piece of a string that is put together. */
function literalOf(expression: Node, program: SourceTree): Node {
  let inner = plainExpression(expression);
  for (let steps = 0; steps < 20; steps++) {
    const next = inner.type === "BinaryExpression" ? inner.left : inner.type === "Identifier" ? program.constantOf(inner) : undefined;
    if (next === undefined) return inner;
    inner = plainExpression(next);
  }
  return inner;
}

/** Between the delimiters. */
function inside({ start, end }: Node): Span {
  return { start: (start ?? 0) + 1, end: (end ?? 0) - 1 };
}

function finished(tag: string, query: QueryText, span: Span, isString: boolean): EmbeddedQuery {
  const { sql, parameters, gaps, map } = query;
  return { tag, sql, span, parameters, gaps, isString, sourceOffset: (offset) => map.sourceOffset(offset), textOffset: (place) => map.textOffset(place) };
}
