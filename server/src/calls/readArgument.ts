/**
 * The argument of a call, read from its syntax tree: literals as they are, constants and small functions of the same file
 * resolved, everything else as what only the running program knows. Where the running program decides, one way is taken
 * and noted as an assumption. Nothing is executed.
 */
import type { Expression, Function as FunctionNode, Node, ObjectExpression, SpreadElement } from "@babel/types";
import { type Declared, isFunction, type SourceTree } from "../program/sourceTree.ts";
import type { Span } from "../text/span.ts";
import type { ArgumentEntry, Assumption, CallArgument, ObjectArgument } from "./call.ts";
import type { CallModels } from "./callModels.ts";

/** Deeper nesting is nobody's query; it also ends constants that are defined by each other. */
const maxDepth = 60;
/** Values read for one call: constants that spread each other twice grow without end. */
const maxValues = 20_000;

export class ArgumentReader {
  readonly assumptions: Assumption[] = [];
  readonly #tree: SourceTree;
  readonly #enums: CallModels["enums"];
  /** Where the call begins: what is assigned later does not count. */
  readonly #before: number;
  #depth = 0;
  #values = 0;

  constructor(tree: SourceTree, models: CallModels, before: number) {
    this.#tree = tree;
    this.#enums = models.enums;
    this.#before = before;
  }

  /** The argument as an object; what is no object is spread into an empty one. */
  readObject(node: Expression): ObjectArgument {
    const value = this.read(node);
    if (value.kind === "object") return value;
    return { kind: "object", entries: [], unread: value.kind === "runtime" ? [value] : [], span: spanOf(node) };
  }

  read(node: Node): CallArgument {
    if (this.#depth >= maxDepth || this.#values >= maxValues) return this.#runtime(node);
    this.#depth++;
    this.#values++;
    const value = this.#read(node);
    this.#depth--;
    return value;
  }

  #read(node: Node): CallArgument {
    const span = spanOf(node);
    switch (node.type) {
      case "StringLiteral":
      case "BooleanLiteral":
      case "NumericLiteral":
        return { kind: "literal", value: node.value, span };
      case "NullLiteral":
        return { kind: "literal", value: null, span };
      case "BigIntLiteral":
        return { kind: "tagged", type: "BigInt", value: node.value, span };
      case "TemplateLiteral":
        return node.expressions.length === 0 ? { kind: "literal", value: node.quasis[0]?.value.cooked ?? "", span } : this.#runtime(node);
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
        return this.read(node.expression);
      case "AwaitExpression":
        return this.read(node.argument);
      case "ObjectExpression":
        return this.#object(node);
      case "ArrayExpression":
        return this.#list(node.elements, node);
      case "Identifier":
        return this.#name(node.name, node);
      case "MemberExpression":
      case "OptionalMemberExpression":
        return this.#member(node);
      case "UnaryExpression": {
        if (node.operator === "void") return { kind: "absent", span };
        const value = node.operator === "-" ? this.read(node.argument) : undefined;
        return value?.kind === "literal" && typeof value.value === "number" ? { kind: "literal", value: -value.value, span } : this.#runtime(node);
      }
      case "BinaryExpression":
        return this.#arithmetic(node);
      case "ConditionalExpression":
        return this.#either(node);
      case "LogicalExpression":
        return this.#logical(node);
      case "NewExpression":
      case "CallExpression":
        return this.#call(node);
      default:
        return this.#runtime(node);
    }
  }

  #object(node: ObjectExpression): ObjectArgument {
    const entries: ArgumentEntry[] = [];
    const unread: ObjectArgument["unread"][number][] = [];
    for (const property of node.properties) {
      if (property.type === "SpreadElement") {
        const spread = this.read(property.argument);
        if (spread.kind === "object") {
          entries.push(...spread.entries);
          unread.push(...spread.unread);
        } else if (spread.kind === "runtime") unread.push({ ...spread, span: spanOf(property) });
        continue;
      }
      const name = property.computed ? this.#text(property.key) : property.key.type === "Identifier" ? property.key.name : property.key.type === "StringLiteral" ? property.key.value : undefined;
      if (name === undefined) unread.push({ kind: "runtime", text: shortened(this.#tree.textOf(property)), span: spanOf(property) });
      else entries.push({ name, nameSpan: spanOf(property.key), value: property.type === "ObjectProperty" ? this.read(property.value) : this.#runtime(property) });
    }
    return { kind: "object", entries, unread, span: spanOf(node) };
  }

  #list(elements: readonly (Expression | SpreadElement | null)[], node: Node): CallArgument {
    const items = elements.flatMap((element): readonly CallArgument[] => {
      if (element === null) return [];
      const value = this.read(element.type === "SpreadElement" ? element.argument : element);
      if (element.type !== "SpreadElement") return value.kind === "absent" ? [] : [value];
      return value.kind === "list" ? value.items : value.kind === "runtime" ? [value] : [];
    });
    return { kind: "list", items, span: spanOf(node) };
  }

  #name(name: string, node: Node): CallArgument {
    const span = spanOf(node);
    if (name === "undefined") return { kind: "absent", span };
    const declared = this.#tree.lookUp(name, node);
    if (declared?.kind === "property") {
      const value = this.read(declared.init);
      return value.kind === "object" ? (entryValue(value, declared.property) ?? this.#runtime(node)) : this.#runtime(node);
    }
    if (declared?.kind !== "value") return this.#runtime(node);
    const value = this.read(declared.init);
    // A list or an object can be built up; any other variable holds what was last assigned.
    if (value.kind === "object") return this.#changed(value, name, declared, node);
    return declared.isConstant && value.kind !== "runtime" ? value : this.#runtime(node);
  }

  /** With what `where.name = …` adds below its declaration. */
  #changed(value: ObjectArgument, name: string, declared: Declared, node: Node): CallArgument {
    let changed = value;
    for (const { left, right } of this.#tree.changesTo(name, declared, Math.min(this.#before, node.start ?? this.#before))) {
      const path = pathOf(left);
      if (path === undefined) continue;
      const condition = this.#conditionOf(left, declared);
      if (condition !== undefined) this.#assume(spanOf(condition), `\`${shortened(this.#tree.textOf(condition))}\` holds.`);
      changed = withEntry(changed, path, { nameSpan: spanOf(left), value: this.read(right) });
    }
    return changed;
  }

  /** Of the `if` that stands between the declaration and what is done below it. */
  #conditionOf(node: Node, declared: Declared): Node | undefined {
    for (const ancestor of this.#tree.ancestorsOf(node)) {
      if (ancestor === declared.holder) return undefined;
      if (ancestor.type === "IfStatement") return ancestor.test;
    }
    return undefined;
  }

  #member(node: Extract<Node, { type: "MemberExpression" | "OptionalMemberExpression" }>): CallArgument {
    const span = spanOf(node);
    const path = dottedNames(node);
    const [owner, last] = path?.slice(-2) ?? [];
    if (path === undefined || owner === undefined || last === undefined) return this.#runtime(node);
    if (this.#enums.get(owner)?.values.includes(last) === true) return { kind: "literal", value: last, span };
    if (owner === "SortOrder" || owner === "QueryMode" || owner === "NullsOrder") return { kind: "literal", value: last, span };
    if (owner === "Prisma" && /^(?:Json|Db|Any)Null$/.test(last)) return { kind: "tagged", type: "Enum", value: last, span };
    if (owner === "Prisma" && last === "skip") return { kind: "absent", span };
    if (path.at(-2) === "fields" && path.length >= 3) return { kind: "tagged", type: "FieldRef", value: `${path.at(-3) ?? ""}.${last}`, span };
    const object = node.object.type === "Identifier" || node.object.type === "MemberExpression" ? this.read(node.object) : undefined;
    return (object?.kind === "object" ? entryValue(object, last) : undefined) ?? this.#runtime(node);
  }

  #arithmetic(node: Extract<Node, { type: "BinaryExpression" }>): CallArgument {
    const [left, right] = [this.read(node.left), this.read(node.right)];
    if (left.kind !== "literal" || right.kind !== "literal") return this.#runtime(node);
    const value = computed(left.value, node.operator, right.value);
    return value === undefined ? this.#runtime(node) : { kind: "literal", value, span: spanOf(node) };
  }

  /** `a ? b : c`: the way that says more. */
  #either(node: Extract<Node, { type: "ConditionalExpression" }>): CallArgument {
    const [first, second] = [this.read(node.consequent), this.read(node.alternate)];
    const takesSecond = weight(second) > weight(first);
    const test = shortened(this.#tree.textOf(node.test));
    // Which of two values it is makes no difference to the statement.
    if (first.kind !== "runtime" || second.kind !== "runtime") this.#assume(spanOf(node.test), takesSecond ? `\`${test}\` does not hold.` : `\`${test}\` holds.`);
    return takesSecond ? second : first.kind === "runtime" && second.kind === "runtime" ? this.#runtime(node) : first;
  }

  #logical(node: Extract<Node, { type: "LogicalExpression" }>): CallArgument {
    const right = this.read(node.right);
    if (node.operator === "&&") {
      this.#assume(spanOf(node.left), `\`${shortened(this.#tree.textOf(node.left))}\` holds.`);
      return right;
    }
    const left = this.read(node.left);
    if (left.kind === "absent" || (left.kind === "literal" && left.value === null)) return right;
    if (left.kind !== "runtime") return left;
    return right.kind === "object" || right.kind === "list" ? right : this.#runtime(node);
  }

  #call(node: Extract<Node, { type: "CallExpression" | "NewExpression" }>): CallArgument {
    const span = spanOf(node);
    const [first] = node.arguments;
    const name = node.callee.type === "Identifier" ? node.callee.name : node.callee.type === "MemberExpression" ? dottedNames(node.callee)?.at(-1) : undefined;
    // `Prisma.validator<…>()({ … })`
    if (node.callee.type === "CallExpression" && first !== undefined && dottedNames(node.callee.callee)?.join(".") === "Prisma.validator") return this.read(first);
    const value = first === undefined || node.arguments.length > 1 ? undefined : this.read(first);
    if (value?.kind === "literal" && value.value !== null) {
      const text = String(value.value);
      if (name === "Decimal" && /^-?\d+(?:\.\d+)?$/.test(text)) return { kind: "tagged", type: "Decimal", value: text, span };
      if (name === "BigInt" && /^-?\d+$/.test(text)) return { kind: "tagged", type: "BigInt", value: text, span };
      if (name === "Date" && node.type === "NewExpression" && !Number.isNaN(new Date(value.value === true ? 1 : text).getTime())) return { kind: "tagged", type: "DateTime", value: new Date(text).toISOString(), span };
    }
    if (name === "map" && node.callee.type === "MemberExpression" && first !== undefined && isFunction(first)) return this.#eachOf(first, node);
    const called = node.type === "CallExpression" && node.callee.type === "Identifier" ? this.#tree.lookUp(node.callee.name, node) : undefined;
    const body = called?.kind === "function" ? called.node : called?.kind === "value" && isFunction(called.init) ? called.init : undefined;
    const result = body === undefined || body.async === true ? undefined : this.#returned(body);
    return result?.kind === "object" || result?.kind === "list" ? result : this.#runtime(node);
  }

  /** `rows.map((row) => ({ … }))`: one row stands for all. */
  #eachOf(each: FunctionNode, node: Node): CallArgument {
    const item = each.async === true ? undefined : this.#returned(each);
    if (item?.kind !== "object") return this.#runtime(node);
    this.#assume(spanOf(node), "One element stands for all of the list.");
    return { kind: "list", items: [item], span: spanOf(node) };
  }

  /** What a function of one expression gives. */
  #returned(body: FunctionNode): CallArgument | undefined {
    if (body.body.type !== "BlockStatement") return this.read(body.body);
    const [statement] = body.body.body;
    return statement?.type === "ReturnStatement" && statement.argument ? this.read(statement.argument) : undefined;
  }

  #text(node: Node): string | undefined {
    const value = this.read(node);
    return value.kind === "literal" && typeof value.value === "string" ? value.value : undefined;
  }

  #runtime(node: Node): { readonly kind: "runtime"; readonly text: string; readonly span: Span } {
    return { kind: "runtime", text: shortened(this.#tree.textOf(node)), span: spanOf(node) };
  }

  #assume(span: Span, text: string): void {
    if (!this.assumptions.some((known) => known.span.start === span.start && known.text === text)) this.assumptions.push({ span, text });
  }
}

export function spanOf(node: Node): Span {
  return { start: node.start ?? 0, end: node.end ?? 0 };
}

/** On one line, and not too long for a sentence. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}

/** `["prisma", "contact", "findMany"]` of `prisma.contact.findMany`; `this` is a name too, a call in it none. */
export function dottedNames(node: Node): readonly string[] | undefined {
  const names: string[] = [];
  let at = node;
  while ((at.type === "MemberExpression" || at.type === "OptionalMemberExpression") && !at.computed && at.property.type === "Identifier") {
    names.unshift(at.property.name);
    at = at.object;
  }
  if (at.type === "Identifier") names.unshift(at.name);
  else if (at.type === "ThisExpression") names.unshift("this");
  else return undefined;
  return names;
}

/** How much of a statement it makes. */
function weight(value: CallArgument): number {
  switch (value.kind) {
    case "absent":
      return 0;
    case "object":
      return value.entries.length === 0 && value.unread.length === 0 ? 0 : 2;
    default:
      return value.kind === "literal" && value.value === null ? 1 : 2;
  }
}

function entryValue(object: ObjectArgument, name: string): CallArgument | undefined {
  return object.entries.findLast((entry) => entry.name === name)?.value;
}

/** `["AND", "name"]` of `where.AND.name`. */
function pathOf(node: Node): readonly string[] | undefined {
  const path: string[] = [];
  let at = node;
  while (at.type === "MemberExpression") {
    const name = at.property.type === "StringLiteral" ? at.property.value : at.property.type === "Identifier" && !at.computed ? at.property.name : undefined;
    if (name === undefined) return undefined;
    path.unshift(name);
    at = at.object;
  }
  return path;
}

function withEntry(object: ObjectArgument, [name, ...rest]: readonly string[], entry: Omit<ArgumentEntry, "name">): ObjectArgument {
  if (name === undefined) return object;
  const inner = entryValue(object, name);
  const nested: ObjectArgument = inner?.kind === "object" ? inner : { kind: "object", entries: [], unread: [], span: entry.nameSpan };
  const value = rest.length === 0 ? entry.value : withEntry(nested, rest, entry);
  return { ...object, entries: [...object.entries, { name, nameSpan: entry.nameSpan, value }] };
}

function computed(left: string | number | boolean | null, operator: string, right: string | number | boolean | null): string | number | undefined {
  if (typeof left === "string" && typeof right === "string") return operator === "+" ? left + right : undefined;
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    default:
      return operator === "/" && right !== 0 ? left / right : undefined;
  }
}
