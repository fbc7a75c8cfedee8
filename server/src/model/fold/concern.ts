/**
 * What a statement can change, by names alone: enough to tell which statements of a history an edit to one of them
 * concerns. Where a tree does not say, it is taken to concern more, never less.
 */
import type { Node } from "@pgsql/types";
import type { Statement } from "../../sql/syntax.ts";
import { mentionedNames } from "./mentionedNames.ts";

export interface Concern {
  /** `own`: it changes what it defines. `all`: every object has to reckon with it, or it does not say which it changes. */
  readonly reach: "own" | "all";
  readonly mentions: ReadonlySet<string>;
  /** Objects it creates, changes or drops, their schemas aside; a part of a table is the table's. */
  readonly defines: ReadonlySet<string>;
  /** What it defines may change with anything it mentions, as a view does with its tables; a foreign key's table does not. */
  readonly isDerived: boolean;
  /** It defines types, functions or sequences, of which columns are made: a table changes with them. */
  readonly isMaterial: boolean;
  /** Names it mentions that PostgreSQL gives to the sequences of columns, which nothing else in the text defines. */
  readonly sequences: readonly string[];
}

const known = new WeakMap<object, { readonly tree: Node | undefined; readonly concern: Concern }>();

export function concernOf(statement: Statement): Concern {
  const { anchor, tree } = statement;
  const kept = known.get(anchor);
  // A large statement gets its tree later.
  if (kept !== undefined && kept.tree === tree) return kept.concern;
  const concern = newConcern(statement);
  known.set(anchor, { tree, concern });
  return concern;
}

const none: ReadonlySet<string> = new Set();

function newConcern({ tree, text }: Statement): Concern {
  // Names in Unicode escapes stand in no text.
  const effect = tree === undefined ? nothing : text.length > maxLength || /\bU&"/i.test(text) ? all : effectOf(tree);
  if (effect === all) return { reach: "all", mentions: none, defines: none, isDerived: false, isMaterial: false, sequences: [] };
  const mentions = mentionedNames(text);
  const defines = effect.defines === "mentioned" ? mentions : new Set(effect.defines);
  const isMaterial = tree !== undefined && materials.test(Object.keys(tree)[0] ?? "");
  const sequences = text.includes("_seq") ? [...mentions].filter((name) => /_seq\d*$/.test(name)) : [];
  return { reach: "own", mentions, defines, isDerived: effect.isDerived, isMaterial, sequences };
}

/** DROP and RENAME may be of a type or a function. */
const materials = /^(?:CreateEnum|AlterEnum|CreateDomain|AlterDomain|CompositeType|CreateRange|CreateFunction|CreateSeq|Drop|Rename)Stmt$/;

/** Characters. Longer ones, with data most often, are not searched for names. */
const maxLength = 100_000;

interface Effect {
  readonly defines: readonly string[] | "mentioned";
  readonly isDerived: boolean;
}

const nothing: Effect = { defines: [], isDerived: false };
const all: Effect = { defines: "mentioned", isDerived: true };
const unknown: Effect = { defines: "mentioned", isDerived: true };

function defining(names: readonly (string | undefined)[], isDerived = false): Effect {
  const defines = names.filter((name) => name !== undefined);
  return defines.length === 0 ? all : { defines, isDerived };
}

/** Statements that fill and read tables. */
const withoutEffect = new Set("Insert Update Delete Merge Copy Explain Truncate Lock Reindex Vacuum Cluster RefreshMatView".split(" "));

function effectOf(tree: Node): Effect {
  if ("CreateStmt" in tree) {
    const { relation, inhRelations = [], partbound, ofTypename, tableElts = [] } = tree.CreateStmt;
    const isDerived =
      inhRelations.length > 0 ||
      partbound !== undefined ||
      ofTypename !== undefined ||
      tableElts.some((element) => "TableLikeClause" in element);
    // A partition completes its parent's indexes.
    return defining([relation?.relname, ...namesIn(inhRelations)], isDerived);
  }
  if ("AlterTableStmt" in tree) return effectOfAlter(tree.AlterTableStmt);
  if ("IndexStmt" in tree) return defining([tree.IndexStmt.relation?.relname, tree.IndexStmt.idxname]);
  if ("CreateTrigStmt" in tree) return defining([tree.CreateTrigStmt.relation?.relname]);
  if ("CreatePolicyStmt" in tree) return defining([tree.CreatePolicyStmt.table?.relname]);
  if ("AlterPolicyStmt" in tree) return defining([tree.AlterPolicyStmt.table?.relname]);
  if ("ViewStmt" in tree) return defining([tree.ViewStmt.view?.relname], true);
  if ("CreateTableAsStmt" in tree) return defining([tree.CreateTableAsStmt.into?.rel?.relname], true);
  if ("CreateFunctionStmt" in tree) return defining(lastOf(tree.CreateFunctionStmt.funcname), true);
  if ("CreateEnumStmt" in tree) return defining(lastOf(tree.CreateEnumStmt.typeName));
  if ("AlterEnumStmt" in tree) return defining(lastOf(tree.AlterEnumStmt.typeName));
  if ("CreateDomainStmt" in tree) return defining(lastOf(tree.CreateDomainStmt.domainname), true);
  if ("CreateSeqStmt" in tree) return defining([tree.CreateSeqStmt.sequence?.relname]);
  if ("CommentStmt" in tree) return effectOfComment(tree.CommentStmt.objtype, tree.CommentStmt.object);
  if ("GrantStmt" in tree) {
    const { targtype, objtype, objects } = tree.GrantStmt;
    return targtype === "ACL_TARGET_OBJECT" && namedAlone.has(objtype) ? defining(namesIn(objects)) : all;
  }
  if ("DropStmt" in tree) return effectOfDrop(tree.DropStmt.removeType, tree.DropStmt.objects);
  if ("RenameStmt" in tree) {
    const { relation, object, newname, renameType } = tree.RenameStmt;
    if (relation === undefined) return namedAlone.has(renameType) && object !== undefined ? defining([...namesIn([object]), newname]) : all;
    return renameType === "OBJECT_INDEX" || renameType === "OBJECT_SEQUENCE" ? all : defining([relation.relname, newname]);
  }
  if ("SelectStmt" in tree) {
    const { intoClause, targetList = [] } = tree.SelectStmt;
    const calls = targetList.some((node) => "ResTarget" in node && node.ResTarget.val !== undefined && "FuncCall" in node.ResTarget.val);
    return intoClause !== undefined || calls ? all : nothing;
  }
  if ("DoStmt" in tree || "CompositeTypeStmt" in tree || "CreateRangeStmt" in tree || "AlterDomainStmt" in tree) return unknown;
  return Object.keys(tree).some((kind) => withoutEffect.has(kind.replace(/Stmt$/, ""))) ? nothing : all;
}

/** Commands that tie a table to another, which changes with it. */
const tying = new Set([
  "AT_AddInherit",
  "AT_DropInherit",
  "AT_AttachPartition",
  "AT_DetachPartition",
  "AT_DetachPartitionFinalize",
  "AT_AddOf",
]);

function effectOfAlter({ relation, objtype, cmds = [] }: Extract<Node, { AlterTableStmt: unknown }>["AlterTableStmt"]): Effect {
  if (objtype === "OBJECT_VIEW" || objtype === "OBJECT_MATVIEW") return defining([relation?.relname], true);
  if (objtype !== "OBJECT_TABLE" && objtype !== "OBJECT_FOREIGN_TABLE") return objtype === "OBJECT_TYPE" ? unknown : all;
  const ties = cmds.some(
    (node) => "AlterTableCmd" in node && node.AlterTableCmd.subtype !== undefined && tying.has(node.AlterTableCmd.subtype),
  );
  return ties ? unknown : defining([relation?.relname]);
}

/** Parts of a table are named after it. Indexes and sequences may have names that PostgreSQL made up and no text mentions. */
const partsOfTables = new Set<string | undefined>(["OBJECT_COLUMN", "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY"]);
const namedAlone = new Set<string | undefined>([
  "OBJECT_TABLE",
  "OBJECT_FOREIGN_TABLE",
  "OBJECT_VIEW",
  "OBJECT_MATVIEW",
  "OBJECT_TYPE",
  "OBJECT_DOMAIN",
  "OBJECT_FUNCTION",
  "OBJECT_PROCEDURE",
  "OBJECT_ROUTINE",
]);

function effectOfComment(kind: string | undefined, object: Node | undefined): Effect {
  const path = object === undefined ? [] : namesIn([object]);
  if (partsOfTables.has(kind)) return defining(path.slice(0, -1));
  return namedAlone.has(kind) ? defining(path) : all;
}

function effectOfDrop(kind: string | undefined, objects: readonly Node[] | undefined): Effect {
  // A trigger's or a policy's name ends its path; several at a time cannot be.
  if (partsOfTables.has(kind)) return defining(namesIn(objects).slice(0, -1));
  return namedAlone.has(kind) ? defining(namesIn(objects)) : all;
}

function lastOf(path: readonly Node[] | undefined): string[] {
  return namesIn(path).slice(-1);
}

/** Every name that stands in these nodes, in order. */
function namesIn(nodes: readonly unknown[] | undefined): string[] {
  const names: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (typeof part === "string" ? key === "sval" || key === "relname" : false) names.push(String(part));
      else visit(part);
    }
  };
  for (const node of nodes ?? []) visit(node);
  return names;
}
