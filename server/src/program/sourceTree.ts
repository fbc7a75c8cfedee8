/**
 * The syntax tree of a TypeScript or JavaScript file, with the way up from each node and what a name stands for where it is
 * used. Nothing is executed, no other file is read. Promises never to throw; a half-typed file gives what can be saved.
 */
import { type ParserPlugin, parse } from "@babel/parser";
import type { AssignmentExpression, Expression, Function as FunctionNode, Identifier, LVal, Node, Statement, VariableDeclaration } from "@babel/types";

/** What a name was declared as; `other` is everything whose value only the running program knows. */
export type Declared =
  | { readonly kind: "value"; readonly init: Expression; readonly isConstant: boolean; readonly name: Identifier; readonly holder: Node }
  /** `const { contact } = prisma`: `property` of `init`. */
  | { readonly kind: "property"; readonly property: string; readonly init: Expression; readonly holder: Node }
  | { readonly kind: "function"; readonly node: FunctionNode; readonly holder: Node }
  | { readonly kind: "other"; readonly name: Identifier; readonly holder: Node };

/** Code units. Larger files are made by tools; their tree is empty. */
export const longestProgram = 2_000_000;

let latest: { readonly uri: string; readonly tree: WeakRef<SourceTree> } | undefined;

/** The tree of a file; of the one that was asked for last only once, since several look for their own in it after each edit. `uri` tells the language by its ending. */
export function sourceTree(uri: string, text: string): SourceTree {
  const known = latest?.uri === uri ? latest.tree.deref() : undefined;
  if (known?.text === text) return known;
  const tree = new SourceTree(uri, text);
  latest = { uri, tree: new WeakRef(tree) };
  return tree;
}

export class SourceTree {
  readonly text: string;
  /** Every node in the order of the text, outer before inner. */
  readonly nodes: readonly Node[];
  readonly #parents = new Map<Node, Node>();
  readonly #declared = new Map<Node, ReadonlyMap<string, Declared>>();
  #assignments: readonly AssignmentExpression[] | undefined;
  #modules: ReadonlySet<string> | undefined;

  constructor(uri: string, text: string) {
    this.text = text;
    const nodes: Node[] = [];
    const root = text.length > longestProgram ? undefined : programOf(uri, text);
    const waiting: Node[] = root === undefined ? [] : [root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      nodes.push(node);
      const children = childrenOf(node);
      for (const child of children) this.#parents.set(child, node);
      waiting.push(...children.reverse());
    }
    this.nodes = nodes;
  }

  /** Names of the modules that the file imports or requires. */
  get modules(): ReadonlySet<string> {
    this.#modules ??= new Set(this.nodes.flatMap((node) => moduleOf(node) ?? []));
    return this.#modules;
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node);
  }

  *ancestorsOf(node: Node): Generator<Node> {
    for (let at = this.#parents.get(node); at !== undefined; at = this.#parents.get(at)) yield at;
  }

  /** What `name` stands for at `node`; undefined for what the file does not declare. */
  lookUp(name: string, node: Node): Declared | undefined {
    for (const ancestor of this.ancestorsOf(node)) {
      const found = this.#declarationsIn(ancestor).get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The value of the constant that an identifier stands for. */
  constantOf(identifier: Identifier): Expression | undefined {
    const declared = this.lookUp(identifier.name, identifier);
    return declared?.kind === "value" && declared.isConstant ? declared.init : undefined;
  }

  /** The type that what an identifier stands for is declared with, as it is written. */
  statedTypeOf(identifier: Identifier): string | undefined {
    const declared = this.lookUp(identifier.name, identifier);
    const annotation = declared?.kind === "value" || declared?.kind === "other" ? declared.name.typeAnnotation : undefined;
    return annotation ? this.textOf(annotation).replace(/^\s*:\s*/, "") : undefined;
  }

  /** `where.name = …` and the like: assignments to something inside what was declared, between its declaration and `before`. */
  changesTo(name: string, declared: Declared, before: number): readonly AssignmentExpression[] {
    this.#assignments ??= this.nodes.filter((node) => node.type === "AssignmentExpression");
    return this.#assignments.filter(
      (each) => (each.start ?? 0) < before && rootName(each.left) === name && this.lookUp(name, each)?.holder === declared.holder,
    );
  }

  textOf(node: Node): string {
    return this.text.slice(node.start ?? 0, node.end ?? 0);
  }

  #declarationsIn(node: Node): ReadonlyMap<string, Declared> {
    const known = this.#declared.get(node);
    if (known !== undefined) return known;
    const declared = new Map<string, Declared>();
    if (node.type === "Program" || node.type === "BlockStatement" || node.type === "StaticBlock" || node.type === "TSModuleBlock") declareStatements(node.body, node, declared);
    else if (node.type === "SwitchStatement") declareStatements(node.cases.flatMap((each) => each.consequent), node, declared);
    else if (isFunction(node)) for (const parameter of node.params) declareUnknown(parameter, node, declared);
    else if (node.type === "ForStatement" && node.init?.type === "VariableDeclaration") declareVariables(node.init, node, declared, false);
    else if ((node.type === "ForOfStatement" || node.type === "ForInStatement") && node.left.type === "VariableDeclaration") declareVariables(node.left, node, declared, false);
    else if (node.type === "CatchClause" && node.param) declareUnknown(node.param, node, declared);
    this.#declared.set(node, declared);
    return declared;
  }
}

export function isFunction(node: Node): node is FunctionNode {
  return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(node.type);
}

/** `a` of `a.b.c`. */
function rootName(node: Node): string | undefined {
  let at = node;
  while (at.type === "MemberExpression") at = at.object;
  return at.type === "Identifier" && at !== node ? at.name : undefined;
}

/** `(value)`, `value as T`, `value!`, `await value` and the like without what changes nothing. */
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

function moduleOf(node: Node): string | undefined {
  if (node.type === "ImportDeclaration") return node.source.value;
  const isRequire = node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "require";
  return isRequire && node.arguments[0]?.type === "StringLiteral" ? node.arguments[0].value : undefined;
}

function programOf(uri: string, text: string): Node | undefined {
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

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const item of value) if (isNode(item)) children.push(item);
    if (isNode(value)) children.push(value);
  }
  return children.sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value;
}

function declareStatements(statements: readonly Statement[], holder: Node, declared: Map<string, Declared>): void {
  for (const each of statements) {
    const statement = each.type === "ExportNamedDeclaration" && each.declaration ? each.declaration : each;
    if (statement.type === "VariableDeclaration") declareVariables(statement, holder, declared, true);
    else if (statement.type === "FunctionDeclaration" && statement.id) declared.set(statement.id.name, { kind: "function", node: statement, holder });
    else if (statement.type === "ClassDeclaration" && statement.id) declareUnknown(statement.id, holder, declared);
  }
}

function declareVariables(declaration: VariableDeclaration, holder: Node, declared: Map<string, Declared>, isKnown: boolean): void {
  for (const { id, init } of declaration.declarations) {
    if (id.type === "Identifier" && init && isKnown) declared.set(id.name, { kind: "value", init, isConstant: declaration.kind === "const", name: id, holder });
    else if (id.type === "ObjectPattern" && init && isKnown) {
      for (const property of id.properties) {
        const name = property.type === "ObjectProperty" && property.value.type === "Identifier" ? property.value.name : undefined;
        if (name === undefined || property.type !== "ObjectProperty" || property.key.type !== "Identifier") declareUnknown(property, holder, declared);
        else declared.set(name, { kind: "property", property: property.key.name, init, holder });
      }
    } else declareUnknown(id, holder, declared);
  }
}

function declareUnknown(pattern: Node, holder: Node, declared: Map<string, Declared>): void {
  for (const name of namesIn(pattern)) declared.set(name.name, { kind: "other", name, holder });
}

/** Where a pattern binds names. */
function namesIn(pattern: Node | LVal): readonly Identifier[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap(namesIn);
    case "ObjectProperty":
      return namesIn(pattern.value);
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    case "TSParameterProperty":
      return namesIn(pattern.parameter);
    default:
      return [];
  }
}
