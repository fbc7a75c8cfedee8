/** DROP of anything: refused while something else depends on it, or with everything that does, by CASCADE. */
import type { DropBehavior, DropStmt, Node } from "@pgsql/types";
import type { Span } from "../../text/span.ts";
import type { Context } from "./context.ts";
import {
  extensionTarget,
  indexTarget,
  namespaceTarget,
  policyTarget,
  routineTarget,
  sequenceTarget,
  tableTarget,
  type Target,
  triggerTarget,
  typeTarget,
  viewTarget,
} from "./dependencies.ts";
import type { Relation } from "./entries.ts";
import { pathOf, rangeVarOf } from "./read/nodes.ts";
import { routineNamed } from "./routineLookup.ts";
import { findType } from "./types.ts";

export function drop(statement: DropStmt, ctx: Context): void {
  const { source } = ctx;
  const objects = statement.objects ?? [];
  const targets: Target[] = [];
  let from = 1;
  for (const object of objects) {
    const path = nameOf(object);
    const token = source.findName(path.at(-1), from) ?? 0;
    from = token + 1;
    const span = source.span(token, 0);
    const found = targetOf(statement.removeType ?? "OBJECT_TABLE", object, path, ctx);
    if (found === "ignored") continue;
    if (found !== undefined) targets.push(found);
    else if (!statement.missing_ok)
      ctx.problem("sql-undefined-object", `${kindName(statement)} "${path.join(".")}" does not exist.`, span, "warning");
  }
  dropTargets(targets, statement.behavior, source.span(0, Math.max(1, from)), ctx);
}

/** Drops them together. False, with a problem, when something else depends on one of them and CASCADE was not said. */
export function dropTargets(targets: readonly Target[], behavior: DropBehavior | undefined, span: Span, ctx: Context): boolean {
  const found = new Map<object, { readonly target: Target; isAutomatic: boolean }>();
  for (const target of targets) found.set(target.key, { target, isAutomatic: true });
  // A Map's iteration also visits what is added on the way.
  for (const { target } of found.values()) {
    for (const dependent of target.dependents()) {
      const known = found.get(dependent.target.key);
      if (known === undefined) found.set(dependent.target.key, { target: dependent.target, isAutomatic: dependent.isAutomatic });
      else known.isAutomatic ||= dependent.isAutomatic;
    }
  }
  const [blocking] = [...found.values()].filter((each) => !each.isAutomatic);
  if (behavior !== "DROP_CASCADE" && blocking !== undefined) {
    ctx.problem(
      "sql-dependent-objects",
      `Cannot drop ${targets[0]?.what}: ${blocking.target.what} depends on it. CASCADE would drop that too.`,
      span,
    );
    return false;
  }
  for (const { target } of [...found.values()].reverse()) {
    target.remove();
    if (isRelation(target.key)) ctx.noteDropped(target.key.namespace, target.key.name);
  }
  return true;
}

function isRelation(key: object): key is Relation {
  return "kind" in key && (key.kind === "table" || key.kind === "view" || key.kind === "index" || key.kind === "sequence");
}

function nameOf(object: Node): string[] {
  return "ObjectWithArgs" in object ? pathOf({ List: { items: object.ObjectWithArgs.objname ?? [] } }) : pathOf(object);
}

function kindName(statement: DropStmt): string {
  const words = (statement.removeType ?? "")
    .replace("OBJECT_", "")
    .replace("MATVIEW", "MATERIALIZED VIEW")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Undefined when there is no such thing; `ignored` for kinds that are no part of a schema. */
function targetOf(kind: string, object: Node, path: readonly string[], ctx: Context): Target | "ignored" | undefined {
  const { catalog } = ctx;
  const name = path.at(-1) ?? "";
  switch (kind) {
    case "OBJECT_TABLE":
    case "OBJECT_FOREIGN_TABLE":
    case "OBJECT_VIEW":
    case "OBJECT_MATVIEW":
    case "OBJECT_INDEX":
    case "OBJECT_SEQUENCE":
      return relationTarget(kind, path, ctx);
    case "OBJECT_TYPE":
    case "OBJECT_DOMAIN": {
      const type = findType(path, ctx);
      return type === undefined || type.form === "row" ? undefined : typeTarget(type, catalog);
    }
    case "OBJECT_SCHEMA": {
      const namespace = catalog.namespaces.get(name);
      return namespace === undefined ? undefined : namespaceTarget(namespace, catalog);
    }
    case "OBJECT_EXTENSION": {
      const extension = catalog.extensions.get(name);
      return extension === undefined ? undefined : extensionTarget(extension, catalog);
    }
    case "OBJECT_FUNCTION":
    case "OBJECT_PROCEDURE":
    case "OBJECT_ROUTINE":
    case "OBJECT_AGGREGATE": {
      const routine = "ObjectWithArgs" in object ? routineNamed(object.ObjectWithArgs, ctx) : undefined;
      return routine === undefined ? undefined : routineTarget(routine, catalog);
    }
    case "OBJECT_TRIGGER": {
      const relation = ctx.relation(rangeVarOf(path.slice(0, -1)));
      const trigger = relation?.kind === "table" || relation?.kind === "view" ? relation.triggers.get(name) : undefined;
      return trigger === undefined ? undefined : triggerTarget(trigger);
    }
    case "OBJECT_POLICY": {
      const table = ctx.relation(rangeVarOf(path.slice(0, -1)));
      const policy = table?.kind === "table" ? table.policies.get(name) : undefined;
      return policy === undefined ? undefined : policyTarget(policy);
    }
    default:
      return "ignored";
  }
}

const relationKinds: Readonly<Record<string, (relation: Relation) => boolean>> = {
  OBJECT_TABLE: (relation) => relation.kind === "table" && relation.form !== "foreign",
  OBJECT_FOREIGN_TABLE: (relation) => relation.kind === "table" && relation.form === "foreign",
  OBJECT_VIEW: (relation) => relation.kind === "view" && !relation.isMaterialized,
  OBJECT_MATVIEW: (relation) => relation.kind === "view" && relation.isMaterialized,
  OBJECT_INDEX: (relation) => relation.kind === "index",
  OBJECT_SEQUENCE: (relation) => relation.kind === "sequence",
};

function relationTarget(kind: string, path: readonly string[], ctx: Context): Target | undefined {
  const relation = ctx.relation(rangeVarOf(path));
  if (relation === undefined || relationKinds[kind]?.(relation) !== true) return undefined;
  if (relation.kind === "table") return tableTarget(relation, ctx.catalog);
  if (relation.kind === "view") return viewTarget(relation, ctx.catalog);
  if (relation.kind === "sequence") return sequenceTarget(relation, ctx.catalog);
  return relation.constraint === undefined && relation.parent === undefined ? indexTarget(relation) : ownedIndex(relation.name);
}

/** An index that a constraint or a partitioned index needs cannot be dropped by itself. */
function ownedIndex(name: string): Target {
  const owner: Target = {
    key: {},
    what: "the constraint or partitioned index it belongs to",
    dependents: () => [],
    remove: () => undefined,
  };
  return { key: {}, what: `index "${name}"`, dependents: () => [{ target: owner, isAutomatic: false }], remove: () => undefined };
}
