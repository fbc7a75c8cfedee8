/**
 * SQL inside TypeScript and JavaScript: Prisma's raw queries and `sql` templates, as a database would get them.
 * Promises never to throw; a file that is half typed gives what its parser can save.
 */
import { type ParserPlugin, parse } from "@babel/parser";
import type { Expression, Node, TemplateLiteral } from "@babel/types";
import type { Span } from "../text/span.ts";
import { OffsetMap } from "./offsetMap.ts";

export interface EmbeddedQuery {
  /** `$queryRaw`, `$executeRaw`, `$queryRawUnsafe`, `$executeRawUnsafe`, `Prisma.sql` or `sql`. */
  readonly tag: string;
  /** The SQL, with `$1`, `$2`… where the source has `${…}`. */
  readonly sql: string;
  /** What stands between the delimiters in the source. */
  readonly span: Span;
  /** One for each `${…}`, in order: where its expression stands in the source. */
  readonly parameters: readonly Span[];
  /** The source offset of an offset in `sql`; inside a `$1` it is the start of its `${…}`. */
  sourceOffset(offset: number): number;
}

/** Larger files are made by tools. */
const longest = 2_000_000;

/** The queries of a source file, in the order they start; `uri` tells its language. */
export function embeddedSql(uri: string, text: string): EmbeddedQuery[] {
  if (text.length > longest || !/\bsql\s*[`<]|\$(?:query|execute)Raw/.test(text)) return [];
  const queries = nodesOf(uri, text).flatMap((node) => queryOf(node, text) ?? []);
  return queries.sort((a, b) => a.span.start - b.span.start);
}

/** Every node of the file. */
function nodesOf(uri: string, text: string): Node[] {
  const nodes: Node[] = [];
  const waiting: unknown[] = [syntaxTree(uri, text)];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    if (isNode(value)) nodes.push(value);
    for (const inner of Object.values(value)) if (typeof inner === "object") waiting.push(inner);
  }
  return nodes;
}

function syntaxTree(uri: string, text: string): Node | undefined {
  // In TypeScript without JSX, `<T>value` is a cast.
  const jsx: ParserPlugin[] = /\.[cm]?ts$/i.test(uri) ? [] : ["jsx"];
  try {
    const options = { sourceType: "unambiguous", errorRecovery: true, allowReturnOutsideFunction: true, attachComment: false } as const;
    return parse(text, { ...options, plugins: ["typescript", "decorators-legacy", ...jsx] }).program;
  } catch {
    // Too broken even for recovery: the next keystroke may mend it.
    return undefined;
  }
}

function isNode(value: object): value is Node {
  return "type" in value && typeof value.type === "string" && "start" in value;
}

function queryOf(node: Node, text: string): EmbeddedQuery | undefined {
  if (node.type === "TaggedTemplateExpression") {
    const tag = tagOf(node.tag);
    return tag === undefined ? undefined : templateQuery(tag, node.quasi, text);
  }
  if (node.type !== "CallExpression" && node.type !== "OptionalCallExpression") return undefined;
  const tag =
    node.callee.type === "Identifier" || node.callee.type === "MemberExpression" || node.callee.type === "OptionalMemberExpression"
      ? tagOf(node.callee)
      : undefined;
  const [argument] = node.arguments;
  if (tag === undefined || !tag.endsWith("Unsafe") || argument === undefined) return undefined;
  if (argument.type === "TemplateLiteral") return templateQuery(tag, argument, text);
  if (argument.type !== "StringLiteral") return undefined;
  const query = new QueryText(text);
  query.addText((argument.start ?? 0) + 1, (argument.end ?? 0) - 1);
  return query.finish(tag);
}

/** The name under which a query is known; undefined for other tags. */
function tagOf(tag: Expression): string | undefined {
  if (tag.type === "Identifier") return known(tag.name);
  if ((tag.type !== "MemberExpression" && tag.type !== "OptionalMemberExpression") || tag.property.type !== "Identifier") return undefined;
  const name = known(tag.property.name);
  return name === "sql" && tag.object.type === "Identifier" && tag.object.name === "Prisma" ? "Prisma.sql" : name;
}

function known(name: string): string | undefined {
  return /^(?:sql|\$(?:query|execute)Raw(?:Unsafe)?)$/.test(name) ? name : undefined;
}

function templateQuery(tag: string, template: TemplateLiteral, text: string): EmbeddedQuery {
  const query = new QueryText(text);
  template.quasis.forEach((quasi, i) => {
    query.addText(quasi.start ?? 0, quasi.end ?? 0);
    const expression = template.expressions[i];
    if (expression !== undefined) query.addParameter(quasi.end ?? 0, { start: expression.start ?? 0, end: expression.end ?? 0 });
  });
  return query.finish(tag);
}

/** Puts the SQL together, piece by piece of the source. */
class QueryText {
  readonly #source: string;
  readonly #map = new OffsetMap();
  readonly #parameters: Span[] = [];
  #sql = "";
  #start: number | undefined;
  #end = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Adds a stretch of a string or template, its escapes read. */
  addText(start: number, end: number): void {
    this.#start ??= start;
    this.#end = end;
    for (let at = start; at < end; ) {
      const escape = escapeAt(this.#source, at);
      if (escape === undefined) {
        const next = nextEscape(this.#source, at + 1, end);
        this.#map.add(this.#sql.length, at, next - at);
        this.#sql += this.#source.slice(at, next);
        at = next;
      } else {
        this.#map.add(this.#sql.length, at, 0);
        this.#sql += escape.text;
        at += escape.length;
      }
    }
    this.#map.add(this.#sql.length, end, 0);
  }

  /** `at` is where `${` stands. */
  addParameter(at: number, expression: Span): void {
    this.#parameters.push(expression);
    this.#map.add(this.#sql.length, at, 0);
    this.#sql += `$${this.#parameters.length}`;
  }

  finish(tag: string): EmbeddedQuery {
    const map = this.#map;
    const span = { start: this.#start ?? 0, end: this.#end };
    return { tag, sql: this.#sql, span, parameters: this.#parameters, sourceOffset: (offset) => map.sourceOffset(offset) };
  }
}

const simpleEscapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0", "\n": "", "\r": "" }),
);

/** The escape that starts at `at`, with what it stands for; CRLF in a template stands for a line feed. */
function escapeAt(source: string, at: number): { readonly text: string; readonly length: number } | undefined {
  const character = source.charAt(at);
  if (character === "\r") return { text: "\n", length: source.charAt(at + 1) === "\n" ? 2 : 1 };
  if (character !== "\\") return undefined;
  const [whole, hex2, hex4, code] = /^\\(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\})/i.exec(source.slice(at, at + 12)) ?? [];
  const point = Number.parseInt(hex2 ?? hex4 ?? code ?? "", 16);
  if (whole !== undefined && point <= 0x10ffff) return { text: String.fromCodePoint(point), length: whole.length };
  const next = source.charAt(at + 1);
  return { text: simpleEscapes.get(next) ?? next, length: next === "\r" && source.charAt(at + 2) === "\n" ? 3 : 2 };
}

function nextEscape(source: string, from: number, end: number): number {
  let at = from;
  while (at < end && source.charAt(at) !== "\\" && source.charAt(at) !== "\r") at++;
  return at;
}
