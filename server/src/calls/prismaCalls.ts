/**
 * Calls of Prisma Client in a TypeScript or JavaScript file, whatever the client is called: `prisma.contact.findMany(…)`,
 * `tx.order.create(…)`, `this.db.user.update(…)`, `prisma.$extends(…).deal.count()`. A call is known by a model of the schema
 * and an operation of its client. Promises never to throw, and to execute nothing.
 */
import type { CallExpression, Expression, Node, OptionalCallExpression } from "@babel/types";
import { sourceTree, type SourceTree } from "../program/sourceTree.ts";
import type { Span } from "../text/span.ts";
import type { ObjectArgument, PrismaCall } from "./call.ts";
import type { CallModel, CallModels } from "./callModels.ts";
import { operationNamed, operationNames } from "./operations.ts";
import { ArgumentReader, spanOf } from "./readArgument.ts";

type Call = CallExpression | OptionalCallExpression;

/** A file without any of these has no call to look for. */
const anyOperation = /\.\s*(?:find(?:Unique|First)(?:OrThrow)?|findMany|create(?:Many(?:AndReturn)?)?|update(?:Many(?:AndReturn)?)?|upsert|delete(?:Many)?|count|aggregate|groupBy)\s*(?:\?\.\s*)?[(<]/;

/** The calls of a file in the order they begin. */
export function prismaCalls(uri: string, text: string, models: CallModels): readonly PrismaCall[] {
  return sites(uri, text, models).map(({ tree, site }) => callOf(tree, site, models));
}

/** The call at an offset, or the one that a selection holds or stands in; of calls in calls the innermost. */
export function prismaCallAt(uri: string, text: string, models: CallModels, at: number | Span): PrismaCall | undefined {
  const { start, end } = typeof at === "number" ? { start: at, end: at } : at;
  const found = sites(uri, text, models).filter(({ site }) => site.span.start <= end && start <= site.span.end);
  const around = found.filter(({ site }) => site.span.start <= start && end <= site.span.end);
  const chosen = around.at(-1) ?? found[0];
  return chosen === undefined ? undefined : callOf(chosen.tree, chosen.site, models);
}

/** What looks like a call of Prisma Client at an offset, and names a model or an operation that there is not: why, in a sentence. */
export function mistakenCallAt(uri: string, text: string, models: CallModels, { start, end }: Span): string | undefined {
  if (models.byProperty.size === 0) return undefined;
  const around = sourceTree(uri, text).nodes.filter((node) => isCall(node) && (node.start ?? 0) <= end && start <= (node.end ?? 0));
  for (const node of around.toReversed()) {
    const { callee } = isCall(node) ? node : { callee: undefined };
    if (callee?.type !== "MemberExpression" || callee.property.type !== "Identifier" || callee.computed || callee.object.type !== "MemberExpression" || callee.object.property.type !== "Identifier") continue;
    const [property, operation] = [callee.object.property.name, callee.property.name];
    const receiver = text.slice(callee.object.object.start ?? 0, callee.object.object.end ?? 0);
    const isModel = models.byProperty.has(property);
    if (isModel && operationNamed(operation) === undefined && !operation.startsWith("$")) return `Prisma Client has no operation \`${operation}\`${nearest(operation, operationNames)}.`;
    if (!isModel && operationNamed(operation) !== undefined && /(?:^|[.\s])(?:prisma|db|tx|client|database)\w*$/i.test(receiver)) return `The schema has no model that Prisma Client calls \`${property}\`${nearest(property, [...models.byProperty.keys()])}.`;
  }
  return undefined;
}

/** `: do you mean …?` for a name with at most a third of its letters wrong. */
function nearest(name: string, known: readonly string[]): string {
  const wanted = name.toLowerCase();
  const near = known.map((each) => ({ each, wrong: differences(wanted, each.toLowerCase()) })).sort((a, b) => a.wrong - b.wrong)[0];
  return near === undefined || near.wrong > Math.max(2, wanted.length / 3) ? "" : `: \`${near.each}\` is one`;
}

/** Letters to insert, remove or replace. */
function differences(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (one.charAt(i - 1) === other.charAt(j - 1) ? 0 : 1)));
    row = next;
  }
  return row[other.length] ?? 0;
}

interface CallSite {
  readonly call: Call;
  readonly model: CallModel;
  readonly operation: NonNullable<ReturnType<typeof operationNamed>>;
  readonly nameSpan: Span;
  readonly span: Span;
}

function sites(uri: string, text: string, models: CallModels): readonly { readonly tree: SourceTree; readonly site: CallSite }[] {
  if (!anyOperation.test(text)) return [];
  const tree = sourceTree(uri, text);
  return tree.nodes.flatMap((node) => {
    const site = isCall(node) ? siteOf(node, tree, models) : undefined;
    return site === undefined ? [] : [{ tree, site }];
  });
}

function siteOf(call: Call, tree: SourceTree, models: CallModels): CallSite | undefined {
  const { callee } = call;
  if ((callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression") || callee.computed || callee.property.type !== "Identifier") return undefined;
  const operation = operationNamed(callee.property.name);
  const model = operation === undefined ? undefined : modelOf(callee.object, tree, models);
  // `cart.delete(id)` and `list.count((each) => …)` are something else.
  if (operation === undefined || model === undefined || call.arguments.length > 1 || !mayBeArgument(call.arguments[0])) return undefined;
  return { call, model, operation, nameSpan: spanOf(callee.property), span: spanOf(call) };
}

function mayBeArgument(node: Node | undefined): boolean {
  return node === undefined || !/^(?:StringLiteral|NumericLiteral|TemplateLiteral|ArrowFunctionExpression|FunctionExpression|ArrayExpression|SpreadElement)$/.test(node.type);
}

/** `prisma.contact`, `prisma["contact"]`, and names that were given one of these. */
function modelOf(node: Node, tree: SourceTree, models: CallModels): CallModel | undefined {
  if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
    const { property } = node;
    const name = property.type === "Identifier" && !node.computed ? property.name : property.type === "StringLiteral" ? property.value : undefined;
    return name === undefined ? undefined : models.byProperty.get(name);
  }
  if (node.type === "TSNonNullExpression" || node.type === "TSAsExpression") return modelOf(node.expression, tree, models);
  if (node.type !== "Identifier") return undefined;
  const declared = tree.lookUp(node.name, node);
  if (declared?.kind === "property") return models.byProperty.get(declared.property);
  const isDelegate = declared?.kind === "value" && (declared.init.type === "MemberExpression" || declared.init.type === "OptionalMemberExpression");
  return isDelegate ? modelOf(declared.init, tree, models) : undefined;
}

function callOf(tree: SourceTree, { call, model, operation, nameSpan, span }: CallSite, models: CallModels): PrismaCall {
  const reader = new ArgumentReader(tree, models, span.start);
  const argument = argumentOf(call, reader);
  const { fluent, end } = followedRelations(tree, call, model, models, reader);
  const whole = { start: span.start, end: end ?? span.end };
  return {
    model: model.name,
    operation,
    span: whole,
    nameSpan,
    text: tree.text.slice(whole.start, whole.end),
    argument,
    fluent,
    assumptions: reader.assumptions.toSorted((a, b) => a.span.start - b.span.start),
  };
}

function argumentOf(call: Call, reader: ArgumentReader): ObjectArgument {
  const [argument] = call.arguments;
  if (argument === undefined || !isExpression(argument)) return { kind: "object", entries: [], unread: [], span: { start: (call.end ?? 1) - 1, end: (call.end ?? 1) - 1 } };
  return reader.readObject(argument);
}

function isExpression(node: Node): node is Expression {
  return node.type !== "SpreadElement" && node.type !== "ArgumentPlaceholder";
}

/** `.posts()` and `.author()` after the call. */
function followedRelations(tree: SourceTree, call: Call, model: CallModel, models: CallModels, reader: ArgumentReader): { readonly fluent: PrismaCall["fluent"]; readonly end: number | undefined } {
  const fluent: PrismaCall["fluent"][number][] = [];
  let at: Call = call;
  let from: CallModel | undefined = model;
  let end: number | undefined;
  for (;;) {
    const member: Node | undefined = tree.parentOf(at);
    const next: Node | undefined = member === undefined ? undefined : tree.parentOf(member);
    if (member?.type !== "MemberExpression" || member.object !== at || member.property.type !== "Identifier" || next === undefined || !isCall(next) || next.callee !== member) break;
    const relation: string = member.property.name;
    const field = from?.fields.get(relation);
    if (field?.kind !== "relation") break;
    fluent.push({ name: relation, argument: argumentOf(next, reader) });
    from = models.byName.get(field.type);
    at = next;
    end = next.end ?? undefined;
  }
  return { fluent, end };
}

function isCall(node: Node): node is Call {
  return node.type === "CallExpression" || node.type === "OptionalCallExpression";
}
