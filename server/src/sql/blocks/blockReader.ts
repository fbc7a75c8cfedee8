/** Walks the statements of a PL/pgSQL block, as PostgreSQL's parser gives them: without positions, but in order. */
import type { Node } from "@pgsql/types";
import { ByteOffsets } from "../byteOffsets.ts";
import { expressionTree } from "../expressionTree.ts";
import { parsedText } from "../outcomes.ts";
import { nextPiece } from "../split.ts";
import type { StaticBlock, StaticStatement, UnreadPart } from "./staticBlock.ts";
import type { BlockBody } from "./body.ts";
import { evaluated, isChangeOfRows, type Values } from "./evaluate.ts";
import { type ExistenceTest, existenceTests, negated } from "./existence.ts";
import { isRecord, type JsonRecord, listOf, queryOf, tagged } from "./json.ts";

/** Under what a statement runs. */
interface Situation {
  readonly guard: StaticStatement["guard"];
  readonly tests: readonly ExistenceTest[];
  /** Variables whose value is known. */
  readonly values: Values;
}

const loops: ReadonlySet<string> = new Set(
  ["loop", "while", "fori", "fors", "forc", "dynfors", "foreach_a"].map((kind) => `PLpgSQL_stmt_${kind}`),
);

export class BlockReader {
  readonly #body: BlockBody;
  readonly #bytes: ByteOffsets;
  readonly #text: string;
  readonly #lineStarts: readonly number[];
  #statements: StaticStatement[] = [];
  #unread: UnreadPart[] = [];
  /** By number; what loops assign. */
  #variables: readonly string[] = [];
  /** The statement's UTF-16 offset after the last text that was found. */
  #at: number;

  constructor(body: BlockBody, text: string) {
    this.#body = body;
    this.#text = text;
    this.#bytes = new ByteOffsets(text);
    this.#at = body.start;
    this.#lineStarts = [0, ...[...body.text.matchAll(/\n/g)].map((match) => match.index + 1)];
  }

  result(): StaticBlock {
    return { statements: this.#statements, unread: this.#unread };
  }

  readFunction(parsed: unknown): void {
    const { fields } = tagged(parsed);
    const values = new Map<string, string>();
    this.#variables = listOf(fields["datums"]).map((one) => {
      const { refname, default_val } = tagged(one).fields;
      const name = typeof refname === "string" ? refname : "";
      assign(values, name, default_val === undefined ? undefined : evaluated(queryOf(default_val), values));
      return name;
    });
    this.#one(fields["action"], { guard: "none", tests: [], values });
  }

  /** Reads statements in order; after one that may leave the block, the rest is conditional. */
  #all(statements: unknown, situation: Situation): void {
    let now = situation;
    for (const statement of listOf(statements)) now = this.#one(statement, now);
  }

  /** The situation of what follows. */
  #one(statement: unknown, situation: Situation): Situation {
    const { tag, fields } = tagged(statement);
    if (tag === "PLpgSQL_stmt_assign") return { ...situation, values: this.#assigned(fields, situation.values) };
    return withoutValues(this.#read(tag, fields, situation), assignedIn(fields, this.#variables));
  }

  /** `name := expression`. */
  #assigned(fields: JsonRecord, before: Values): Values {
    const values = new Map(before);
    const expression = /^[^:=]*:?=([\s\S]*)$/.exec(queryOf(fields["expr"]))?.[1] ?? "";
    assign(values, this.#variable(fields["varno"]), evaluated(expression, before));
    return values;
  }

  #variable(number: unknown): string {
    return typeof number === "number" ? (this.#variables[number] ?? "") : "";
  }

  #read(tag: string, fields: JsonRecord, situation: Situation): Situation {
    if (tag === "PLpgSQL_stmt_execsql") this.#sql(fields, situation);
    else if (tag === "PLpgSQL_stmt_dynexecute") this.#execute(fields, situation);
    else if (tag === "PLpgSQL_stmt_block")
      this.#all(fields["body"], handlesDuplicates(fields["exceptions"]) ? weaker(situation, "ifMissing", []) : situation);
    else if (tag === "PLpgSQL_stmt_if") return this.#if(fields, situation);
    else if (tag === "PLpgSQL_stmt_case") {
      for (const branch of listOf(fields["case_when_list"]))
        this.#all(tagged(branch).fields["stmts"], weaker(situation, "conditional", []));
      this.#all(fields["else_stmts"], weaker(situation, "conditional", []));
    } else if (loops.has(tag)) this.#loop(tag, fields, situation);
    return situation;
  }

  #if(fields: JsonRecord, situation: Situation): Situation {
    const tests = testsOf(queryOf(fields["cond"]));
    const opposite = negated(tests);
    this.#all(fields["then_body"], under(situation, tests, queryOf(fields["cond"])));
    for (const branch of listOf(fields["elsif_list"])) this.#all(tagged(branch).fields["stmts"], weaker(situation, "conditional", []));
    const hasBranches = listOf(fields["elsif_list"]).length > 0;
    const otherwise = hasBranches || opposite === undefined ? weaker(situation, "conditional", []) : under(situation, opposite, "");
    this.#all(fields["else_body"], otherwise);
    return leaves(fields["then_body"]) ? otherwise : situation;
  }

  #sql(fields: JsonRecord, situation: Situation): void {
    const text = queryOf(fields["sqlstmt"]);
    const at = this.#find(text, fields["lineno"]);
    if (fields["into"] !== true) this.#statement(text, at, true, situation, "statement");
  }

  #execute(fields: JsonRecord, situation: Situation): void {
    const expression = queryOf(fields["query"]);
    const at = this.#find(expression, fields["lineno"]);
    const value = evaluated(expression, situation.values);
    if (value === undefined) {
      if (!isChangeOfRows(expression))
        this.#leaveUnread("EXECUTE of a computed string", "what it runs is known only when it runs", at, expression.length);
      return;
    }
    const inner = this.#text.indexOf(value, at);
    const isVerbatim = inner >= 0 && inner + value.length <= at + expression.length;
    for (let piece = nextPiece(value, 0); piece !== undefined; piece = nextPiece(value, piece.next)) {
      this.#statement(value.slice(piece.start, piece.end), isVerbatim ? inner + piece.start : at, isVerbatim, situation, "EXECUTE");
    }
  }

  #statement(text: string, at: number, isVerbatim: boolean, { guard, tests }: Situation, what: string): void {
    const { outcome } = parsedText(text);
    if (outcome?.kind !== "tree") {
      const reason = outcome?.kind === "error" ? outcome.message : "it is too large";
      this.#leaveUnread(what, reason, at, text.length);
    } else if (definesObjects(outcome.tree)) {
      this.#statements.push({ text, tree: outcome.tree, byteOffset: this.#bytes.toByte(at), isVerbatim, guard, tests });
    }
  }

  /** A loop over a list in the text runs once for each; of any other, only that it defines something can be told. */
  #loop(tag: string, fields: JsonRecord, situation: Situation): void {
    const values = tag === "PLpgSQL_stmt_foreach_a" ? evaluated(queryOf(fields["expr"]), situation.values, "array") : undefined;
    const variable = this.#variable(fields["varno"]);
    const start = this.#at;
    if (values !== undefined && variable !== "") {
      for (const value of values) {
        this.#at = start;
        const values = withoutValues(situation, assignedIn(fields, this.#variables)).values;
        this.#all(fields["body"], { ...situation, values: new Map([...values, [variable, value]]) });
      }
      return;
    }
    const [statements, unread] = [this.#statements, this.#unread];
    [this.#statements, this.#unread] = [[], []];
    this.#all(fields["body"], withoutValues(situation, assignedIn(fields, this.#variables)));
    const isDefining = this.#statements.length + this.#unread.length > 0;
    [this.#statements, this.#unread] = [statements, unread];
    if (isDefining)
      this.#leaveUnread("loop", "how often it runs, and for what, is known only when it runs", this.#lineStart(fields["lineno"]), 0);
  }

  /** The offset of a text of the block, which stands at or after a line and after what was found before. */
  #find(text: string, line: unknown): number {
    const from = Math.max(this.#at, this.#lineStart(line));
    const found = text === "" ? -1 : this.#text.indexOf(text, from);
    if (found < 0 || found > this.#body.end) return Math.min(from, this.#body.end);
    this.#at = found + text.length;
    return found;
  }

  #lineStart(line: unknown): number {
    return this.#body.start + (typeof line === "number" ? (this.#lineStarts[line - 1] ?? 0) : 0);
  }

  /** A span without length becomes that of its line. */
  #leaveUnread(what: string, reason: string, at: number, length: number): void {
    let start = at;
    let end = Math.min(at + length, this.#body.end);
    if (length === 0) {
      while (/\s/.test(this.#text.charAt(start)) && start < this.#body.end) start++;
      const lineEnd = this.#text.indexOf("\n", start);
      end = lineEnd < 0 ? this.#body.end : Math.min(lineEnd, this.#body.end);
    }
    const isKnown = this.#unread.some((one) => one.span.start === start && one.what === what);
    if (!isKnown) this.#unread.push({ what, reason, span: { start, end } });
  }
}

function assign(values: Map<string, string>, name: string, value: string | undefined): void {
  if (value === undefined) values.delete(name);
  else values.set(name, value);
}

function withoutValues(situation: Situation, names: ReadonlySet<string>): Situation {
  if (![...names].some((name) => situation.values.has(name))) return situation;
  return { ...situation, values: new Map([...situation.values].filter(([name]) => !names.has(name))) };
}

/** Variables that something inside may give another value. */
function assignedIn(fields: JsonRecord, variables: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting: unknown[] = [fields];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) waiting.push(...value);
    else if (isRecord(value)) {
      for (const key of ["varno", "dno"]) if (typeof value[key] === "number") names.add(variables[value[key]] ?? "");
      if (typeof value["refname"] === "string") names.add(value["refname"]);
      waiting.push(...Object.values(value));
    }
  }
  return names;
}

function testsOf(condition: string): readonly ExistenceTest[] | undefined {
  const tree = expressionTree(condition);
  return tree === undefined ? undefined : existenceTests(tree);
}

/** The situation under a condition. What only asks for absence guards like IF NOT EXISTS. */
function under(situation: Situation, tests: readonly ExistenceTest[] | undefined, condition: string): Situation {
  if (tests === undefined) return weaker(situation, /^\s*\(?\s*not\s+exists\b/i.test(condition) ? "ifMissing" : "conditional", []);
  return weaker(situation, tests.every((test) => !test.exists) ? "ifMissing" : "conditional", tests);
}

function weaker(situation: Situation, guard: "ifMissing" | "conditional", tests: readonly ExistenceTest[]): Situation {
  return { ...situation, guard: situation.guard === "conditional" ? "conditional" : guard, tests: [...situation.tests, ...tests] };
}

/** Whether statements end in leaving the block. */
function leaves(statements: unknown): boolean {
  const { tag, fields } = tagged(listOf(statements).at(-1));
  return tag === "PLpgSQL_stmt_return" || (tag === "PLpgSQL_stmt_exit" && fields["cond"] === undefined);
}

/** Conditions of handlers that mean: it is there already. By name or SQLSTATE. */
const duplicates = /^(?:duplicate_\w+|unique_violation|others|invalid_table_definition|42710|42P0[4567]|42701|42723|42P16|23505)$/i;

/** Whether an error that means "exists already" is caught and not raised again. */
function handlesDuplicates(exceptions: unknown): boolean {
  return listOf(tagged(exceptions).fields["exc_list"]).some((one) => {
    const { conditions, action } = tagged(one).fields;
    const isDuplicate = listOf(conditions).some((condition) => duplicates.test(String(tagged(condition).fields["condname"])));
    return isDuplicate && !listOf(action).some(raisesError);
  });
}

/** elog.h: ERROR is 21. */
function raisesError(statement: unknown): boolean {
  const { tag, fields } = tagged(statement);
  return tag === "PLpgSQL_stmt_raise" && (typeof fields["elog_level"] !== "number" || fields["elog_level"] >= 21);
}

/** Statements that change or read rows, not the schema. */
const rowStatements: ReadonlySet<string> = new Set(
  (
    "SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt CallStmt ExplainStmt LockStmt CopyStmt TruncateStmt NotifyStmt ListenStmt UnlistenStmt " +
    "ExecuteStmt PrepareStmt DeallocateStmt VacuumStmt ClusterStmt ReindexStmt CheckPointStmt DiscardStmt RefreshMatViewStmt TransactionStmt " +
    "ConstraintsSetStmt FetchStmt DeclareCursorStmt ClosePortalStmt LoadStmt"
  ).split(" "),
);

function definesObjects(tree: Node): boolean {
  return isRecord(tree) && !Object.keys(tree).every((tag) => rowStatements.has(tag));
}
