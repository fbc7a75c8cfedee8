/** COMMENT ON, for what the model has comments of. */
import type { CommentStmt } from "@pgsql/types";
import type { Context } from "./context.ts";
import type { NamespaceEntry, Relation } from "./entries.ts";
import { itemsOf, pathOf, rangeVarOf } from "./read/nodes.ts";
import { routineNamed } from "./routineLookup.ts";
import { findType } from "./types.ts";

export function comment(statement: CommentStmt, ctx: Context): void {
  const target = commented(statement, ctx);
  if (target === "ignored") return;
  // An empty comment is none.
  if (target !== undefined) target.comment = statement.comment === "" ? undefined : statement.comment;
  else
    ctx.problem(
      "sql-undefined-object",
      "What this is a comment on does not exist.",
      ctx.source.span(0, ctx.source.tokens.find(0, ctx.source.tokens.count, "IS") ?? 1),
      "warning",
    );
}

interface Commented {
  comment: string | undefined;
}

/** `ignored` for kinds of objects that the model has no comments of. */
function commented(statement: CommentStmt, ctx: Context): Commented | "ignored" | undefined {
  const { object } = statement;
  const path = pathOf(object);
  switch (statement.objtype) {
    case "OBJECT_TABLE":
    case "OBJECT_FOREIGN_TABLE":
    case "OBJECT_VIEW":
    case "OBJECT_MATVIEW":
    case "OBJECT_INDEX":
    case "OBJECT_SEQUENCE":
      return ctx.relation(rangeVarOf(path)) ?? orUnknown(path.at(-2), ctx);
    case "OBJECT_COLUMN": {
      const relation = ctx.relation(rangeVarOf(path.slice(0, -1)));
      if (relation === undefined) return orUnknown(path.at(-3), ctx) ?? compositeAttribute(path, ctx);
      return columnIn(relation, path.at(-1) ?? "");
    }
    case "OBJECT_TABCONSTRAINT": {
      const relation = ctx.relation(rangeVarOf(path.slice(0, -1)));
      return relation?.kind === "table"
        ? (relation.constraints.get(path.at(-1) ?? "") ?? (relation.isComplete ? undefined : "ignored"))
        : undefined;
    }
    case "OBJECT_DOMCONSTRAINT": {
      const [domain, name] = itemsOf(object);
      return findType(pathOf(domain), ctx)?.checks.find((check) => check.name === pathOf(name).at(-1));
    }
    case "OBJECT_TRIGGER":
    case "OBJECT_POLICY": {
      const relation = ctx.relation(rangeVarOf(path.slice(0, -1)));
      const name = path.at(-1) ?? "";
      if (statement.objtype === "OBJECT_POLICY") return relation?.kind === "table" ? relation.policies.get(name) : undefined;
      return relation?.kind === "table" || relation?.kind === "view" ? relation.triggers.get(name) : undefined;
    }
    case "OBJECT_TYPE":
    case "OBJECT_DOMAIN":
      return findType(path, ctx);
    case "OBJECT_SCHEMA":
      return ctx.catalog.namespaces.get(path.at(-1) ?? "");
    case "OBJECT_EXTENSION":
      return ctx.catalog.extensions.get(path.at(-1) ?? "") ?? "ignored";
    case "OBJECT_FUNCTION":
    case "OBJECT_PROCEDURE":
    case "OBJECT_ROUTINE":
    case "OBJECT_AGGREGATE":
      return object !== undefined && "ObjectWithArgs" in object ? routineNamed(object.ObjectWithArgs, ctx) : undefined;
    default:
      return "ignored";
  }
}

/** Objects of a schema that another history makes are not missing. */
function orUnknown(schema: string | undefined, ctx: Context): "ignored" | undefined {
  const namespace: NamespaceEntry | undefined = schema === undefined ? undefined : ctx.catalog.namespaces.get(schema);
  return namespace?.isExternal ? "ignored" : undefined;
}

function columnIn(relation: Relation, name: string): Commented | "ignored" | undefined {
  if (relation.kind === "view") return relation.columns.get(name) ?? (relation.columns.size === 0 ? "ignored" : undefined);
  if (relation.kind !== "table") return "ignored";
  return relation.columns.get(name) ?? (relation.isComplete ? undefined : "ignored");
}

function compositeAttribute(path: readonly string[], ctx: Context): "ignored" | undefined {
  return findType(path.slice(0, -1), ctx) === undefined ? undefined : "ignored";
}
