/** The names in statements that are about one object of any kind: COMMENT, DROP, RENAME, SET SCHEMA, OWNER TO, GRANT. */
import type { Node, ObjectType, RangeVar } from "@pgsql/types";
import { namesOf } from "../canonical/type.ts";
import type { NamePlace, NameReference } from "../reference.ts";
import { addColumn, ofRelation } from "./columnPath.ts";
import type { QueryReferences } from "./queryReferences.ts";

/** Adds what such a statement mentions; false for any other statement. */
export function aboutObject(tree: Node, into: QueryReferences): boolean {
  if ("CommentStmt" in tree) object(tree.CommentStmt.objtype, tree.CommentStmt.object, { role: "uses", from: 2 }, into);
  else if ("DropStmt" in tree) {
    let from = 1;
    for (const node of tree.DropStmt.objects ?? []) {
      const end = object(tree.DropStmt.removeType, node, { role: "drops", from }, into);
      from = end ?? from;
    }
  } else if ("RenameStmt" in tree) rename(tree, into);
  else if ("AlterObjectSchemaStmt" in tree) {
    const { objectType, relation, object: target, newschema = "" } = tree.AlterObjectSchemaStmt;
    subject(objectType, relation, target, { role: "uses", from: 2, movedTo: newschema }, into);
    into.add(into.names.find([newschema], Math.max(0, into.names.tokens.count - 2)), "schema");
  } else if ("AlterOwnerStmt" in tree) {
    const { objectType, relation, object: target } = tree.AlterOwnerStmt;
    subject(objectType, relation, target, { role: "uses", from: 2 }, into);
  } else if ("GrantStmt" in tree) grant(tree, into);
  else return false;
  return true;
}

interface How {
  readonly role: NameReference["role"];
  /** The token from which on the name is looked for. */
  readonly from: number;
  readonly renamedTo?: string;
  readonly movedTo?: string;
}

const kinds: Partial<Record<ObjectType, NameReference["kind"]>> = {
  OBJECT_TABLE: "relation",
  OBJECT_FOREIGN_TABLE: "relation",
  OBJECT_VIEW: "relation",
  OBJECT_MATVIEW: "relation",
  OBJECT_SEQUENCE: "relation",
  OBJECT_INDEX: "index",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "type",
  OBJECT_FUNCTION: "routine",
  OBJECT_PROCEDURE: "routine",
  OBJECT_ROUTINE: "routine",
  OBJECT_AGGREGATE: "routine",
  OBJECT_SCHEMA: "schema",
  OBJECT_EXTENSION: "extension",
  OBJECT_POLICY: "policy",
  OBJECT_TRIGGER: "trigger",
  OBJECT_TABCONSTRAINT: "constraint",
};

function subject(
  type: ObjectType | undefined,
  relation: RangeVar | undefined,
  node: Node | undefined,
  how: How,
  into: QueryReferences,
): void {
  const kind = kinds[type ?? "OBJECT_TABLE"];
  if (relation === undefined) object(type, node, how, into);
  else if (kind !== undefined) add(into.names.at(relation.location, pathOfRelation(relation)), kind, how, into);
}

/** An object by its path; the token behind its name. */
function object(type: ObjectType | undefined, node: Node | undefined, how: How, into: QueryReferences): number | undefined {
  const { names } = into;
  const path = pathOf(node);
  const kind = kinds[type ?? "OBJECT_TABLE"];
  if (path.length === 0) return undefined;
  if (type === "OBJECT_COLUMN") {
    addColumn(path, how.from, into);
    return undefined;
  }
  if (kind === undefined) return undefined;
  if (kind === "policy" || kind === "trigger" || kind === "constraint") {
    const relation = path.slice(0, -1);
    const own = names.find(path.slice(-1), how.from);
    add(own, kind, how, into, relation);
    if (own !== undefined && relation.length > 0) into.add(names.find(relation, names.tokens.at(own.span.end)), "relation");
    return undefined;
  }
  const place = names.find(path, how.from);
  add(place, kind, how, into);
  if (node !== undefined && "ObjectWithArgs" in node) {
    for (const argument of node.ObjectWithArgs.objargs ?? []) if ("TypeName" in argument) into.type(argument.TypeName);
  }
  return place === undefined ? undefined : names.tokens.at(place.nameSpan.start) + 1;
}

function rename({ RenameStmt: statement }: Extract<Node, { RenameStmt: unknown }>, into: QueryReferences): void {
  const { renameType, relation, object: target, subname, newname = "" } = statement;
  const { names } = into;
  const how = { role: "uses", from: 2, renamedTo: newname } as const;
  // The new name is the last word, unless CASCADE or RESTRICT follows.
  const renamed = names.find([newname], Math.max(0, names.tokens.count - 2));
  if (relation === undefined || subname === undefined) {
    subject(renameType, relation, target, how, into);
    const kind = kinds[renameType ?? "OBJECT_TABLE"];
    if (kind !== undefined) into.add(renamed, kind, "defines");
    return;
  }
  const path = pathOfRelation(relation);
  const kind = renameType === "OBJECT_COLUMN" ? "column" : kinds[renameType ?? "OBJECT_COLUMN"];
  const token = names.tokenAt(relation.location);
  into.add(names.at(relation.location, path), "relation");
  if (kind === undefined) return;
  const stands = kind === "policy" || kind === "trigger" ? names.find([subname], 2, token) : names.find([subname], token + 1);
  add(stands, kind, how, into, path);
  into.add(renamed, kind, "defines", ofRelation(path));
}

function grant(
  { GrantStmt: { objtype, targtype, objects, privileges } }: Extract<Node, { GrantStmt: unknown }>,
  into: QueryReferences,
): void {
  const { names } = into;
  const on = names.tokens.find(0, names.tokens.count, "ON") ?? 0;
  const relations: string[][] = [];
  for (const node of objects ?? []) {
    if ("RangeVar" in node) {
      relations.push(pathOfRelation(node.RangeVar));
      into.relation(node.RangeVar, undefined);
    } else object(targtype === "ACL_TARGET_ALL_IN_SCHEMA" ? "OBJECT_SCHEMA" : objtype, node, { role: "uses", from: on + 1 }, into);
  }
  const columns = (privileges ?? []).flatMap((node) => ("AccessPriv" in node ? namesOf(node.AccessPriv.cols) : []));
  for (const place of names.findEach(columns, 1, on)) for (const path of relations) into.add(place, "column", "uses", ofRelation(path));
}

function add(
  place: NamePlace | undefined,
  kind: NameReference["kind"],
  how: How,
  into: QueryReferences,
  relation?: readonly string[],
): void {
  const { role, renamedTo, movedTo } = how;
  const more = { ...(renamedTo === undefined ? {} : { renamedTo }), ...(movedTo === undefined ? {} : { movedTo }) };
  into.add(place, kind, role, relation === undefined ? undefined : ofRelation(relation), more);
}

function pathOf(node: Node | undefined): string[] {
  if (node === undefined) return [];
  if ("List" in node) return namesOf(node.List.items);
  if ("TypeName" in node) return namesOf(node.TypeName.names);
  if ("ObjectWithArgs" in node) return namesOf(node.ObjectWithArgs.objname);
  return "String" in node ? [node.String.sval ?? ""] : [];
}

function pathOfRelation({ relname = "", schemaname }: RangeVar): string[] {
  return schemaname === undefined ? [relname] : [schemaname, relname];
}
