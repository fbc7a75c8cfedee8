/** Expressions in the catalog: what the names in them stand for, and how they read after those were renamed. */
import { canonicalExpression, expressionColumnsOf } from "../../sql/canonical.ts";
import { quoteLiteral } from "../../text/quoteLiteral.ts";
import { formatType } from "../pgTypes.ts";
import type { Expression } from "../schema.ts";
import type { Context } from "./context.ts";
import type { ColumnEntry, ExpressionEntry, ExpressionUse, TableEntry, TypeEntry, TypeUse, ViewEntry } from "./entries.ts";
import { identifierText } from "./identifierText.ts";
import { columnOf } from "./newEntries.ts";
import { readsOfExpression } from "./queryReads.ts";
import type { ExpressionSpec, LabelInExpression, NameInExpression } from "./read/expressionSpec.ts";
import { rangeVarOf } from "./read/nodes.ts";
import { findRoutine } from "./routineLookup.ts";
import { findType, typeOf, withoutDomains } from "./types.ts";

const nothing: readonly ExpressionUse[] = [];

/**
 * The expression with its names resolved. `over` is what it belongs to: a relation, whose columns it may read, or a
 * domain. `owner` is the type of the column or domain whose default it is.
 */
export function bindExpression(
  spec: ExpressionSpec,
  over: TableEntry | ViewEntry | TypeEntry,
  ctx: Context,
  owner?: TypeUse,
): ExpressionEntry {
  const relation = over.kind === "type" ? undefined : over;
  const uses = spec.hasSubquery ? readsOfExpression(spec.node, relation, ctx) : usesOf(spec, relation, owner, ctx);
  return noteUses({ spec, uses }, over);
}

/** What is used knows where: it may be dropped. */
function noteUses(expression: ExpressionEntry, over: TableEntry | ViewEntry | TypeEntry): ExpressionEntry {
  if (over.kind === "view") return expression;
  for (const { target } of expression.uses) {
    if (target.kind === "routine" || target.kind === "type" || target.kind === "sequence") target.usedBy.add(over);
  }
  return expression;
}

function usesOf(
  spec: ExpressionSpec,
  over: TableEntry | ViewEntry | undefined,
  owner: TypeUse | undefined,
  ctx: Context,
): readonly ExpressionUse[] {
  if (spec.names.length === 0 && spec.labels.length === 0) return nothing;
  const uses: ExpressionUse[] = [];
  for (const name of spec.names) {
    const target = targetOf(name, over, ctx);
    if (target !== undefined) uses.push({ target, location: name.location, path: name.path });
  }
  for (const label of spec.labels) {
    const target = enumOf(label, over, owner, ctx)?.values.find((value) => value.name === label.value);
    if (target !== undefined) uses.push({ target, location: label.location, path: [label.value] });
  }
  return uses.length === 0 ? nothing : uses;
}

function enumOf(
  label: LabelInExpression,
  over: TableEntry | ViewEntry | undefined,
  owner: TypeUse | undefined,
  ctx: Context,
): TypeEntry | undefined {
  const { typedBy } = label;
  if (typedBy === "owner") return owner?.entry;
  if ("type" in typedBy) return findType(typedBy.type, ctx);
  return over === undefined ? undefined : columnNamed(typedBy.column, over)?.type.entry;
}

/** The same expression for another table that has columns of the same names: a partition, a copy. */
export function rebindExpression(entry: ExpressionEntry, from: TableEntry | ViewEntry, to: TableEntry): ExpressionEntry {
  if (!entry.uses.some((use) => use.target.kind === "column")) return noteUses(entry, to);
  const uses = entry.uses.map((use) => {
    const { target } = use;
    const own = target.kind === "column" && from.columns.get(target.name) === target ? columnOf(to, target.name) : undefined;
    return own === undefined ? use : { ...use, target: own };
  });
  return noteUses({ spec: entry.spec, uses }, to);
}

function targetOf(name: NameInExpression, over: TableEntry | ViewEntry | undefined, ctx: Context): ExpressionUse["target"] | undefined {
  switch (name.kind) {
    case "column":
      return over === undefined ? undefined : columnNamed(name.path, over);
    case "type":
      return findType(name.path, ctx);
    case "relation":
      return ctx.relation(rangeVarOf(name.path));
    case "routine":
      return findRoutine(name.path, ctx);
  }
}

/** `column`, `table.column`, or `column.field`. */
function columnNamed(path: readonly string[], over: TableEntry | ViewEntry): ColumnEntry | undefined {
  const last = path.at(-1) ?? "";
  return columnOf(over, last) ?? (path.length > 1 ? over.columns.get(path[0] ?? "") : undefined);
}

/** The expression as the catalog has it now: with names as they are now, and with the schemas that a search path stood for. */
export function expressionOf(entry: ExpressionEntry): Expression {
  const { spec } = entry;
  const renamed = entry.uses.filter(isRenamed);
  const cast = entry.uses.filter((use) => isCastDomain(use, spec));
  const stated = renamed.length === 0 ? spec.expression : remembered(spec, textWith(renamed, spec, newText));
  if (cast.length === 0) return stated;
  const { canonical } = remembered(
    spec,
    textWith([...new Set([...renamed, ...cast])], spec, (use, written) => (cast.includes(use) ? castText(use) : newText(use, written))),
  );
  return { ...stated, canonical };
}

/** A column of a domain's type is cast to what the domain stands for wherever an operator or a function takes it. */
function isCastDomain({ target, location }: ExpressionUse, spec: ExpressionSpec): boolean {
  return target.kind === "column" && target.type.entry?.form === "domain" && !target.type.type.isArray && spec.operands.includes(location);
}

function castText({ target }: ExpressionUse): string {
  if (target.kind !== "column") return identifierText(target.name);
  return `${identifierText(target.name)}::${formatType({ ...typeOf(withoutDomains(target.type)), modifiers: [] })}`;
}

/** The expression's text with these names replaced. */
function textWith(
  uses: readonly ExpressionUse[],
  spec: ExpressionSpec,
  replacement: (use: ExpressionUse, written: string) => string,
): string {
  const { source, span } = spec;
  const edits = uses.map((use) => ({ start: source.tokenAt(use.location), use })).sort((a, b) => b.start - a.start);
  let text = source.slice(span);
  for (const { start, use } of edits) {
    const end = source.tokens.nameEnd(start);
    const at = use.target.kind === "column" ? source.span(end - 1, 0) : source.span(start, end);
    if (at.start < span.start || at.end > span.end) continue;
    text = text.slice(0, at.start - span.start) + replacement(use, source.slice(at)) + text.slice(at.end - span.start);
  }
  return text;
}

/** Expressions that were rewritten, by their new text: a fold repeats them. */
const rewrites = new WeakMap<ExpressionSpec, Map<string, Expression>>();

function remembered(spec: ExpressionSpec, text: string): Expression {
  const known = rewrites.get(spec) ?? new Map<string, Expression>();
  rewrites.set(spec, known);
  let expression = known.get(text);
  if (expression === undefined) {
    expression = { text, canonical: canonicalExpression(text), columns: expressionColumnsOf(text) };
    known.set(text, expression);
  }
  return expression;
}

function isRenamed(use: ExpressionUse): boolean {
  const { target, path } = use;
  if (target.kind === "enumValue") return path[0] !== target.name;
  if (target.kind === "column") return path.at(-1) !== target.name && path[0] !== target.name;
  return path.at(-1) !== target.name || (path.at(-2) ?? usualSchema) !== target.namespace.name;
}

/** The schema that PostgreSQL leaves out when it prints an expression, as the normal form does. */
const usualSchema = "public";

/** A sequence's name stands in a string; everything else is an identifier. */
function newText(use: ExpressionUse, written: string): string {
  const { target, path } = use;
  if (target.kind === "enumValue") return quoteLiteral(target.name);
  const name = identifierText(target.name);
  if (target.kind === "column") return name;
  const schema = target.namespace.name;
  const qualified = path.length > 1 || schema !== usualSchema ? `${identifierText(schema)}.${name}` : name;
  return written.startsWith("'") ? quoteLiteral(qualified) : qualified;
}
