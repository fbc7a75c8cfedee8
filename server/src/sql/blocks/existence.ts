/**
 * Conditions that ask the catalog whether something exists, as guards of migrations do:
 * `NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood')`, `to_regclass('public.users') IS NULL`.
 */
import type { Node, SelectStmt } from "@pgsql/types";
import { literalOf } from "../canonical/literalNode.ts";
import { namesOf } from "../canonical/type.ts";

export interface ExistenceTest {
  /** `relation` is a table, view, index or sequence of that name. */
  readonly kind:
    | "relation"
    | "table"
    | "view"
    | "index"
    | "sequence"
    | "column"
    | "constraint"
    | "type"
    | "enumValue"
    | "extension"
    | "schema"
    | "routine"
    | "trigger"
    | "policy";
  /** Undefined when the condition names none. */
  readonly schema: string | undefined;
  /** The table of a column, constraint, index, trigger or policy; the type of an enum value. */
  readonly owner: string | undefined;
  readonly name: string;
  /** Whether the condition holds when the object exists, or when it does not. */
  readonly exists: boolean;
}

/** The tests that together are the condition; undefined when it asks anything else. */
export function existenceTests(condition: Node): readonly ExistenceTest[] | undefined {
  if ("BoolExpr" in condition) {
    const { boolop, args = [] } = condition.BoolExpr;
    if (boolop === "AND_EXPR") {
      const parts = args.map(existenceTests);
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    const [only] = args;
    return boolop === "NOT_EXPR" && only !== undefined ? negated(existenceTests(only)) : undefined;
  }
  if ("SubLink" in condition && condition.SubLink.subLinkType === "EXISTS_SUBLINK") {
    const { subselect } = condition.SubLink;
    const test = subselect !== undefined && "SelectStmt" in subselect ? queried(subselect.SelectStmt) : undefined;
    return test === undefined ? undefined : [test];
  }
  if ("NullTest" in condition) {
    const { arg, nulltesttype } = condition.NullTest;
    const test = arg === undefined ? undefined : lookedUp(arg, nulltesttype === "IS_NOT_NULL");
    return test === undefined ? undefined : [test];
  }
  return undefined;
}

/** The opposite of one test; of several it is no list of tests. */
export function negated(tests: readonly ExistenceTest[] | undefined): readonly ExistenceTest[] | undefined {
  const [only] = tests ?? [];
  return tests?.length === 1 && only !== undefined ? [{ ...only, exists: !only.exists }] : undefined;
}

const lookups: ReadonlyMap<string, ExistenceTest["kind"]> = new Map([
  ["to_regclass", "relation"],
  ["to_regtype", "type"],
  ["to_regproc", "routine"],
  ["to_regnamespace", "schema"],
]);

/** `to_regclass('public.users')`. */
function lookedUp(node: Node, exists: boolean): ExistenceTest | undefined {
  if (!("FuncCall" in node)) return undefined;
  const kind = lookups.get(namesOf(node.FuncCall.funcname).at(-1) ?? "");
  const [argument] = node.FuncCall.args ?? [];
  const literal = argument === undefined ? undefined : literalOf(argument);
  return kind === undefined || typeof literal !== "string" ? undefined : { kind, exists, owner: undefined, ...qualified(literal) };
}

function qualified(text: string): { readonly schema: string | undefined; readonly name: string } {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^."\s]+)/g)].map(
    ([, exact, folded]) => exact?.replaceAll('""', '"') ?? folded?.toLowerCase() ?? "",
  );
  return { schema: parts.length > 1 ? parts.at(-2) : undefined, name: parts.at(-1) ?? "" };
}

interface CatalogView {
  readonly kind: ExistenceTest["kind"];
  /** Its column with the name that is asked for. */
  readonly name: string;
  /** The table it names is not the constraint's own: of a foreign key, it is the referenced one. */
  readonly isOfOther?: boolean;
}

/** Catalogs and views of them, by which things are looked for. */
const catalogs: ReadonlyMap<string, CatalogView> = new Map<string, CatalogView>([
  ["pg_class", { kind: "relation", name: "relname" }],
  ["pg_tables", { kind: "table", name: "tablename" }],
  ["tables", { kind: "relation", name: "table_name" }],
  ["pg_views", { kind: "view", name: "viewname" }],
  ["pg_matviews", { kind: "view", name: "matviewname" }],
  ["views", { kind: "view", name: "table_name" }],
  ["pg_indexes", { kind: "index", name: "indexname" }],
  ["sequences", { kind: "sequence", name: "sequence_name" }],
  ["pg_sequences", { kind: "sequence", name: "sequencename" }],
  ["columns", { kind: "column", name: "column_name" }],
  ["pg_attribute", { kind: "column", name: "attname" }],
  ["pg_constraint", { kind: "constraint", name: "conname" }],
  ["table_constraints", { kind: "constraint", name: "constraint_name" }],
  ["constraint_column_usage", { kind: "constraint", name: "constraint_name", isOfOther: true }],
  ["constraint_table_usage", { kind: "constraint", name: "constraint_name", isOfOther: true }],
  ["key_column_usage", { kind: "constraint", name: "constraint_name" }],
  ["referential_constraints", { kind: "constraint", name: "constraint_name" }],
  ["check_constraints", { kind: "constraint", name: "constraint_name" }],
  ["pg_enum", { kind: "enumValue", name: "enumlabel" }],
  ["pg_type", { kind: "type", name: "typname" }],
  ["pg_extension", { kind: "extension", name: "extname" }],
  ["pg_namespace", { kind: "schema", name: "nspname" }],
  ["schemata", { kind: "schema", name: "schema_name" }],
  ["pg_proc", { kind: "routine", name: "proname" }],
  ["routines", { kind: "routine", name: "routine_name" }],
  ["pg_trigger", { kind: "trigger", name: "tgname" }],
  ["triggers", { kind: "trigger", name: "trigger_name" }],
  ["pg_policy", { kind: "policy", name: "polname" }],
  ["pg_policies", { kind: "policy", name: "policyname" }],
]);

const schemaColumns: ReadonlySet<string> = new Set([
  "table_schema",
  "constraint_schema",
  "trigger_schema",
  "event_object_schema",
  "routine_schema",
  "sequence_schema",
  "schemaname",
  "nspname",
  "udt_schema",
]);
const ownerColumns: ReadonlySet<string> = new Set([
  "table_name",
  "tablename",
  "event_object_table",
  "conrelid",
  "attrelid",
  "tgrelid",
  "polrelid",
  "relname",
  "typname",
  "enumtypid",
]);
/** Of these `owner` columns the value is an object's name as SQL writes it, a `regclass`. */
const objectColumns: ReadonlySet<string> = new Set(["conrelid", "attrelid", "tgrelid", "polrelid", "enumtypid"]);
/** What holds other things is not what a query that also names one of them looks for. */
const outerness: ReadonlyMap<ExistenceTest["kind"], number> = new Map([
  ["schema", 2],
  ["relation", 1],
  ["table", 1],
  ["type", 1],
]);
/** Conditions on these narrow a search that the name has decided already. */
const kindColumns: ReadonlySet<string> = new Set([
  "relkind",
  "contype",
  "constraint_type",
  "table_type",
  "typtype",
  "attisdropped",
  "attnum",
  "table_catalog",
  "constraint_catalog",
  "routine_type",
  "tgisinternal",
]);

/** The query of an EXISTS that looks for one thing by its name. */
function queried(query: SelectStmt): ExistenceTest | undefined {
  const sources = (query.fromClause ?? []).flatMap(relationNames);
  const equalities = new Map<string, string>();
  if (query.whereClause === undefined || !collect(query.whereClause, equalities)) return undefined;
  const candidates = sources.flatMap((source) => catalogs.get(source) ?? []).filter((one) => equalities.has(one.name));
  // A constraint is looked for in a join with its table, a type in one with its schema.
  const [catalog] = candidates.sort((a, b) => (outerness.get(a.kind) ?? 0) - (outerness.get(b.kind) ?? 0));
  if (catalog === undefined) return undefined;
  const test = { kind: catalog.kind, name: equalities.get(catalog.name) ?? "", exists: true, schema: undefined, owner: undefined };
  let { schema, owner }: { schema: string | undefined; owner: string | undefined } = test;
  for (const [column, value] of equalities) {
    if (column === catalog.name) continue;
    if (schemaColumns.has(column)) schema = value;
    else if (ownerColumns.has(column)) {
      const name = objectColumns.has(column) ? qualified(value) : { schema: undefined, name: value };
      owner = name.name;
      schema ??= name.schema;
    } else if (!kindColumns.has(column)) return undefined;
  }
  return { ...test, schema, owner: catalog.isOfOther === true ? undefined : owner };
}

function relationNames(source: Node): string[] {
  if ("RangeVar" in source) return [source.RangeVar.relname ?? ""];
  if (!("JoinExpr" in source)) return [];
  return [source.JoinExpr.larg, source.JoinExpr.rarg].flatMap((side) => (side === undefined ? [] : relationNames(side)));
}

/** The columns that a condition compares with a literal; false when it asks anything else. */
function collect(condition: Node, into: Map<string, string>): boolean {
  if ("BoolExpr" in condition)
    return condition.BoolExpr.boolop === "AND_EXPR" && (condition.BoolExpr.args ?? []).every((one) => collect(one, into));
  if (!("A_Expr" in condition)) return false;
  const { lexpr, rexpr, kind, name } = condition.A_Expr;
  if (lexpr === undefined || rexpr === undefined) return false;
  const left = columnName(lexpr);
  const right = literalOf(rexpr);
  if (left !== undefined && kindColumns.has(left)) return true;
  if (kind !== "AEXPR_OP" || namesOf(name).at(-1) !== "=") return false;
  // Joins, and the schema that is searched first.
  if (left !== undefined && (columnName(rexpr) !== undefined || "SQLValueFunction" in rexpr || "FuncCall" in rexpr)) return true;
  if (left === undefined || typeof right !== "string") return false;
  into.set(left, right);
  return true;
}

function columnName(node: Node): string | undefined {
  if ("TypeCast" in node && node.TypeCast.arg !== undefined) return columnName(node.TypeCast.arg);
  return "ColumnRef" in node ? namesOf(node.ColumnRef.fields).at(-1) : undefined;
}
