/** The syntax tree of a program as far as finding SQL in it needs one: every node, and what its constants stand for. */
import { type ParserPlugin, parse } from "@babel/parser";
import type { Expression, Node, VariableDeclarator } from "@babel/types";

export interface Program {
  readonly text: string;
  readonly nodes: readonly Node[];
  /** What a name stands for that is bound once in the file, to a constant. */
  constant(name: string): Expression | undefined;
  /** The type that a name is declared with where it is bound once, as it is written. */
  statedType(name: string): string | undefined;
  /** Names of the modules it imports or requires. */
  readonly modules: ReadonlySet<string>;
}

export function programOf(uri: string, text: string): Program {
  const nodes = nodesOf(uri, text);
  const bindings = new Map<string, Binding[]>();
  const modules = new Set<string>();
  for (const node of nodes) {
    if (node.type === "ImportDeclaration") modules.add(node.source.value);
    if (node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "require" && node.arguments[0]?.type === "StringLiteral") modules.add(node.arguments[0].value);
    for (const binding of bound(node, text)) bindings.set(binding.name, [...(bindings.get(binding.name) ?? []), binding]);
  }
  const only = (name: string): Binding | undefined => {
    const found = bindings.get(name);
    return found?.length === 1 ? found[0] : undefined;
  };
  return { text, nodes, modules, constant: (name) => only(name)?.value, statedType: (name) => only(name)?.type };
}

/** `(value)`, `value as T`, `value!` and the like without what changes nothing. */
export function plainExpression(expression: Node): Node {
  let inner = expression;
  while (
    inner.type === "ParenthesizedExpression" ||
    inner.type === "TSAsExpression" ||
    inner.type === "TSSatisfiesExpression" ||
    inner.type === "TSNonNullExpression" ||
    inner.type === "TSTypeAssertion" ||
    inner.type === "AwaitExpression"
  )
    inner = inner.type === "AwaitExpression" ? inner.argument : inner.expression;
  return inner;
}

interface Binding {
  readonly name: string;
  readonly value: Expression | undefined;
  readonly type: string | undefined;
}

function bound(node: Node, text: string): readonly Binding[] {
  switch (node.type) {
    case "VariableDeclaration":
      return node.declarations.flatMap((declarator) => declared(declarator, node.kind === "const", text));
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
    case "ObjectMethod":
    case "ClassMethod":
    case "ClassPrivateMethod":
      return node.params.flatMap((parameter) => patternNames(parameter, text));
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return [{ name: node.local.name, value: undefined, type: undefined }];
    case "CatchClause":
      return node.param === null || node.param === undefined ? [] : patternNames(node.param, text);
    default:
      return [];
  }
}

function declared({ id, init }: VariableDeclarator, isConstant: boolean, text: string): readonly Binding[] {
  if (id.type !== "Identifier") return patternNames(id, text);
  return [{ name: id.name, value: isConstant ? (init ?? undefined) : undefined, type: typeText(id, text) }];
}

/** Names that a pattern binds, each to something that nobody knows. */
function patternNames(pattern: Node, text: string): readonly Binding[] {
  switch (pattern.type) {
    case "Identifier":
      return [{ name: pattern.name, value: undefined, type: typeText(pattern, text) }];
    case "AssignmentPattern":
      return patternNames(pattern.left, text);
    case "RestElement":
      return patternNames(pattern.argument, text);
    case "TSParameterProperty":
      return patternNames(pattern.parameter, text);
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element === null ? [] : patternNames(element, text)));
    case "ObjectPattern":
      return pattern.properties.flatMap((property) => patternNames(property.type === "RestElement" ? property.argument : property.value, text));
    default:
      return [];
  }
}

function typeText(id: Node, text: string): string | undefined {
  const annotation: unknown = "typeAnnotation" in id ? id.typeAnnotation : undefined;
  if (typeof annotation !== "object" || annotation === null || !("start" in annotation && "end" in annotation)) return undefined;
  const { start, end } = annotation;
  return typeof start === "number" && typeof end === "number" ? text.slice(start, end).replace(/^\s*:\s*/, "") : undefined;
}

/** Every node of the file, outer ones first. */
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
