/** The names that DDL mentions: what it makes, changes and drops, and what that refers to. */
import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, CreateStmt, CreateTrigStmt, Node, RangeVar } from "@pgsql/types";
import { namesOf } from "../canonical/type.ts";
import type { ColumnSource, Scope } from "../reference.ts";
import { addColumn } from "./columnPath.ts";
import { aboutObject } from "./objectReferences.ts";
import { type QueryReferences, scopeOf } from "./queryReferences.ts";

/** Adds what a statement mentions to `into`; nothing for statements that mention nothing by name. */
export function addReferences(tree: Node, into: QueryReferences): void {
  if (into.query(tree, undefined) !== undefined || aboutObject(tree, into)) return;
  new Definition(into).read(tree);
}

class Definition {
  readonly #into: QueryReferences;

  constructor(into: QueryReferences) {
    this.#into = into;
  }

  read(tree: Node): void {
    if ("CreateStmt" in tree) this.#table(tree.CreateStmt);
    else if ("CreateForeignTableStmt" in tree) this.#table(tree.CreateForeignTableStmt.base ?? {});
    else if ("AlterTableStmt" in tree) this.#alterTable(tree.AlterTableStmt);
    else if ("IndexStmt" in tree) this.#index(tree);
    else if ("ViewStmt" in tree) this.#made(tree.ViewStmt.view, tree.ViewStmt.query);
    else if ("CreateTableAsStmt" in tree) this.#made(tree.CreateTableAsStmt.into?.rel, tree.CreateTableAsStmt.query);
    else if ("CreatePolicyStmt" in tree) this.#policy(tree.CreatePolicyStmt, "defines");
    else if ("AlterPolicyStmt" in tree) this.#policy(tree.AlterPolicyStmt, "uses");
    else if ("CreateTrigStmt" in tree) this.#trigger(tree.CreateTrigStmt);
    else if ("CreateFunctionStmt" in tree) this.#routine(tree);
    else if ("CreateEnumStmt" in tree) this.#name(tree.CreateEnumStmt.typeName, "type", "defines");
    else if ("AlterEnumStmt" in tree) this.#name(tree.AlterEnumStmt.typeName, "type", "uses");
    else if ("CreateRangeStmt" in tree) this.#name(tree.CreateRangeStmt.typeName, "type", "defines");
    else if ("CompositeTypeStmt" in tree) this.#compositeType(tree);
    else if ("CreateDomainStmt" in tree) this.#domain(tree);
    else if ("AlterDomainStmt" in tree) this.#alterDomain(tree);
    else if ("CreateSeqStmt" in tree) this.#sequence(tree.CreateSeqStmt, "defines");
    else if ("AlterSeqStmt" in tree) this.#sequence(tree.AlterSeqStmt, "uses");
    else if ("CreateSchemaStmt" in tree) this.#schema(tree);
    else if ("CreateExtensionStmt" in tree) this.#find([tree.CreateExtensionStmt.extname ?? ""], "extension", "defines");
    else if ("ExplainStmt" in tree) this.#inner(tree.ExplainStmt.query);
    else if ("PrepareStmt" in tree) this.#inner(tree.PrepareStmt.query);
    else if ("DeclareCursorStmt" in tree) this.#inner(tree.DeclareCursorStmt.query);
    else if ("CopyStmt" in tree) this.#copy(tree);
    else if ("CallStmt" in tree && tree.CallStmt.funccall !== undefined)
      this.#into.expression({ FuncCall: tree.CallStmt.funccall }, undefined);
    else this.#relations(tree);
  }

  #inner(tree: Node | undefined): void {
    if (tree !== undefined) addReferences(tree, this.#into);
  }

  #find(path: readonly string[], kind: "type" | "routine" | "schema" | "extension", role: "uses" | "defines"): void {
    this.#into.add(this.#into.names.find(path, 0), kind, role);
  }

  #name(names: readonly Node[] | undefined, kind: "type" | "routine", role: "uses" | "defines"): void {
    this.#find(namesOf(names), kind, role);
  }

  #made(relation: RangeVar | undefined, query: Node | undefined): void {
    if (relation !== undefined) this.#into.relation(relation, undefined, "defines");
    this.#inner(query);
  }

  #table(statement: CreateStmt): void {
    if (statement.relation === undefined) return;
    const own = this.#into.relation(statement.relation, undefined, "defines");
    this.#into.type(statement.ofTypename);
    for (const node of statement.tableElts ?? []) {
      if ("ColumnDef" in node) this.#column(node.ColumnDef, own);
      else if ("Constraint" in node) this.#constraint(node.Constraint, own);
      else if ("TableLikeClause" in node && node.TableLikeClause.relation !== undefined)
        this.#into.relation(node.TableLikeClause.relation, undefined);
    }
    for (const node of statement.inhRelations ?? []) if ("RangeVar" in node) this.#into.relation(node.RangeVar, undefined);
    for (const node of statement.partspec?.partParams ?? []) {
      if (!("PartitionElem" in node)) continue;
      const { name, location, expr } = node.PartitionElem;
      if (name !== undefined) this.#into.add(this.#into.names.at(location, [name]), "column", "uses", scopeOf([own]));
      this.#into.expression(expr, scopeOf([own]));
    }
  }

  #column(column: ColumnDef, table: ColumnSource): void {
    const { names } = this.#into;
    this.#into.add(names.at(column.location, [column.colname ?? ""]), "column", "defines", scopeOf([table]));
    this.#into.type(column.typeName);
    this.#into.expression(column.raw_default, scopeOf([table]));
    for (const node of column.constraints ?? []) if ("Constraint" in node) this.#constraint(node.Constraint, table);
  }

  #constraint(constraint: Constraint, table: ColumnSource): void {
    const { names } = this.#into;
    const { conname, location, keys, including, exclusions, raw_expr, where_clause, indexname } = constraint;
    const start = names.tokenAt(location);
    const scope = scopeOf([table]);
    if (conname !== undefined) this.#into.add(names.find([conname], start, start + 3), "constraint", "defines", scope);
    for (const place of names.findList(namesOf(keys), start)) this.#into.add(place, "column", "uses", scope);
    const include = including === undefined ? undefined : names.tokens.find(start, names.tokens.count, "INCLUDE");
    if (include !== undefined)
      for (const place of names.findList(namesOf(including), include)) this.#into.add(place, "column", "uses", scope);
    const excluded = (exclusions ?? []).flatMap((node) => ("List" in node ? (node.List.items?.[0] ?? []) : []));
    this.#into.indexElements(excluded, table, start, scope);
    this.#into.expression([raw_expr, where_clause], scope);
    if (indexname !== undefined) this.#into.add(names.find([indexname], start), "index");
    this.#references(constraint, table, start);
  }

  #references({ pktable, fk_attrs, pk_attrs, fk_del_set_cols }: Constraint, table: ColumnSource, start: number): void {
    if (pktable === undefined) return;
    const { names } = this.#into;
    for (const place of names.findList(namesOf(fk_attrs), start)) this.#into.add(place, "column", "uses", scopeOf([table]));
    const target = this.#into.relation(pktable, undefined);
    const behind = names.tokenAt(pktable.location) + (pktable.schemaname === undefined ? 1 : 3);
    for (const place of names.findList(namesOf(pk_attrs), behind, behind + 1)) this.#into.add(place, "column", "uses", scopeOf([target]));
    const set = fk_del_set_cols === undefined ? undefined : names.tokens.find(behind, names.tokens.count, "ON", "DELETE", "SET");
    if (set !== undefined)
      for (const place of names.findList(namesOf(fk_del_set_cols), set)) this.#into.add(place, "column", "uses", scopeOf([table]));
  }

  #alterTable({ relation, cmds, objtype }: AlterTableStmt): void {
    if (relation === undefined) return;
    const { names } = this.#into;
    const { relname = "", schemaname } = relation;
    const path = schemaname === undefined ? [relname] : [schemaname, relname];
    const isRelation = objtype !== "OBJECT_INDEX" && objtype !== "OBJECT_TYPE";
    if (!isRelation) this.#into.add(names.at(relation.location, path), objtype === "OBJECT_INDEX" ? "index" : "type");
    const table = isRelation ? this.#into.relation(relation, undefined) : { ...unknownSource, name: relname };
    let token = names.tokens.nameEnd(names.tokenAt(relation.location));
    for (const node of cmds ?? []) {
      const end = names.tokens.itemEnd(token);
      if ("AlterTableCmd" in node) this.#command(node.AlterTableCmd, table, token, end);
      token = end + 1;
    }
  }

  /** One action of ALTER TABLE, which stands in the tokens from `start` to before `end`. */
  #command(command: AlterTableCmd, table: ColumnSource, start: number, end: number): void {
    const { names } = this.#into;
    const { name, def } = command;
    const subtype: string = command.subtype ?? "";
    const scope = scopeOf([table]);
    const place = name === undefined ? undefined : names.find([name], start, end);
    if (subtype === "AT_DropConstraint") this.#into.add(place, "constraint", "drops", scope);
    else if (subtype === "AT_ValidateConstraint") this.#into.add(place, "constraint", "uses", scope);
    else if (subtype === "AT_ClusterOn") this.#into.add(place, "index");
    else if (/Trig$/.test(subtype)) this.#into.add(place, "trigger", "uses", scope);
    else if (subtype === "AT_DropColumn") this.#into.add(place, "column", "drops", scope);
    else if (!/Rule$/.test(subtype)) this.#into.add(place, "column", "uses", scope);
    if (def === undefined) return;
    if ("ColumnDef" in def && subtype.startsWith("AT_AddColumn")) this.#column(def.ColumnDef, table);
    else if ("ColumnDef" in def) {
      this.#into.type(def.ColumnDef.typeName);
      this.#into.expression(def.ColumnDef.raw_default, scope);
    } else if ("Constraint" in def) this.#constraint(def.Constraint, table);
    else if ("ATAlterConstraint" in def)
      this.#into.add(names.find([def.ATAlterConstraint.conname ?? ""], start, end), "constraint", "uses", scope);
    else if ("PartitionCmd" in def && def.PartitionCmd.name !== undefined) this.#into.relation(def.PartitionCmd.name, undefined);
    else if ("RangeVar" in def) this.#into.relation(def.RangeVar, undefined);
    else this.#into.expression(def, scope);
  }

  #index({ IndexStmt: statement }: Extract<Node, { IndexStmt: unknown }>): void {
    const { relation, idxname, indexParams, indexIncludingParams, whereClause } = statement;
    if (relation === undefined) return;
    const { names } = this.#into;
    const token = names.tokenAt(relation.location);
    const table = this.#into.relation(relation, undefined);
    const scope = scopeOf([table]);
    if (idxname !== undefined) this.#into.add(names.find([idxname], 0, token), "index", "defines", scope);
    this.#into.indexElements(indexParams, table, token, scope);
    const include = indexIncludingParams === undefined ? undefined : names.tokens.find(token, names.tokens.count, "INCLUDE");
    if (include !== undefined) this.#into.indexElements(indexIncludingParams, table, include, scope);
    this.#into.expression(whereClause, scope);
  }

  #policy(
    { policy_name, table, qual, with_check }: { policy_name?: string; table?: RangeVar; qual?: Node; with_check?: Node },
    role: "uses" | "defines",
  ): void {
    if (table === undefined) return;
    const { names } = this.#into;
    const source = this.#into.relation(table, undefined);
    const scope = scopeOf([source]);
    this.#into.add(names.find([policy_name ?? ""], 2, names.tokenAt(table.location)), "policy", role, scope);
    this.#into.expression([qual, with_check], scope);
  }

  #trigger(statement: CreateTrigStmt): void {
    const { relation, trigname, columns, funcname, whenClause, constrrel } = statement;
    if (relation === undefined) return;
    const { names } = this.#into;
    const token = names.tokenAt(relation.location);
    const table = this.#into.relation(relation, undefined);
    const scope = scopeOf([table]);
    const trigger = names.find([trigname ?? ""], 0, token);
    this.#into.add(trigger, "trigger", "defines", scope);
    const of = trigger === undefined ? 0 : names.tokens.at(trigger.nameSpan.end);
    for (const place of names.findEach(namesOf(columns), of, token)) this.#into.add(place, "column", "uses", scope);
    if (constrrel !== undefined) this.#into.relation(constrrel, undefined);
    this.#into.expression(whenClause, scopeOf(["old", "new"].map((name) => ({ ...table, name, isAlias: true }))));
    this.#into.add(names.find(namesOf(funcname), token + 1), "routine");
  }

  #routine({ CreateFunctionStmt: statement }: Extract<Node, { CreateFunctionStmt: unknown }>): void {
    this.#name(statement.funcname, "routine", "defines");
    for (const node of statement.parameters ?? []) {
      if (!("FunctionParameter" in node)) continue;
      this.#into.type(node.FunctionParameter.argType);
      this.#into.expression(node.FunctionParameter.defexpr, undefined);
    }
    this.#into.type(statement.returnType);
    // Names in a body may be those of arguments.
    this.#into.expression(statement.sql_body, scopeOf([{ ...unknownSource, name: namesOf(statement.funcname).at(-1) }]));
  }

  #compositeType({ CompositeTypeStmt: { typevar, coldeflist } }: Extract<Node, { CompositeTypeStmt: unknown }>): void {
    const { relname = "", schemaname, location } = typevar ?? {};
    this.#into.add(this.#into.names.at(location, schemaname === undefined ? [relname] : [schemaname, relname]), "type", "defines");
    for (const node of coldeflist ?? []) if ("ColumnDef" in node) this.#into.type(node.ColumnDef.typeName);
  }

  #domain({ CreateDomainStmt: { domainname, typeName, constraints } }: Extract<Node, { CreateDomainStmt: unknown }>): void {
    this.#name(domainname, "type", "defines");
    this.#into.type(typeName);
    for (const node of constraints ?? []) if ("Constraint" in node) this.#into.expression(node.Constraint.raw_expr, valueScope);
  }

  #alterDomain({ AlterDomainStmt: { typeName, def } }: Extract<Node, { AlterDomainStmt: unknown }>): void {
    this.#name(typeName, "type", "uses");
    this.#into.expression(def !== undefined && "Constraint" in def ? def.Constraint.raw_expr : def, valueScope);
  }

  #sequence({ sequence, options }: { sequence?: RangeVar; options?: Node[] }, role: "uses" | "defines"): void {
    if (sequence !== undefined) this.#into.relation(sequence, undefined, role);
    for (const node of options ?? []) {
      if (!("DefElem" in node) || node.DefElem.defname !== "owned_by" || node.DefElem.arg === undefined) continue;
      const path = "List" in node.DefElem.arg ? namesOf(node.DefElem.arg.List.items) : [];
      addColumn(path, this.#into.names.tokenAt(node.DefElem.location), this.#into);
    }
  }

  #schema({ CreateSchemaStmt: { schemaname = "", schemaElts } }: Extract<Node, { CreateSchemaStmt: unknown }>): void {
    this.#find([schemaname], "schema", "defines");
    for (const node of schemaElts ?? []) addReferences(node, this.#into);
  }

  #copy({ CopyStmt: { relation, attlist, query, whereClause } }: Extract<Node, { CopyStmt: unknown }>): void {
    this.#inner(query);
    if (relation === undefined) return;
    const table = this.#into.relation(relation, undefined);
    const columns = this.#into.names.findList(namesOf(attlist), this.#into.names.tokenAt(relation.location));
    for (const place of columns) this.#into.add(place, "column", "uses", scopeOf([table]));
    this.#into.expression(whereClause, scopeOf([table]));
  }

  /** Statements that are about relations and nothing else: TRUNCATE, LOCK, REFRESH, VACUUM, CREATE PUBLICATION. */
  #relations(tree: Node): void {
    const waiting: unknown[] = [tree];
    while (waiting.length > 0) {
      const value = waiting.pop();
      if (typeof value !== "object" || value === null) continue;
      if (isRangeVar(value)) this.#into.relation(value, undefined);
      else for (const inner of Object.values(value)) if (typeof inner === "object") waiting.push(inner);
    }
  }
}

const unknownSource: ColumnSource = { name: undefined, isAlias: true, relation: undefined, columns: undefined, columnNames: [] };

/** In a domain's CHECK, `VALUE` stands for the value. */
const valueScope: Scope = scopeOf([{ ...unknownSource, columns: [{ kind: "column", name: "value", of: undefined }] }]);

function isRangeVar(value: object): value is RangeVar {
  return "relname" in value && typeof value.relname === "string";
}
