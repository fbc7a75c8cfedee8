/**
 * Whether a text may be put behind `EXPLAIN (…)`: exactly one statement that reads or changes rows, by PostgreSQL's own
 * parser, and nothing hidden in it. Also what it calls and touches, for whoever has to find out what would run.
 * `loadSqlParser` must have been awaited. Never throws.
 */
import { hasSqlDetails, parseSync } from "libpg-query";
import { deniedFunction } from "./deniedFunctions.ts";
import { largestStatement } from "./parse.ts";
import { utf16OfCharacters } from "./byteOffsets.ts";
import { nextPiece } from "./split.ts";

export type Explainable =
  | { readonly ok: true; readonly statement: ExplainableStatement }
  /** `at` is a UTF-16 offset in the text. */
  | { readonly ok: false; readonly reason: string; readonly at?: number | undefined };

export interface ExplainableStatement {
  readonly text: string;
  /** Whether it changes rows, at its top or in a WITH. */
  readonly writes: boolean;
  /** Whether it locks rows: FOR UPDATE and the like. */
  readonly locksRows: boolean;
  /** The highest n of its $n. */
  readonly parameters: number;
  readonly functions: readonly QualifiedName[];
  readonly relations: readonly QualifiedName[];
  /** Also names of columns: `t.f` calls f(t) where t has no column f. */
  readonly columns: readonly string[];
  readonly operators: readonly string[];
  readonly types: readonly string[];
}

export interface QualifiedName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** UTF-8 bytes. */
const mostBytes = 1_000_000;

export function explainable(text: string): Explainable {
  const unfit = unfitText(text);
  if (unfit !== undefined) return unfit;
  const parsed = parsedStatements(text);
  if (!parsed.ok) return parsed;
  const [statement, another] = parsed.statements;
  if (statement === undefined) return no("There is no statement here.");
  if (another !== undefined) return no(`There are ${parsed.statements.length} statements here: choose one.`);
  const kind = Object.keys(statement)[0] ?? "";
  const writes = explainedKinds.get(kind);
  if (writes === undefined) return no(`${statementName(kind)} has no plan: PostgreSQL explains SELECT, INSERT, UPDATE, DELETE, MERGE and VALUES.`);
  const found = new Findings();
  found.visit(statement);
  if (found.refusal !== undefined) return no(found.refusal);
  return { ok: true, statement: found.statement(text, writes) };
}

/** What no parser is to see. The parser itself would end silently at NUL. */
function unfitText(text: string): Explainable | undefined {
  if (Buffer.byteLength(text) > mostBytes) return no("This statement is larger than 1 MB, which is more than can be checked.");
  const at = text.search(/\0|\p{Surrogate}/u);
  if (at >= 0) return no("This statement holds a character that PostgreSQL cannot store: NUL or half of a surrogate pair.", at);
  const piece = nextPiece(text, 0);
  if (piece?.kind === "meta") return no("This is a command of psql, not a statement.", piece.start);
  // The parser runs on this thread, and nothing interrupts it.
  if (piece !== undefined && piece.tokens > largestStatement.tokens * 4) return no("This statement has more parts than can be checked.");
  return undefined;
}

function no(reason: string, at?: number): { readonly ok: false; readonly reason: string; readonly at: number | undefined } {
  return { ok: false, reason, at };
}

function parsedStatements(text: string): { ok: true; statements: object[] } | { ok: false; reason: string; at: number | undefined } {
  try {
    const statements = (parseSync(text).stmts ?? []).flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt]));
    return { ok: true, statements };
  } catch (error) {
    if (error instanceof RangeError) return no("This statement is nested too deeply to be checked.");
    const details = hasSqlDetails(error) ? error.sqlDetails : undefined;
    const message = details?.message ?? (error instanceof Error ? error.message : String(error));
    return no(message, details === undefined ? undefined : utf16OfCharacters(text, details.cursorPosition));
  }
}

/** Kind of the statement's root to whether it changes rows. */
const explainedKinds: ReadonlyMap<string, boolean> = new Map([
  ["SelectStmt", false],
  ["InsertStmt", true],
  ["UpdateStmt", true],
  ["DeleteStmt", true],
  ["MergeStmt", true],
]);

/** `CreateTableAsStmt` as "CREATE TABLE AS". */
function statementName(kind: string): string {
  return kind.replace(/Stmt$/, "").replace(/([a-z])(?=[A-Z])/g, "$1 ").toUpperCase();
}

/** Walks a parse tree without recursion: trees are as deep as queries are long. */
class Findings {
  refusal: string | undefined;
  #writes = false;
  #locksRows = false;
  #parameters = 0;
  readonly #functions = new Map<string, QualifiedName>();
  readonly #relations = new Map<string, QualifiedName>();
  readonly #columns = new Set<string>();
  readonly #operators = new Set<string>();
  readonly #types = new Set<string>();

  visit(root: object): void {
    const open: object[] = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const [key, value] of Object.entries(node)) {
        if (typeof value !== "object" || value === null) continue;
        this.#see(key, value);
        open.push(value);
      }
    }
  }

  statement(text: string, writes: boolean): ExplainableStatement {
    return {
      text,
      writes: writes || this.#writes,
      locksRows: this.#locksRows,
      parameters: this.#parameters,
      functions: [...this.#functions.values()],
      relations: [...this.#relations.values()],
      columns: [...this.#columns],
      operators: [...this.#operators],
      types: [...this.#types],
    };
  }

  /** `key` is the node's type, or the property of its parent that holds it. */
  #see(key: string, node: object): void {
    if (explainedKinds.get(key) === true) this.#writes = true;
    else if (/^[A-Z]\w*Stmt$/.test(key) && key !== "SelectStmt") this.refusal ??= `${statementName(key)} stands inside of this statement.`;
    switch (key) {
      case "intoClause":
      case "IntoClause":
        // INSERT's and MERGE's own INTO are of other names.
        this.refusal ??= "SELECT INTO creates a table.";
        return;
      case "LockingClause":
        this.#locksRows = true;
        return;
      case "ParamRef":
        this.#parameters = Math.max(this.#parameters, Number(Reflect.get(node, "number") ?? 0));
        return;
      case "FuncCall":
        return this.#function(names(node, "funcname"));
      case "RangeTableSample":
        return this.#function(names(node, "method"));
      case "RangeVar":
      case "relation":
        return this.#relation(node);
      case "ColumnRef":
        return addLast(this.#columns, names(node, "fields"));
      case "A_Indirection":
        for (const name of names(node, "indirection")) this.#columns.add(name);
        return;
      case "A_Expr":
        return addLast(this.#operators, names(node, "name"));
      case "SubLink":
        return addLast(this.#operators, names(node, "operName"));
      case "SortBy":
        return addLast(this.#operators, names(node, "useOp"));
      case "TypeName":
      case "typeName":
        return addLast(this.#types, names(node, "names"));
    }
  }

  #function(path: readonly string[]): void {
    const name = path.at(-1);
    if (name === undefined) return;
    if (deniedFunction(name)) this.refusal ??= `${name}() does something that a rollback does not undo, or reads what is not in a table: it is never explained.`;
    this.#functions.set(JSON.stringify(path), { schema: path.at(-2), name });
  }

  #relation(node: object): void {
    const name: unknown = Reflect.get(node, "relname");
    const schema: unknown = Reflect.get(node, "schemaname");
    if (typeof name !== "string") return;
    this.#relations.set(JSON.stringify([schema, name]), { schema: typeof schema === "string" ? schema : undefined, name });
  }
}

function addLast(to: Set<string>, path: readonly string[]): void {
  const last = path.at(-1);
  if (last !== undefined) to.add(last);
}

/** The strings in a list of the parser's `String` nodes; stars and subscripts are left out. */
function names(node: object, property: string): string[] {
  const list: unknown = Reflect.get(node, property);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const inner: unknown = typeof item === "object" && item !== null ? Reflect.get(item, "String") : undefined;
    const text: unknown = typeof inner === "object" && inner !== null ? Reflect.get(inner, "sval") : undefined;
    return typeof text === "string" ? [text] : [];
  });
}
