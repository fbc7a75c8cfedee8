/**
 * A statement in the parts that a plan speaks of: for each SELECT and the like, what it reads under which name, and where
 * its conditions, its order and its limits stand. Goes by tokens, so half-typed text gives fewer parts; never throws.
 */
import type { PlanSpan } from "../../../protocol/src/plan.ts";
import { Tokens } from "../sql/statementTokens.ts";

export interface QueryBlock {
  readonly parent: QueryBlock | undefined;
  /** 0 for the statement itself. */
  readonly depth: number;
  /** Of WITH. */
  readonly cte: string | undefined;
  readonly items: QueryItem[];
  readonly clauses: Map<ClauseName, PlanSpan>;
  /** What has to hold, one by one. */
  readonly conditions: QueryCondition[];
}

export type ClauseName = "head" | "targets" | "distinct" | "where" | "groupBy" | "having" | "window" | "orderBy" | "limit" | "lock" | "setOperation" | "cte";

/** Something that is read. */
export interface QueryItem {
  readonly block: QueryBlock;
  /** Undefined of a subquery. */
  readonly name: string | undefined;
  /** What the query calls it: its alias, else its name. */
  readonly alias: string;
  readonly span: PlanSpan;
  /** Of its JOIN. */
  on: PlanSpan | undefined;
}

export interface QueryCondition {
  readonly span: PlanSpan;
  /** Names in it, folded, without keywords. */
  readonly words: ReadonlySet<string>;
}

/** Levels of parentheses that are looked into. */
const deepest = 100;
const mostConditions = 400;

export function queryBlocks(text: string): readonly QueryBlock[] {
  const reader = new Reader(new Tokens(text));
  reader.read(0, reader.count, undefined, undefined);
  return reader.blocks;
}

/** Names in SQL or in a condition of a plan, folded as PostgreSQL folds them; strings and keywords left out. */
export function wordsIn(text: string): Set<string> {
  const words = new Set<string>();
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}_][\p{L}\d_$]*/gu)) {
    if (token.startsWith("'")) continue;
    const word = folded(token);
    if (!ignored.has(word)) words.add(word);
  }
  return words;
}

const ignored: ReadonlySet<string> = new Set(
  "and or not is null in any all exists between like ilike true false case when then else end as cast interval date timestamp timestamptz text integer int bigint numeric boolean uuid varying character time zone with without array on using now current_date current_timestamp coalesce lower upper subplan initplan hashed".split(" "),
);

const joinWords: ReadonlySet<string> = new Set(["JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL"]);
/** What begins a clause, and which. */
const clauseWords: ReadonlyMap<string, ClauseName | "from" | "select" | "with"> = new Map([
  ["WITH", "with"],
  ["SELECT", "select"],
  ["FROM", "from"],
  ["WHERE", "where"],
  ["GROUP", "groupBy"],
  ["HAVING", "having"],
  ["WINDOW", "window"],
  ["ORDER", "orderBy"],
  ["LIMIT", "limit"],
  ["OFFSET", "limit"],
  ["FETCH", "limit"],
  ["FOR", "lock"],
  ["UNION", "setOperation"],
  ["INTERSECT", "setOperation"],
  ["EXCEPT", "setOperation"],
  ["INSERT", "head"],
  ["UPDATE", "head"],
  ["DELETE", "head"],
  ["MERGE", "head"],
  ["SET", "targets"],
  ["RETURNING", "targets"],
  ["VALUES", "targets"],
]);

class Reader {
  readonly blocks: QueryBlock[] = [];
  readonly count: number;
  readonly #tokens: Tokens;
  #conditions = 0;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
    this.count = tokens.count;
  }

  /** The query in tokens `from` to `to`. */
  read(from: number, to: number, parent: QueryBlock | undefined, cte: string | undefined): void {
    let block = this.#open(parent, cte);
    let at = from;
    while (at < to) {
      const clause = this.#clauseAt(at);
      const end = this.#endOfClause(at + 1, to, clause);
      if (clause === "setOperation") {
        block.clauses.set("setOperation", this.#span(at, this.#upper(at + 1) === "ALL" ? at + 2 : at + 1));
        const next = this.#open(parent, cte);
        next.clauses.set("setOperation", this.#span(at, at + 1));
        block = next;
      } else this.#clause(clause, at, end, block);
      at = end;
    }
  }

  #open(parent: QueryBlock | undefined, cte: string | undefined): QueryBlock {
    const block: QueryBlock = { parent, depth: parent === undefined ? 0 : parent.depth + 1, cte, items: [], clauses: new Map(), conditions: [] };
    this.blocks.push(block);
    return block;
  }

  #clause(clause: ReturnType<typeof clauseWords.get>, at: number, end: number, block: QueryBlock): void {
    switch (clause) {
      case "with":
        return this.#ctes(at + 1, end, block);
      case "select":
        if (this.#upper(at + 1) === "DISTINCT") block.clauses.set("distinct", this.#span(at, at + 2));
        block.clauses.set("targets", this.#span(at, end));
        return this.#nested(at, end, block);
      case "from":
        return this.#from(at + 1, end, block);
      case "head":
        block.clauses.set("head", this.#span(at, end));
        return this.#head(at, end, block);
      case "where":
        block.clauses.set("where", this.#span(at, end));
        this.#split(at + 1, end, block);
        return this.#nested(at, end, block);
      case undefined:
        return this.#nested(at, end, block);
      default: {
        // LIMIT and OFFSET are one.
        const before = block.clauses.get(clause);
        const span = this.#span(at, end);
        if (!(clause === "targets" && before !== undefined)) block.clauses.set(clause, before === undefined ? span : { start: before.start, end: span.end });
        this.#nested(at, end, block);
      }
    }
  }

  /** The clause that begins with this token. GROUP stands in WITHIN GROUP as well, WITH in WITH ORDINALITY and in types. */
  #clauseAt(at: number): ReturnType<typeof clauseWords.get> {
    const word = this.#upper(at);
    const next = this.#upper(at + 1);
    switch (word) {
      case "GROUP":
      case "ORDER":
        return next === "BY" ? clauseWords.get(word) : undefined;
      case "WITH":
        return /^(?:ORDINALITY|TIES|TIME|UNIQUE)$/.test(next) ? undefined : clauseWords.get(word);
      default:
        return clauseWords.get(word);
    }
  }

  /** The next token at this level that begins another clause. */
  #endOfClause(from: number, to: number, clause: ReturnType<typeof clauseWords.get>): number {
    let at = from;
    // DISTINCT FROM, EXTRACT(… FROM …) and FOR in functions stand in parentheses or behind words of their own.
    while (at < to) {
      const word = this.#upper(at);
      const begins = this.#clauseAt(at);
      const isOperator = word === "FROM" && this.#upper(at - 1) === "DISTINCT" && clause !== "select";
      const isOfHead = clause === "head" && (word === "FROM" || word === "UPDATE") && at === from;
      const isOfLock = clause === "lock" && word === "UPDATE";
      const isOfConflict = clause !== "head" && clause !== "targets" ? false : word === "UPDATE" && this.#upper(at - 1) === "DO";
      const isName = this.#tokens.textOf(at - 1) === "." || this.#upper(at - 1) === "AS";
      if (begins !== undefined && !isOperator && !isOfHead && !isOfLock && !isOfConflict && !isName) return at;
      at = this.#past(at);
    }
    return to;
  }

  #ctes(from: number, to: number, block: QueryBlock): void {
    let name: string | undefined;
    let start = from;
    for (let at = from; at < to; at = this.#past(at)) {
      const word = this.#tokens.textOf(at);
      if (word === "(") {
        const close = this.#tokens.closing(at);
        if (this.#upper(at - 1) === "AS" || this.#upper(at - 1) === "MATERIALIZED") {
          const before = this.blocks.length;
          if (block.depth < deepest) this.read(at + 1, close, block, name);
          this.blocks[before]?.clauses.set("cte", this.#span(start, close + 1));
        }
      } else if (word === "," || at === from) {
        start = word === "," ? at + 1 : at;
        if (this.#upper(start) === "RECURSIVE") start++;
        name = folded(this.#tokens.textOf(start));
      }
    }
  }

  /** Subqueries among the tokens. */
  #nested(from: number, to: number, block: QueryBlock): void {
    if (block.depth >= deepest) return;
    const open = [{ at: from, to }];
    for (let range = open.pop(); range !== undefined; range = open.pop()) {
      for (let at = range.at; at < range.to; at = this.#past(at)) {
        if (this.#tokens.textOf(at) !== "(") continue;
        const close = Math.min(this.#tokens.closing(at), range.to);
        if (/^(?:SELECT|WITH|VALUES)$/.test(this.#upper(at + 1))) this.read(at + 1, close, block, undefined);
        else open.push({ at: at + 1, to: close });
      }
    }
  }

  #from(from: number, to: number, block: QueryBlock): void {
    let at = from;
    while (at < to) {
      const word = this.#upper(at);
      if (word === "," || joinWords.has(word) || word === "OUTER" || word === "LATERAL" || word === "ONLY") {
        at++;
        continue;
      }
      if (word === "ON" || word === "USING") {
        const end = this.#endOfItem(at + 1, to, true);
        const item = block.items.at(-1);
        if (item !== undefined) item.on = this.#span(at, end);
        this.#split(at + 1, end, block);
        this.#nested(at, end, block);
        at = Math.max(end, at + 1);
        continue;
      }
      const end = Math.max(this.#endOfItem(at, to, false), at + 1);
      this.#item(at, end, block);
      at = end;
    }
  }

  #endOfItem(from: number, to: number, isCondition: boolean): number {
    let at = from;
    while (at < to) {
      const word = this.#upper(at);
      // LEFT and RIGHT are functions as well.
      const isJoin = joinWords.has(word) && this.#tokens.textOf(at + 1) !== "(";
      if (isJoin || word === "," || (!isCondition && (word === "ON" || word === "USING") && at > from)) return at;
      at = this.#past(at);
    }
    return to;
  }

  #item(from: number, to: number, block: QueryBlock): void {
    const isGroup = this.#tokens.textOf(from) === "(";
    const close = isGroup ? this.#tokens.closing(from) : from;
    if (isGroup && !/^(?:SELECT|WITH|VALUES)$/.test(this.#upper(from + 1))) return this.#from(from + 1, Math.min(close, to), block); // joins in parentheses
    let last = close;
    if (!isGroup) while (this.#tokens.textOf(last + 1) === "." && last + 2 < to) last += 2;
    const name = isGroup ? undefined : folded(this.#tokens.textOf(last));
    if (this.#tokens.textOf(last + 1) === "(" && last + 1 < to && !isGroup) last = Math.min(this.#tokens.closing(last + 1), to - 1);
    if (this.#upper(last + 1) === "WITH" && this.#upper(last + 2) === "ORDINALITY") last += 2;
    const hasAs = this.#upper(last + 1) === "AS";
    const aliasAt = last + (hasAs ? 2 : 1);
    const alias = aliasAt < to && /^["\p{L}_]/u.test(this.#tokens.textOf(aliasAt)) ? folded(this.#tokens.textOf(aliasAt)) : undefined;
    block.items.push({ block, name, alias: alias ?? name ?? "", span: this.#span(from, alias === undefined ? last + 1 : aliasAt + 1), on: undefined });
    this.#nested(from, to, block);
  }

  /** `INSERT INTO t`, `UPDATE t AS x`, `DELETE FROM t x USING y`. */
  #head(from: number, to: number, block: QueryBlock): void {
    const isTwoWords = this.#upper(from) !== "UPDATE";
    const at = from + (isTwoWords ? 2 : 1) + (this.#upper(from + (isTwoWords ? 2 : 1)) === "ONLY" ? 1 : 0);
    if (at < to) this.#from(at, to, block);
  }

  /** At AND, in parentheses around the whole as well; what OR joins stays together. */
  #split(from: number, to: number, block: QueryBlock): void {
    const open = [{ from, to }];
    for (let range = open.pop(); range !== undefined; range = open.pop()) {
      for (const part of this.#conjuncts(range.from, range.to)) {
        const isGroup = this.#tokens.textOf(part.from) === "(" && this.#tokens.closing(part.from) === part.to - 1 && !/^(?:SELECT|WITH|VALUES)$/.test(this.#upper(part.from + 1));
        if (isGroup && this.#conjuncts(part.from + 1, part.to - 1).length > 1) open.push({ from: part.from + 1, to: part.to - 1 });
        else if (this.#conditions++ < mostConditions) {
          const span = this.#span(part.from, part.to);
          block.conditions.push({ span, words: wordsIn(this.#tokens.text.slice(span.start, span.end)) });
        }
      }
    }
  }

  #conjuncts(from: number, to: number): readonly { readonly from: number; readonly to: number }[] {
    const parts: { readonly from: number; readonly to: number }[] = [];
    let start = from;
    let isRange = false;
    let cases = 0;
    for (let at = from; at < to; at = this.#past(at)) {
      const word = this.#upper(at);
      if (word === "CASE") cases++;
      else if (word === "END") cases--;
      if (cases > 0) continue;
      if (word === "OR") return [{ from, to }];
      if (word === "BETWEEN") isRange = true;
      if (word !== "AND") continue;
      if (!isRange) {
        if (at > start) parts.push({ from: start, to: at });
        start = at + 1;
      }
      isRange = false;
    }
    if (to > start) parts.push({ from: start, to });
    return parts;
  }

  /** The token behind this one, or behind the parenthesis that opens here. */
  #past(at: number): number {
    return this.#tokens.textOf(at) === "(" ? Math.max(this.#tokens.closing(at), at) + 1 : at + 1;
  }

  #upper(at: number): string {
    return at < 0 ? "" : this.#tokens.textOf(at).toUpperCase();
  }

  #span(from: number, to: number): PlanSpan {
    return { start: this.#tokens.start(from), end: this.#tokens.end(Math.max(from, to - 1)) };
  }
}

/** As PostgreSQL folds a name. */
function folded(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
