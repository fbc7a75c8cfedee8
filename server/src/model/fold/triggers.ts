/** Triggers and policies: what hangs on a table beside columns and constraints. */
import type { AlterPolicyStmt, CreatePolicyStmt, CreateTrigStmt, Node } from "@pgsql/types";
import { keyOf } from "../names.ts";
import type { Policy, Trigger } from "../schema.ts";
import { changed, type Context, displayName } from "./context.ts";
import type { ExpressionEntry, PolicyEntry, TableEntry, TriggerEntry, ViewEntry } from "./entries.ts";
import { bindExpression } from "./expressions.ts";
import { knownExtensions } from "./extensions.ts";
import { columnsOf } from "./indexes.ts";
import { partitionsOf } from "./inheritance.ts";
import { entry } from "./newEntries.ts";
import { shareTrigger } from "./partitions.ts";
import { expressionSpec } from "./read/expressionSpec.ts";
import { stringsOf } from "./read/nodes.ts";
import { readRelations } from "./registry.ts";
import { rolesOf } from "./roles.ts";
import { findRoutine } from "./routineLookup.ts";

/** Bits of `tgtype`. https://www.postgresql.org/docs/current/catalog-pg-trigger.html */
const timings: ReadonlyMap<number, Trigger["timing"]> = new Map([
  [2, "before"],
  [64, "insteadOf"],
]);
const events = [
  ["insert", 4],
  ["delete", 8],
  ["update", 16],
  ["truncate", 32],
] as const;

export function createTrigger(statement: CreateTrigStmt, ctx: Context): void {
  const name = statement.trigname ?? "";
  const place = ctx.source.wholeNamed(name);
  const relation = ctx.relation(statement.relation ?? {});
  const table = relation?.kind === "view" ? relation : ctx.tableToChange(statement.relation ?? {});
  if (table === undefined) return;
  const known = table.triggers.get(name);
  if (known !== undefined && !statement.replace) {
    ctx.problem("sql-duplicate-object", `Trigger "${name}" of ${displayName(table.namespace, table.name)} exists already.`, place.nameSpan);
    return;
  }
  const updateOf = columnsOf(stringsOf(statement.columns), table, place.nameSpan, ctx);
  if (updateOf === undefined) return;
  const path = stringsOf(statement.funcname);
  const routine = findRoutine(path, ctx);
  const trigger: TriggerEntry = {
    kind: "trigger",
    ...entry(name, known === undefined ? ctx.origins(place) : changed(known.origins, ctx.origin(place))),
    comment: known?.comment,
    table,
    facts: {
      timing: timings.get(statement.timing ?? 0) ?? "after",
      events: events.flatMap(([event, bit]) => (((statement.events ?? 0) & bit) !== 0 ? [event] : [])),
      forEach: statement.row ? "row" : "statement",
      arguments: stringsOf(statement.args),
      isConstraint: statement.isconstraint ?? false,
      deferrable: statement.deferrable ?? false,
      initiallyDeferred: statement.initdeferred ?? false,
    },
    updateOf,
    when: conditionOf(statement.whenClause, table, ctx),
    routine,
    routineKey: routine === undefined ? keyOfUnknown(path, ctx) : keyOf(routine.namespace.name, routine.name),
    enabled: "origin",
    parent: undefined,
  };
  if (known !== undefined) known.isDropped = true;
  table.triggers.set(name, trigger);
  routine?.triggers.push(trigger);
  if (table.kind === "table") for (const partition of partitionsOf(table)) shareTrigger(trigger, partition);
}

function conditionOf(node: Node | undefined, table: TableEntry | ViewEntry, ctx: Context): ExpressionEntry | undefined {
  if (node === undefined) return undefined;
  const { tokens } = ctx.source;
  const when = tokens.find(0, tokens.count, "WHEN", "(") ?? 0;
  return bindExpression(expressionSpec(node, ctx.source, ctx.source.span(when + 2, tokens.closing(when + 1))), table, ctx);
}

/** Trigger functions that come with PostgreSQL. */
const builtInTriggers = new Set(["suppress_redundant_updates_trigger", "tsvector_update_trigger", "tsvector_update_trigger_column"]);

function keyOfUnknown(path: readonly string[], ctx: Context): string {
  const name = path.at(-1) ?? "";
  const schema = path.at(-2);
  if (schema !== undefined) return keyOf(schema, name);
  if (builtInTriggers.has(name)) return keyOf("pg_catalog", name);
  for (const extension of ctx.catalog.extensions.values()) {
    if (knownExtensions.get(extension.name)?.routines.includes(name)) return keyOf(extension.namespace.name, name);
  }
  return keyOf(ctx.searchPath[0] ?? "public", name);
}

export function createPolicy(statement: CreatePolicyStmt, ctx: Context): void {
  const name = statement.policy_name ?? "";
  const place = ctx.source.wholeNamed(name);
  const table = ctx.tableToChange(statement.table ?? {});
  if (table === undefined) return;
  if (table.policies.has(name)) {
    ctx.problem("sql-duplicate-object", `Policy "${name}" of ${displayName(table.namespace, table.name)} exists already.`, place.nameSpan);
    return;
  }
  const policy: PolicyEntry = {
    kind: "policy",
    ...entry(name, ctx.origins(place)),
    table,
    permissive: statement.permissive ?? false,
    command: commandOf(statement.cmd_name),
    roles: rolesOf(statement.roles),
    using: undefined,
    withCheck: undefined,
  };
  setConditions(policy, statement, ctx);
  table.policies.set(name, policy);
}

export function alterPolicy(statement: AlterPolicyStmt, ctx: Context): void {
  const name = statement.policy_name ?? "";
  const place = ctx.source.wholeNamed(name);
  const table = ctx.tableToChange(statement.table ?? {});
  const policy = table?.policies.get(name);
  if (table === undefined || policy === undefined) {
    if (table?.isComplete)
      ctx.problem(
        "sql-undefined-object",
        `Policy "${name}" of ${displayName(table.namespace, table.name)} does not exist.`,
        place.nameSpan,
      );
    return;
  }
  if (statement.roles !== undefined) policy.roles = rolesOf(statement.roles);
  setConditions(policy, statement, ctx);
  policy.origins = changed(policy.origins, ctx.origin(place));
}

function setConditions(policy: PolicyEntry, statement: Pick<CreatePolicyStmt, "qual" | "with_check">, ctx: Context): void {
  const { tokens } = ctx.source;
  const condition = (node: Node | undefined, ...words: string[]): ExpressionEntry | undefined => {
    if (node === undefined) return undefined;
    const open = (tokens.find(0, tokens.count, ...words, "(") ?? 0) + words.length;
    return bindExpression(expressionSpec(node, ctx.source, ctx.source.span(open + 1, tokens.closing(open))), policy.table, ctx);
  };
  const before = readRelations(policy);
  policy.using = condition(statement.qual, "USING") ?? policy.using;
  policy.withCheck = condition(statement.with_check, "WITH", "CHECK") ?? policy.withCheck;
  for (const relation of before) relation.readers.delete(policy);
  for (const relation of readRelations(policy)) relation.readers.add(policy);
}

function commandOf(name: string | undefined): Policy["command"] {
  return name === "select" || name === "insert" || name === "update" || name === "delete" ? name : "all";
}
