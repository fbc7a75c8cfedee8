/** The outline of an SQL file: its statements by the object they define or change, with what is inside of them. */
import type { ColumnDef, Node, RangeVar } from "@pgsql/types";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { contains, shift, type Span } from "../text/span.ts";
import type { SqlFile, Statement } from "./syntax.ts";
import { endOfElement, findName, tokensFrom } from "./tokens.ts";

export type SqlSymbolKind =
  | "table"
  | "column"
  | "constraint"
  | "index"
  | "view"
  | "materializedView"
  | "function"
  | "procedure"
  | "trigger"
  | "policy"
  | "enum"
  | "enumValue"
  | "domain"
  | "type"
  | "sequence"
  | "schema"
  | "extension"
  | "block"
  | "query"
  | "statement";

export interface SqlSymbol {
  readonly kind: SqlSymbolKind;
  /** Never empty. */
  readonly name: string;
  /** What happens to it: `CREATE TABLE`, `ALTER TABLE`; of a column its type. */
  readonly detail: string;
  readonly span: Span;
  /** Inside `span`. */
  readonly nameSpan: Span;
  readonly children: readonly SqlSymbol[];
}

/** One symbol for each statement, in file order. */
export function sqlSymbols(file: SqlFile): SqlSymbol[] {
  return file.statements.map((statement) => new StatementOutline(statement).symbol());
}

/** What a statement is about: everything but the places. */
interface Subject {
  readonly kind: SqlSymbolKind;
  readonly name: readonly string[];
  /** Where the name or its first part starts in the tree, when the tree tells. */
  readonly location?: number | undefined;
  readonly detail: string;
  readonly children?: readonly Node[] | undefined;
}

class StatementOutline {
  readonly #statement: Statement;

  constructor(statement: Statement) {
    this.#statement = statement;
  }

  symbol(): SqlSymbol {
    const { tree, span } = this.#statement;
    const subject = tree === undefined ? undefined : subjectOf(tree);
    const last = subject?.name.at(-1) ?? "";
    if (subject === undefined || last === "") return this.#byText();
    const nameSpan = this.#find(last, subject.location ?? 0) ?? { start: span.start, end: Math.min(span.end, span.start + 1) };
    const children = (subject.children ?? []).flatMap((child) => this.#child(child));
    return { kind: subject.kind, name: subject.name.join("."), detail: subject.detail, span, nameSpan, children };
  }

  /** A statement without a name of its own goes by its beginning. */
  #byText(): SqlSymbol {
    const { tree, span, text, kind } = this.#statement;
    const [line = ""] = text.split("\n", 1);
    const name = line.length > longestName ? `${line.slice(0, longestName)}…` : line.trimEnd();
    const nameSpan = { start: span.start, end: span.start + Math.min(line.trimEnd().length, longestName) };
    const isQuery = tree !== undefined && queries.some((tag) => tag in tree);
    const symbolKind = tree !== undefined && "DoStmt" in tree ? "block" : isQuery ? "query" : "statement";
    return { kind: symbolKind, name: name === "" ? "…" : name, detail: kind === "meta" ? "psql" : "", span, nameSpan, children: [] };
  }

  #child(node: Node): SqlSymbol[] {
    if ("ColumnDef" in node) {
      const { colname = "", location } = node.ColumnDef;
      return this.#element("column", colname, this.#typeText(node.ColumnDef), location);
    }
    if ("String" in node) return this.#enumValue(node.String.sval ?? "");
    if ("Constraint" in node) {
      const { conname, contype = "", location } = node.Constraint;
      const detail = contype.replace("CONSTR_", "").replaceAll("_", " ");
      return this.#element("constraint", conname ?? detail, conname === undefined ? "" : detail, location);
    }
    return [];
  }

  #element(kind: SqlSymbolKind, name: string, detail: string, location: number | undefined): SqlSymbol[] {
    if (location === undefined || location < 0 || name === "") return [];
    const start = this.#offset(location);
    const end = this.#statement.span.start + endOfElement(this.#statement.text, start - this.#statement.span.start);
    const span = { start, end };
    const found = this.#find(name, location);
    const nameSpan = found !== undefined && contains(span, found) ? found : span;
    return [{ kind, name, detail, span, nameSpan, children: [] }];
  }

  /** The type as written: up to the first constraint, or the end of the element. */
  #typeText({ typeName, constraints = [] }: ColumnDef): string {
    const start = typeName?.location ?? -1;
    if (start < 0) return "";
    const [first] = constraints;
    const end = first !== undefined && "Constraint" in first ? (first.Constraint.location ?? -1) : -1;
    const { text, span } = this.#statement;
    const from = this.#offset(start) - span.start;
    const to = end > start ? this.#offset(end) - span.start : endOfElement(text, from);
    return text.slice(from, to).replaceAll(/\s+/g, " ").trim();
  }

  #enumValue(value: string): SqlSymbol[] {
    const { text, span } = this.#statement;
    const literal = quoteLiteral(value);
    for (const token of tokensFrom(text, 0)) {
      if (text.slice(token.start, token.end) !== literal) continue;
      const at = shift(token, span.start);
      return [{ kind: "enumValue", name: value === "" ? "''" : value, detail: "", span: at, nameSpan: at, children: [] }];
    }
    return [];
  }

  #find(name: string, location: number): Span | undefined {
    const { span, text } = this.#statement;
    const found = findName(text, name, Math.max(0, this.#offset(location) - span.start));
    return found === undefined ? undefined : shift(found, span.start);
  }

  #offset(location: number): number {
    return this.#statement.offset(location);
  }
}

const longestName = 60;
const queries = ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"] as const;

function subjectOf(tree: Node): Subject | undefined {
  if ("CreateStmt" in tree) return ofRelation("table", tree.CreateStmt.relation, "CREATE TABLE", tree.CreateStmt.tableElts);
  if ("CreateForeignTableStmt" in tree) {
    const { base } = tree.CreateForeignTableStmt;
    return ofRelation("table", base?.relation, "CREATE FOREIGN TABLE", base?.tableElts);
  }
  if ("AlterTableStmt" in tree)
    return ofRelation("table", tree.AlterTableStmt.relation, "ALTER TABLE", (tree.AlterTableStmt.cmds ?? []).flatMap(added));
  if ("IndexStmt" in tree)
    return { kind: "index", name: [tree.IndexStmt.idxname ?? ""], detail: `CREATE INDEX ON ${tree.IndexStmt.relation?.relname ?? ""}` };
  if ("ViewStmt" in tree) return ofRelation("view", tree.ViewStmt.view, "CREATE VIEW");
  if ("CreateTableAsStmt" in tree) {
    const isView = tree.CreateTableAsStmt.objtype === "OBJECT_MATVIEW";
    return ofRelation(
      isView ? "materializedView" : "table",
      tree.CreateTableAsStmt.into?.rel,
      isView ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS",
    );
  }
  if ("CreateFunctionStmt" in tree) {
    const isProcedure = tree.CreateFunctionStmt.is_procedure === true;
    return ofNames(
      isProcedure ? "procedure" : "function",
      tree.CreateFunctionStmt.funcname,
      isProcedure ? "CREATE PROCEDURE" : "CREATE FUNCTION",
    );
  }
  if ("CreateTrigStmt" in tree)
    return {
      kind: "trigger",
      name: [tree.CreateTrigStmt.trigname ?? ""],
      detail: `CREATE TRIGGER ON ${tree.CreateTrigStmt.relation?.relname ?? ""}`,
    };
  if ("CreatePolicyStmt" in tree)
    return {
      kind: "policy",
      name: [tree.CreatePolicyStmt.policy_name ?? ""],
      detail: `CREATE POLICY ON ${tree.CreatePolicyStmt.table?.relname ?? ""}`,
    };
  if ("CreateEnumStmt" in tree)
    return { ...ofNames("enum", tree.CreateEnumStmt.typeName, "CREATE TYPE"), children: tree.CreateEnumStmt.vals };
  if ("AlterEnumStmt" in tree) return ofNames("enum", tree.AlterEnumStmt.typeName, "ALTER TYPE");
  if ("CreateRangeStmt" in tree) return ofNames("type", tree.CreateRangeStmt.typeName, "CREATE TYPE");
  if ("CompositeTypeStmt" in tree)
    return ofRelation("type", tree.CompositeTypeStmt.typevar, "CREATE TYPE", tree.CompositeTypeStmt.coldeflist);
  if ("CreateDomainStmt" in tree) return ofNames("domain", tree.CreateDomainStmt.domainname, "CREATE DOMAIN");
  if ("CreateSeqStmt" in tree) return ofRelation("sequence", tree.CreateSeqStmt.sequence, "CREATE SEQUENCE");
  if ("CreateSchemaStmt" in tree) return { kind: "schema", name: [tree.CreateSchemaStmt.schemaname ?? ""], detail: "CREATE SCHEMA" };
  if ("CreateExtensionStmt" in tree)
    return { kind: "extension", name: [tree.CreateExtensionStmt.extname ?? ""], detail: "CREATE EXTENSION" };
  return undefined;
}

function ofRelation(kind: SqlSymbolKind, relation: RangeVar | undefined, detail: string, children?: readonly Node[]): Subject | undefined {
  if (relation === undefined) return undefined;
  const { schemaname, relname = "", location } = relation;
  return { kind, name: schemaname === undefined ? [relname] : [schemaname, relname], location, detail, children };
}

function ofNames(kind: SqlSymbolKind, names: readonly Node[] | undefined, detail: string): Subject {
  return { kind, name: (names ?? []).flatMap((one) => ("String" in one ? [one.String.sval ?? ""] : [])), detail };
}

/** Columns and constraints that an ALTER TABLE adds. */
function added(command: Node): Node[] {
  if (!("AlterTableCmd" in command) || command.AlterTableCmd.def === undefined) return [];
  const { subtype, def } = command.AlterTableCmd;
  return subtype === "AT_AddColumn" || subtype === "AT_AddConstraint" ? [def] : [];
}
