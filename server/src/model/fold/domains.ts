/** Domains, and the types that have no structure here: ranges, base types, shells. */
import type { AlterDomainStmt, Constraint, CreateDomainStmt, CreateRangeStmt, DefineStmt, Node } from "@pgsql/types";
import { changed, type Context, displayName } from "./context.ts";
import type { CheckEntry, TypeEntry } from "./entries.ts";
import { bindExpression } from "./expressions.ts";
import { chooseConstraintName } from "./generatedNames.ts";
import { grantDefaults } from "./grantDefaults.ts";
import { entry, newType } from "./newEntries.ts";
import { type CheckSpec, constraintSpec, deferralOf } from "./read/constraintSpec.ts";
import { expressionSpec } from "./read/expressionSpec.ts";
import { optionsOf, pathOf, rangeVarOf, stringsOf } from "./read/nodes.ts";
import { typeSpec } from "./read/typeSpec.ts";
import { addType, countConstraintName } from "./registry.ts";
import { isRelationNameTaken } from "./relationNames.ts";
import { findType, resolveType } from "./types.ts";

export function createDomain(statement: CreateDomainStmt, ctx: Context): void {
  const type = startType(stringsOf(statement.domainname), "domain", ctx);
  if (type === undefined) return;
  type.base = statement.typeName === undefined ? undefined : resolveType(typeSpec(statement.typeName), ctx);
  type.base?.entry?.usedBy.add(type);
  const constraints = (statement.constraints ?? []).flatMap((node) => ("Constraint" in node ? [node.Constraint] : []));
  const starts = constraints.map((constraint) => ctx.source.tokenAt(constraint.location)).sort((a, b) => a - b);
  for (const constraint of constraints) {
    const start = ctx.source.tokenAt(constraint.location);
    const end = starts.find((other) => other > start) ?? ctx.source.tokens.count;
    addDomainConstraint(type, constraint, start, end, ctx);
  }
}

/** The new type in its schema; undefined, with a problem, when the name is taken. */
function startType(path: readonly string[], form: TypeEntry["form"], ctx: Context): TypeEntry | undefined {
  const name = rangeVarOf(path);
  const place = ctx.source.wholeNamed(name.relname);
  const namespace = ctx.creationNamespace(name.schemaname, place.nameSpan);
  const shell = namespace.types.get(name.relname ?? "");
  if (shell?.form === "base" && form === "base") return shell;
  if (isRelationNameTaken(namespace, name, false, place.nameSpan, ctx)) return undefined;
  const type = newType(namespace, name.relname ?? "", form, ctx.origins(place));
  addType(type);
  grantDefaults(type.acl, "types", namespace, ctx);
  return type;
}

function addDomainConstraint(type: TypeEntry, constraint: Constraint, start: number, end: number, ctx: Context): void {
  const { source } = ctx;
  if (constraint.contype === "CONSTR_NOTNULL") type.isNotNull = true;
  else if (constraint.contype === "CONSTR_DEFAULT" && constraint.raw_expr !== undefined) {
    const from = source.tokens.find(start, end, "DEFAULT") ?? start;
    type.default = bindExpression(expressionSpec(constraint.raw_expr, source, source.span(from + 1, end)), type, ctx, type.base);
  } else {
    const spec = constraintSpec(constraint, { start, end }, deferralOf(constraint), source);
    if (spec?.kind === "check") addCheck(type, spec, ctx);
  }
}

function addCheck(type: TypeEntry, spec: CheckSpec, ctx: Context): void {
  const { namespace } = type;
  const name = spec.name ?? chooseConstraintName(type.name, undefined, "check", namespace);
  if (type.checks.some((check) => check.name === name)) {
    ctx.problem(
      "sql-duplicate-object",
      `Constraint "${name}" of domain ${displayName(namespace, type.name)} exists already.`,
      spec.place.nameSpan,
    );
    return;
  }
  const check: CheckEntry = {
    kind: "check",
    ...entry(name, ctx.origins(spec.place)),
    table: undefined,
    expression: bindExpression(spec.expression, type, ctx),
    isValidated: spec.isValidated,
    noInherit: false,
    isLocal: true,
    inherited: 0,
  };
  type.checks.push(check);
  countConstraintName(namespace, name, 1);
}

export function alterDomain(statement: AlterDomainStmt, ctx: Context): void {
  const path = stringsOf(statement.typeName);
  const place = ctx.source.wholeNamed(path.at(-1));
  const type = findType(path, ctx);
  if (type?.form !== "domain") {
    ctx.problem("sql-undefined-type", `Domain "${path.join(".")}" does not exist.`, place.nameSpan, "warning");
    return;
  }
  const check = type.checks.find((candidate) => candidate.name === statement.name);
  switch (statement.subtype) {
    case "T":
      type.default = statement.def === undefined ? undefined : defaultFrom(statement.def, type, ctx);
      break;
    case "N":
    case "O":
      type.isNotNull = statement.subtype === "O";
      break;
    case "C":
      if (statement.def !== undefined && "Constraint" in statement.def) {
        addDomainConstraint(
          type,
          statement.def.Constraint,
          ctx.source.tokenAt(statement.def.Constraint.location),
          ctx.source.tokens.count,
          ctx,
        );
      }
      break;
    case "V":
      if (check !== undefined) check.isValidated = true;
      break;
    case "X":
      if (check !== undefined) removeCheck(type, check);
      else if (!statement.missing_ok)
        ctx.problem(
          "sql-undefined-object",
          `Constraint "${statement.name}" of domain ${displayName(type.namespace, type.name)} does not exist.`,
          place.nameSpan,
        );
  }
  type.origins = changed(type.origins, ctx.origin(place));
}

function defaultFrom(node: Node, type: TypeEntry, ctx: Context): TypeEntry["default"] {
  const { source } = ctx;
  const from = source.tokens.find(0, source.tokens.count, "DEFAULT") ?? 0;
  return bindExpression(expressionSpec(node, source, source.span(from + 1, source.tokens.count)), type, ctx, type.base);
}

function removeCheck(type: TypeEntry, check: CheckEntry): void {
  type.checks.splice(type.checks.indexOf(check), 1);
  countConstraintName(type.namespace, check.name, -1);
}

/** A range type brings a multirange type along. https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-DEFINING */
export function createRange(statement: CreateRangeStmt, ctx: Context): void {
  const range = startType(stringsOf(statement.typeName), "range", ctx);
  if (range === undefined) return;
  const stated = optionsOf(statement.params).get("multirange_type_name")?.arg;
  const name = stated === undefined ? multirangeName(range.name) : (pathOf(stated).at(-1) ?? "");
  addType(newType(range.namespace, name, "range", range.origins));
}

function multirangeName(range: string): string {
  return range.includes("range") ? range.replace("range", "multirange") : `${range}_multirange`;
}

/** CREATE TYPE of a base type, or its shell. */
export function createBaseType(statement: DefineStmt, ctx: Context): void {
  startType(stringsOf(statement.defnames), "base", ctx);
}
