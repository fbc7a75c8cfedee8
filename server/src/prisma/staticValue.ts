/**
 * What an expression of a configuration file is, as far as its text alone tells. Nothing is executed: calls other than a
 * few known pure ones, imports and the environment are unknown.
 */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { parse } from "@babel/parser";

export type Program = ReturnType<typeof parse>["program"];
export type Statement = Program["body"][number];
export type Expression = Extract<Statement, { type: "ExpressionStatement" }>["expression"];

export type StaticValue =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** `undefined` and `null`. */
  | { readonly kind: "nothing" }
  | { readonly kind: "array"; readonly items: readonly StaticValue[] }
  | { readonly kind: "object"; readonly properties: ReadonlyMap<string, Located>; /** False when a spread may hold more. */ readonly isWhole: boolean }
  /** A `URL` object; `href` as written or resolved. */
  | { readonly kind: "url"; readonly href: string }
  /** Known only when the file runs. */
  | { readonly kind: "unknown"; readonly why: string };

export interface Located {
  readonly value: StaticValue;
  readonly node: Expression;
}

/** Deeper nesting is nobody's configuration. */
const maxDepth = 60;

export class StaticEvaluator {
  readonly #file: string;
  readonly #constants: ReadonlyMap<string, Expression>;
  #depth = 0;

  /** `file` is the absolute path of the file the expressions stand in. */
  constructor(file: string, program: Program) {
    this.#file = file;
    this.#constants = constantsOf(program);
  }

  evaluate(node: Expression): StaticValue {
    // Also ends constants that are defined by each other.
    if (this.#depth >= maxDepth) return unknown("is nested too deeply");
    this.#depth++;
    const value = this.#evaluate(node);
    this.#depth--;
    return value;
  }

  #evaluate(node: Expression): StaticValue {
    switch (node.type) {
      case "StringLiteral":
        return { kind: "string", value: node.value };
      case "BooleanLiteral":
        return { kind: "boolean", value: node.value };
      case "NullLiteral":
        return nothing;
      case "TemplateLiteral":
        return this.#template(node);
      case "ArrayExpression":
        return { kind: "array", items: node.elements.map((element) => (isExpression(element) ? this.evaluate(element) : unknown("is a spread"))) };
      case "ObjectExpression":
        return this.#object(node);
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
        return this.evaluate(node.expression);
      case "AwaitExpression":
        return this.evaluate(node.argument);
      case "Identifier":
        return this.#name(node.name);
      case "LogicalExpression":
        return this.#logical(node);
      case "BinaryExpression":
        return this.#sum(node);
      case "MemberExpression":
        return this.#member(node);
      case "NewExpression":
        return this.#newUrl(node);
      case "CallExpression":
        return this.#call(node);
      default:
        return unknown("is computed when the file runs");
    }
  }

  #name(name: string): StaticValue {
    if (name === "undefined") return nothing;
    if (name === "__dirname") return { kind: "string", value: dirname(this.#file) };
    const constant = this.#constants.get(name);
    return constant === undefined ? unknown(`comes from ${name}, which this file does not define as a constant`) : this.evaluate(constant);
  }

  #template(node: Extract<Expression, { type: "TemplateLiteral" }>): StaticValue {
    let text = "";
    for (const [i, quasi] of node.quasis.entries()) {
      text += quasi.value.cooked ?? "";
      const hole = node.expressions[i];
      if (hole === undefined) continue;
      const value = isExpression(hole) ? this.evaluate(hole) : unknown("is a type");
      if (value.kind !== "string") return value.kind === "unknown" ? value : unknown("is computed when the file runs");
      text += value.value;
    }
    return { kind: "string", value: text };
  }

  #object(node: Extract<Expression, { type: "ObjectExpression" }>): StaticValue {
    const properties = new Map<string, Located>();
    let isWhole = true;
    for (const property of node.properties) {
      if (property.type === "SpreadElement") {
        const spread = this.evaluate(property.argument);
        if (spread.kind === "object") for (const [name, located] of spread.properties) properties.set(name, located);
        isWhole &&= spread.kind === "nothing" || (spread.kind === "object" && spread.isWhole);
      } else {
        const key = property.computed ? undefined : propertyName(property.key);
        if (key === undefined) isWhole = false;
        else if (property.type === "ObjectProperty" && isExpression(property.value)) properties.set(key, { value: this.evaluate(property.value), node: property.value });
      }
    }
    return { kind: "object", properties, isWhole };
  }

  /** `a ?? b` and `a || b`, where an unknown left side may be absent: what is known is the best answer. */
  #logical(node: Extract<Expression, { type: "LogicalExpression" }>): StaticValue {
    const left = this.evaluate(node.left);
    if (node.operator === "&&") return left.kind === "nothing" ? left : unknown("is computed when the file runs");
    const isAbsent = left.kind === "nothing" || left.kind === "unknown" || (node.operator === "||" && left.kind === "string" && left.value === "");
    return isAbsent ? this.evaluate(node.right) : left;
  }

  #sum(node: Extract<Expression, { type: "BinaryExpression" }>): StaticValue {
    if (node.operator !== "+" || !isExpression(node.left)) return unknown("is computed when the file runs");
    const left = this.evaluate(node.left);
    const right = this.evaluate(node.right);
    if (left.kind === "string" && right.kind === "string") return { kind: "string", value: left.value + right.value };
    return left.kind === "unknown" ? left : unknown("is computed when the file runs");
  }

  #member(node: Extract<Expression, { type: "MemberExpression" }>): StaticValue {
    const path = dottedPath(node);
    if (path === "import.meta.dirname") return { kind: "string", value: dirname(this.#file) };
    if (path === "import.meta.filename") return { kind: "string", value: this.#file };
    if (path === "import.meta.url") return { kind: "url", href: pathToFileURL(this.#file).href };
    if (path?.startsWith("process.env") === true || isEnvironment(node)) return unknown("depends on the environment");
    if (node.object.type === "Super" || node.computed || node.property.type !== "Identifier") return unknown("is computed when the file runs");
    const object = this.evaluate(node.object);
    if (object.kind === "url" && node.property.name === "href") return { kind: "string", value: object.href };
    if (object.kind === "url" && node.property.name === "pathname") return pathOfUrl(object.href);
    if (object.kind !== "object") return object.kind === "unknown" ? object : unknown("is computed when the file runs");
    return object.properties.get(node.property.name)?.value ?? (object.isWhole ? nothing : unknown("is computed when the file runs"));
  }

  /** `new URL("./schema.prisma", import.meta.url)` */
  #newUrl(node: Extract<Expression, { type: "NewExpression" }>): StaticValue {
    const [path, base] = node.arguments.map((argument) => (isExpression(argument) ? this.evaluate(argument) : unknown("is a spread")));
    const baseHref = base?.kind === "url" ? base.href : base?.kind === "string" ? base.value : undefined;
    if (dottedPath(node.callee) !== "URL" || path?.kind !== "string" || baseHref === undefined) return unknown("is computed when the file runs");
    try {
      return { kind: "url", href: new URL(path.value, baseHref).href };
    } catch {
      return unknown("is no valid URL");
    }
  }

  #call(node: Extract<Expression, { type: "CallExpression" }>): StaticValue {
    const callee = dottedPath(node.callee) ?? "";
    const name = callee.slice(callee.lastIndexOf(".") + 1);
    if (callee === "process.cwd") return { kind: "string", value: dirname(this.#file) };
    if (name === "env") return unknown("depends on the environment");
    const values = node.arguments.map((argument) => (isExpression(argument) ? this.evaluate(argument) : unknown("is a spread")));
    const [first] = values;
    if (name === "fileURLToPath" && first?.kind === "url") return pathOfUrl(first.href);
    if (name === "dirname" && first?.kind === "string") return { kind: "string", value: dirname(first.value) };
    if ((name !== "join" && name !== "resolve") || !/^(?:path\.|path\.posix\.)?(?:join|resolve)$/.test(callee)) return unknown(`is made by ${callee === "" ? "a call" : `${callee}()`}`);
    const parts = values.map((value) => (value.kind === "string" ? value.value : undefined));
    const strings = parts.filter((part) => part !== undefined);
    if (strings.length < parts.length) return values.find((value) => value.kind === "unknown") ?? unknown("is computed when the file runs");
    return { kind: "string", value: name === "join" ? join(...strings) : resolve(dirname(this.#file), ...strings) };
  }
}

export function unknown(why: string): StaticValue {
  return { kind: "unknown", why };
}

const nothing: StaticValue = { kind: "nothing" };

function pathOfUrl(href: string): StaticValue {
  try {
    return { kind: "string", value: fileURLToPath(href) };
  } catch {
    return unknown("is no file on this machine");
  }
}

/** `a.b.c` and `import.meta.url`; undefined for anything else. */
export function dottedPath(node: { readonly type: string } | null | undefined): string | undefined {
  const names: string[] = [];
  let current: object | null | undefined = node;
  while (isMember(current) && !current.computed && isNamed(current.property)) {
    names.unshift(current.property.name);
    current = current.object;
  }
  if (isNamed(current)) names.unshift(current.name);
  else if (isImportMeta(current)) names.unshift("import.meta");
  else return undefined;
  return names.join(".");
}

/** `process.env["X"]` */
function isEnvironment(node: Extract<Expression, { type: "MemberExpression" }>): boolean {
  return node.computed && dottedPath(node.object) === "process.env";
}

interface Member {
  readonly type: "MemberExpression";
  readonly computed: boolean;
  readonly object: { readonly type: string };
  readonly property: { readonly type: string };
}

function isMember(node: object | null | undefined): node is Member {
  return node !== null && node !== undefined && "type" in node && node.type === "MemberExpression";
}

function isNamed(node: object | null | undefined): node is { readonly name: string } {
  return node !== null && node !== undefined && "type" in node && node.type === "Identifier" && "name" in node;
}

function isImportMeta(node: object | null | undefined): boolean {
  return node !== null && node !== undefined && "type" in node && node.type === "MetaProperty";
}

function propertyName(key: { readonly type: string }): string | undefined {
  if (isNamed(key)) return key.name;
  return key.type === "StringLiteral" && "value" in key && typeof key.value === "string" ? key.value : undefined;
}

/** Whether the node is one that `evaluate` may be asked about; patterns, spreads and types are not. */
export function isExpression(node: { readonly type: string } | null | undefined): node is Expression {
  if (node === null || node === undefined) return false;
  return !/^(?:SpreadElement|ArgumentPlaceholder|AssignmentPattern|ArrayPattern|ObjectPattern|RestElement|PrivateName|VoidPattern)$|Type$|Keyword$/.test(node.type);
}

function constantsOf(program: Program): ReadonlyMap<string, Expression> {
  const constants = new Map<string, Expression>();
  for (const statement of program.body) {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "const") continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === "Identifier" && isExpression(init)) constants.set(id.name, init);
    }
  }
  return constants;
}
