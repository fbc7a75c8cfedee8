/**
 * Templates and strings of a program as SQL. Fragments (`Prisma.sql`, `Prisma.join`, `Prisma.empty`, constants of them)
 * are put in where they stand still; an expression that must be a fragment and is none is a gap.
 */
import type { CallExpression, Node, OptionalCallExpression, TemplateLiteral } from "@babel/types";
import { plainExpression, type SourceTree } from "../../program/sourceTree.ts";
import type { QueryText } from "./queryText.ts";

/** Fragments within fragments, and constants of constants. */
const deepest = 12;

/** Adds a template under a tag: each `${…}` is a fragment or a value. */
export function addTemplate(template: TemplateLiteral, program: SourceTree, to: QueryText, depth = 0): void {
  template.quasis.forEach((quasi, i) => {
    to.addText(quasi.start ?? 0, quasi.end ?? 0);
    const expression = template.expressions[i];
    if (expression === undefined) return;
    const at = quasi.end ?? 0;
    if (depth > deepest || !addFragment(expression, at, program, to, depth + 1)) to.addParameter(at, spanOf(expression), isGap(expression, program));
  });
}

/** Adds a string, a template without a tag, or a sum of them. Not so, and false, for what is none of these. */
export function addString(expression: Node, program: SourceTree, to: QueryText, depth = 0): boolean {
  const inner = plainExpression(expression);
  if (depth > deepest) return false;
  switch (inner.type) {
    case "StringLiteral":
      to.addText((inner.start ?? 0) + 1, (inner.end ?? 0) - 1);
      return true;
    case "TemplateLiteral":
      inner.quasis.forEach((quasi, i) => {
        to.addText(quasi.start ?? 0, quasi.end ?? 0);
        const hole = inner.expressions[i];
        if (hole === undefined) return;
        // What is put into a string may be a name as well as a value; the numbering of placeholders tells by where it stands.
        if (!addString(hole, program, to, depth + 1)) to.addText(quasi.end ?? 0, inner.quasis[i + 1]?.start ?? 0);
      });
      return true;
    case "BinaryExpression":
      if (inner.operator !== "+") return false;
      if (!addString(inner.left, program, to, depth + 1)) return false;
      if (!addString(inner.right, program, to, depth + 1)) to.addParameter(inner.right.start ?? 0, spanOf(inner.right), true);
      return true;
    case "Identifier": {
      const value = program.constantOf(inner);
      return value !== undefined && isStringLike(value) && addString(value, program, to, depth + 1);
    }
    default:
      return false;
  }
}

function isStringLike(value: Node): boolean {
  const { type } = plainExpression(value);
  return type === "StringLiteral" || type === "TemplateLiteral" || type === "BinaryExpression";
}

/** False, and nothing added, for what is no fragment. */
function addFragment(expression: Node, at: number, program: SourceTree, to: QueryText, depth: number): boolean {
  const inner = plainExpression(expression);
  if (depth > deepest) return false;
  switch (inner.type) {
    case "TaggedTemplateExpression":
      if (!isFragmentTag(inner.tag)) return false;
      addTemplate(inner.quasi, program, to, depth);
      return true;
    case "Identifier": {
      if (inner.name === "empty" && program.modules.has("@prisma/client")) return true;
      const value = program.constantOf(inner);
      return value !== undefined && addFragment(value, at, program, to, depth + 1);
    }
    case "MemberExpression":
      return isPrisma(inner, "empty");
    case "ConditionalExpression":
      return addEither(inner.consequent, inner.alternate, at, program, to, depth);
    case "LogicalExpression":
      return inner.operator === "&&" ? addFragment(inner.right, at, program, to, depth + 1) : addEither(inner.left, inner.right, at, program, to, depth);
    case "CallExpression":
    case "OptionalCallExpression":
      return addCall(inner, at, program, to, depth);
    default:
      return false;
  }
}

/** What is not empty says more; both are what may run. */
function addEither(one: Node, other: Node, at: number, program: SourceTree, to: QueryText, depth: number): boolean {
  const [first, second] = isEmpty(one, program) ? [other, one] : [one, other];
  return addFragment(first, at, program, to, depth + 1) || (isFragment(second, program) && addFragment(second, at, program, to, depth + 1));
}

function isEmpty(expression: Node, program: SourceTree): boolean {
  const inner = plainExpression(expression);
  if (inner.type === "Identifier") return inner.name === "empty" && program.modules.has("@prisma/client");
  if (inner.type === "TaggedTemplateExpression") return inner.quasi.quasis.length === 1 && inner.quasi.quasis[0]?.value.raw.trim() === "";
  return inner.type === "MemberExpression" && isPrisma(inner, "empty");
}

function isFragment(expression: Node, program: SourceTree): boolean {
  const inner = plainExpression(expression);
  return inner.type === "TaggedTemplateExpression" ? isFragmentTag(inner.tag) : isEmpty(inner, program);
}

/** `Prisma.join` of what stands there, `Prisma.raw` of a string. */
function addCall(call: CallExpression | OptionalCallExpression, at: number, program: SourceTree, to: QueryText, depth: number): boolean {
  const [first, second] = call.arguments;
  if (first === undefined) return false;
  if (isPrisma(call.callee, "raw")) return addString(first, program, to, depth + 1);
  if (!isPrisma(call.callee, "join")) return false;
  const list = plainExpression(first);
  const separator = second?.type === "StringLiteral" ? second.value : second === undefined ? "," : undefined;
  const known = list.type === "Identifier" ? plainExpression(program.constantOf(list) ?? list) : list;
  if (separator === undefined) return false;
  if (known.type !== "ArrayExpression") {
    // Joined by a comma these are values, however many.
    if (separator.trim() === ",") to.addParameter(at, spanOf(call));
    else to.addParameter(at, spanOf(call), true);
    return true;
  }
  known.elements.forEach((element, i) => {
    if (i > 0) to.addOwn(separator, at);
    if (element !== null && !addFragment(element, at, program, to, depth + 1)) to.addParameter(at, spanOf(element), element.type === "SpreadElement");
  });
  return true;
}

/** Tags of templates that may stand within others. */
function isFragmentTag(tag: Node): boolean {
  return (tag.type === "Identifier" && /^(?:sql|Sql|SQL)$/.test(tag.name)) || isPrisma(tag, "sql");
}

/** `Prisma.name`, and `Sql.name` and the like where a library calls it so. */
function isPrisma(node: Node, name: string): boolean {
  return node.type === "MemberExpression" && node.object.type === "Identifier" && /^(?:Prisma|Sql|sql)$/.test(node.object.name) && node.property.type === "Identifier" && node.property.name === name;
}

/** Whether the expression says of itself that it is SQL, though not which. */
function isGap(expression: Node, program: SourceTree): boolean {
  const inner = plainExpression(expression);
  if (inner.type === "Identifier") {
    const type = program.statedTypeOf(inner);
    if (type !== undefined) return /\bSql\b|\bSQL\b|\bRawBuilder\b|\bSqlFragment\b/.test(type);
    const value = program.constantOf(inner);
    return value !== undefined && isGap(value, program);
  }
  if (inner.type === "CallExpression") {
    const { callee } = inner;
    // `sql(names)`, `sql.identifier(…)`, `Prisma.raw(text)`.
    if (callee.type === "Identifier") return callee.name === "sql";
    return callee.type === "MemberExpression" && callee.object.type === "Identifier" && /^(?:Prisma|sql)$/.test(callee.object.name);
  }
  if (inner.type === "ConditionalExpression") return isGap(inner.consequent, program) || isGap(inner.alternate, program);
  // With Drizzle, tables and columns stand in templates as what they are.
  return (inner.type === "MemberExpression" || inner.type === "TSNonNullExpression") && [...program.modules].some((name) => name.startsWith("drizzle-orm"));
}

function spanOf({ start, end }: Node): { readonly start: number; readonly end: number } {
  return { start: start ?? 0, end: end ?? 0 };
}
