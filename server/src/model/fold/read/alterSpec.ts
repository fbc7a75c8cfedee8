/** The commands of one ALTER TABLE, in the order PostgreSQL carries them out, with where each stands. */
import type { AlterTableCmd, AlterTableStmt } from "@pgsql/types";
import type { Span } from "../../../text/span.ts";
import { collationOf, type ColumnSpec, columnSpec } from "./columnSpec.ts";
import { type ConstraintSpec, constraintSpec, deferralOf } from "./constraintSpec.ts";
import { type ExpressionSpec, expressionSpec } from "./expressionSpec.ts";
import { stringsOf } from "./nodes.ts";
import { Place } from "./place.ts";
import type { StatementText } from "./statementText.ts";
import { type TypeSpec, typeSpec } from "./typeSpec.ts";

export interface AlterCommand {
  readonly command: AlterTableCmd;
  /** Set when the command adds a column. */
  readonly column: ColumnSpec | undefined;
  /** Set when it adds a constraint. */
  readonly constraint: ConstraintSpec | undefined;
  /** Set when it sets a default or a generation expression. */
  readonly expression: ExpressionSpec | undefined;
  /** Set when it changes a type; the collation is undefined for the type's own. */
  readonly type: { readonly spec: TypeSpec; readonly collation: string | undefined } | undefined;
  readonly place: Place;
  readonly pass: number;
}

/** From this pass on, constraints are made: those of new columns are due. */
export const constraintPass = 4;

/** Drops come first and additions last, whatever the order of the text; see AlterTablePass in PostgreSQL's tablecmds.c. */
export function alterCommands(statement: AlterTableStmt, source: StatementText): readonly AlterCommand[] {
  const { tokens } = source;
  let start = tokens.nameEnd(source.tokenAt(statement.relation?.location));
  if (tokens.is(start, "*")) start++;
  const commands: AlterCommand[] = [];
  for (const node of statement.cmds ?? []) {
    if (!("AlterTableCmd" in node)) continue;
    const end = tokens.itemEnd(start);
    commands.push(alterCommand(node.AlterTableCmd, start, end, source));
    start = end + 1;
  }
  return commands.sort((a, b) => a.pass - b.pass);
}

function alterCommand(command: AlterTableCmd, start: number, end: number, source: StatementText): AlterCommand {
  const { def } = command;
  const span = source.span(start, end);
  const none = {
    command,
    column: undefined,
    constraint: undefined,
    expression: undefined,
    type: undefined,
    pass: passOf(command, undefined),
  };
  const nameToken = source.findName(command.name, start);
  const nameSpan = nameToken === undefined || nameToken >= end ? source.span(start, 0) : source.span(nameToken, 0);
  const { subtype } = command;
  if (subtype === "AT_AddColumn" && def !== undefined && "ColumnDef" in def) {
    const column = columnSpec(def.ColumnDef, source, end);
    return { ...none, column, place: column.place };
  }
  if (subtype === "AT_AddConstraint" && def !== undefined && "Constraint" in def) {
    const at = { start: source.tokenAt(def.Constraint.location), end };
    const constraint = constraintSpec(def.Constraint, at, deferralOf(def.Constraint), source);
    return { ...none, constraint, pass: passOf(command, constraint), place: constraint?.place ?? new Place(span, nameSpan) };
  }
  if (subtype === "AT_AlterColumnType" && def !== undefined && "ColumnDef" in def && def.ColumnDef.typeName !== undefined) {
    const spec = typeSpec(def.ColumnDef.typeName);
    return {
      ...none,
      type: { spec, collation: collationOf(stringsOf(def.ColumnDef.collClause?.collname)) },
      place: new Place(span, nameSpan, { type: typeSpan(source.tokenAt(spec.location), end, source) }),
    };
  }
  if ((subtype === "AT_ColumnDefault" || subtype === "AT_SetExpression") && def !== undefined) {
    const from = source.tokens.find(start, end, subtype === "AT_ColumnDefault" ? "DEFAULT" : "AS") ?? start;
    const expression = expressionSpec(def, source, source.span(from + 1, end));
    return { ...none, expression, place: new Place(span, nameSpan, { default: source.span(from, end) }) };
  }
  const parts = subtype === "AT_SetNotNull" ? { notNull: source.span(Math.max(start, end - 3), end) } : undefined;
  return { ...none, place: new Place(span, nameSpan, parts) };
}

function typeSpan(start: number, limit: number, source: StatementText): Span {
  const { tokens } = source;
  const end = Math.min(tokens.find(start, limit, "USING") ?? limit, tokens.find(start, limit, "COLLATE") ?? limit);
  return source.span(start, end);
}

/** Keys are built before other constraints; everything not listed comes last. */
function passOf(command: AlterTableCmd, constraint: ConstraintSpec | undefined): number {
  switch (command.subtype) {
    case "AT_DropColumn":
    case "AT_DropConstraint":
    case "AT_DropNotNull":
    case "AT_DropExpression":
    case "AT_DropIdentity":
      return 0;
    case "AT_ColumnDefault":
      return command.def === undefined ? 0 : 6;
    case "AT_AlterColumnType":
      return 1;
    case "AT_AddColumn":
      return 2;
    case "AT_SetNotNull":
    case "AT_SetIdentity":
    case "AT_SetExpression":
      return 3;
    case "AT_AddConstraint":
      return constraint?.kind === "check" || constraint?.kind === "notNull" ? 5 : constraint?.kind === "foreign" ? 6 : constraintPass;
    case "AT_AddIdentity":
      return 6;
    default:
      return 7;
  }
}
