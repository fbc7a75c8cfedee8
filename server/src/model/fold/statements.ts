/** From a statement to what it does to the catalog. What changes no schema is passed over. */
import type { FuncCall, Node, SelectStmt } from "@pgsql/types";
import { alterTable } from "./alterTable.ts";
import { comment } from "./comments.ts";
import { createCompositeType } from "./compositeTypes.ts";
import type { Context } from "./context.ts";
import { alterDomain, createBaseType, createDomain, createRange } from "./domains.ts";
import { drop } from "./drop.ts";
import { alterEnum, createEnum } from "./enums.ts";
import { alterDefaultPrivileges, grant } from "./grants.ts";
import { createIndex } from "./indexes.ts";
import { stringsOf } from "./read/nodes.ts";
import { rename, setSchema } from "./rename.ts";
import { findRoutine } from "./routineLookup.ts";
import { alterFunction, createAggregate, createFunction } from "./routines.ts";
import { alterOwner, createExtension, createSchema, setConfig, setVariable } from "./schemas.ts";
import { alterSequence, createSequence } from "./sequences.ts";
import { createTable } from "./tables.ts";
import { alterPolicy, createPolicy, createTrigger } from "./triggers.ts";
import { createFromQuery, createView, selectInto } from "./views.ts";

/** DO blocks are taken apart elsewhere. */
export function foldStatement(tree: Node, ctx: Context): void {
  if ("AlterTableStmt" in tree) alterTable(tree.AlterTableStmt, ctx);
  else if ("IndexStmt" in tree) createIndex(tree.IndexStmt, ctx);
  else if ("CreateStmt" in tree) createTable(tree.CreateStmt, false, ctx);
  else if ("DropStmt" in tree) drop(tree.DropStmt, ctx);
  else if ("CreateFunctionStmt" in tree) createFunction(tree.CreateFunctionStmt, ctx);
  else if ("CreateEnumStmt" in tree) createEnum(tree.CreateEnumStmt, ctx);
  else if ("RenameStmt" in tree) rename(tree.RenameStmt, ctx);
  else if ("GrantStmt" in tree) grant(tree.GrantStmt, ctx);
  else if ("AlterEnumStmt" in tree) alterEnum(tree.AlterEnumStmt, ctx);
  else if ("CreateTrigStmt" in tree) createTrigger(tree.CreateTrigStmt, ctx);
  else if ("CreatePolicyStmt" in tree) createPolicy(tree.CreatePolicyStmt, ctx);
  else if ("AlterPolicyStmt" in tree) alterPolicy(tree.AlterPolicyStmt, ctx);
  else if ("CommentStmt" in tree) comment(tree.CommentStmt, ctx);
  else if ("SelectStmt" in tree) foldQuery(tree.SelectStmt, ctx);
  else if ("TransactionStmt" in tree) ctx.endTransaction();
  else if ("VariableSetStmt" in tree) setVariable(tree.VariableSetStmt, ctx);
  else if ("CreateSeqStmt" in tree) createSequence(tree.CreateSeqStmt, ctx);
  else if ("AlterSeqStmt" in tree) alterSequence(tree.AlterSeqStmt, ctx);
  else if ("ViewStmt" in tree) createView(tree.ViewStmt, ctx);
  else if ("CreateTableAsStmt" in tree) createFromQuery(tree.CreateTableAsStmt, ctx);
  else if ("CreateExtensionStmt" in tree) createExtension(tree.CreateExtensionStmt, ctx);
  else if ("AlterOwnerStmt" in tree) alterOwner(tree.AlterOwnerStmt, ctx);
  else if ("CreateSchemaStmt" in tree) createSchema(tree.CreateSchemaStmt, ctx, (element) => foldStatement(element, ctx));
  else if ("AlterObjectSchemaStmt" in tree) setSchema(tree.AlterObjectSchemaStmt, ctx);
  else if ("AlterFunctionStmt" in tree) alterFunction(tree.AlterFunctionStmt, ctx);
  else if ("AlterDefaultPrivilegesStmt" in tree) alterDefaultPrivileges(tree.AlterDefaultPrivilegesStmt, ctx);
  else if ("CompositeTypeStmt" in tree) createCompositeType(tree.CompositeTypeStmt, ctx);
  else if ("CreateDomainStmt" in tree) createDomain(tree.CreateDomainStmt, ctx);
  else if ("AlterDomainStmt" in tree) alterDomain(tree.AlterDomainStmt, ctx);
  else if ("CreateRangeStmt" in tree) createRange(tree.CreateRangeStmt, ctx);
  else if ("CreateForeignTableStmt" in tree && tree.CreateForeignTableStmt.base !== undefined)
    createTable(tree.CreateForeignTableStmt.base, true, ctx);
  else if ("DefineStmt" in tree && tree.DefineStmt.kind === "OBJECT_AGGREGATE") createAggregate(tree.DefineStmt, ctx);
  else if ("DefineStmt" in tree && tree.DefineStmt.kind === "OBJECT_TYPE") createBaseType(tree.DefineStmt, ctx);
  else if ("CallStmt" in tree && tree.CallStmt.funccall !== undefined) foldCall(tree.CallStmt.funccall, ctx);
  else if ("ImportForeignSchemaStmt" in tree) notRead("IMPORT FOREIGN SCHEMA", "The foreign server defines the tables.", ctx);
  else if ("DropOwnedStmt" in tree) notRead("DROP OWNED", "Who owns what is not stated in a history.", ctx);
}

function notRead(what: string, reason: string, ctx: Context): void {
  const { source } = ctx;
  ctx.notRead(what, reason, source.span(0, source.tokens.count));
}

/** A query changes nothing, unless it says INTO or calls a function that does. */
function foldQuery(query: SelectStmt, ctx: Context): void {
  if (query.intoClause !== undefined) {
    selectInto(query, query.intoClause, ctx);
    return;
  }
  for (const node of query.targetList ?? []) {
    if ("ResTarget" in node && node.ResTarget.val !== undefined && "FuncCall" in node.ResTarget.val)
      foldCall(node.ResTarget.val.FuncCall, ctx);
  }
}

/** Functions of extensions that create or change tables. */
const definingFunctions = new Set(["addgeometrycolumn", "dropgeometrycolumn", "create_hypertable", "create_parent"]);

/** What may change a schema inside a function's body. */
const definingWords = /\b(?:execute|create|alter|drop|grant|revoke)\b/i;

function foldCall(call: FuncCall, ctx: Context): void {
  const path = stringsOf(call.funcname);
  const name = path.at(-1) ?? "";
  if (name === "set_config") {
    setConfig(call.args ?? [], ctx);
    return;
  }
  const body = findRoutine(path, ctx)?.body;
  if (body === undefined ? definingFunctions.has(name) : definingWords.test(withoutComments(body))) {
    notRead(`call of ${path.join(".")}`, "The function changes the schema while it runs.", ctx);
  }
}

function withoutComments(body: string): string {
  return body.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
}
