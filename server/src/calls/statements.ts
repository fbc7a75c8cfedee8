/**
 * The statements of a compiled call, in the order in which Prisma Client sends them, and what it does itself between
 * them: joining, and cutting down what it has read. The plan is the query compiler's; what is unknown in it is passed over.
 */
import type { CallStatement } from "./callStatement.ts";
import { isObject, type JsonObject, listIn, textIn } from "./json.ts";
import type { Parameters } from "./parameters.ts";
import { renderSql } from "./renderSql.ts";

/** What Prisma Client does in Node's memory that the database could do. */
export interface InMemory {
  readonly kind: "take" | "distinct" | "cursor";
  /** `take`, `skip`, a cursor or the fields that are told apart. */
  readonly what: string;
  /** Counted from 0: whose rows are all read. */
  readonly statement: number;
  readonly relation: string | undefined;
}

export interface PlannedStatements {
  readonly statements: readonly CallStatement[];
  /** How many of them run, whatever conditions come to. */
  readonly count: { readonly least: number; readonly most: number };
  readonly inMemory: readonly InMemory[];
}

export function plannedStatements(plan: unknown, parameters: Parameters): PlannedStatements {
  const walker = new PlanWalker(parameters);
  walker.walk(plan, { relation: undefined, isConditional: false, isInTransaction: false });
  return walker.finish();
}

interface Around {
  readonly relation: string | undefined;
  readonly isConditional: boolean;
  readonly isInTransaction: boolean;
}

/** What a name in the plan stands for: rows of a statement, or one of their columns. */
interface Bound {
  readonly statement: number | undefined;
  readonly column: string | undefined;
  readonly isSingle: boolean;
}

type Draft = Omit<CallStatement, "role"> & { readonly isWrite: boolean };

class PlanWalker {
  readonly #parameters: Parameters;
  readonly #drafts: Draft[] = [];
  readonly #inMemory: InMemory[] = [];
  readonly #bound = new Map<string, Bound>();
  #count = { least: 0, most: 0 };

  constructor(parameters: Parameters) {
    this.#parameters = parameters;
  }

  finish(): PlannedStatements {
    const firstWrite = this.#drafts.findIndex((draft) => draft.isWrite);
    const lastWrite = this.#drafts.findLastIndex((draft) => draft.isWrite);
    const statements = this.#drafts.map(({ isWrite, ...draft }, i): CallStatement => {
      const reads = draft.relation !== undefined ? "relation" : firstWrite < 0 ? "rows" : i < lastWrite ? "lookup" : "readBack";
      return { ...draft, role: isWrite ? "write" : reads };
    });
    return { statements, count: this.#count, inMemory: this.#inMemory };
  }

  walk(node: unknown, around: Around): void {
    if (Array.isArray(node)) for (const item of node) this.walk(item, around);
    if (!isObject(node)) return;
    const args = node["args"];
    switch (node["type"]) {
      case "query":
      case "execute":
        return this.#statement(args, around);
      case "let":
        return this.#let(args, around);
      case "join":
        return this.#join(args, around);
      case "transaction":
        return this.walk(args, { ...around, isInTransaction: true });
      case "if":
        return this.#if(args, around);
      case "process":
        return this.#process(args, around);
      case "value":
      case "get":
        return;
      default:
        return this.#inner(args, around);
    }
  }

  /** Of a node that only passes on: `seq`, `unique`, `dataMap`, `validate` and the like. */
  #inner(args: unknown, around: Around): void {
    if (Array.isArray(args)) return this.walk(args, around);
    if (!isObject(args)) return;
    if ("type" in args) return this.walk(args, around);
    for (const name of ["expr", "records", "from", "to"]) this.walk(args[name], around);
  }

  #if(args: unknown, around: Around): void {
    if (!isObject(args)) return;
    this.walk(args["value"], around);
    const before = this.#count;
    const [yes, no] = ["then", "else"].map((branch) => {
      this.#count = { least: 0, most: 0 };
      this.walk(args[branch], { ...around, isConditional: true });
      return this.#count;
    });
    this.#count = {
      least: before.least + Math.min(yes?.least ?? 0, no?.least ?? 0),
      most: before.most + Math.max(yes?.most ?? 0, no?.most ?? 0),
    };
  }

  #let(args: unknown, around: Around): void {
    if (!isObject(args)) return;
    for (const binding of listIn(args["bindings"])) {
      if (!isObject(binding)) continue;
      const before = this.#drafts.length;
      this.walk(binding["expr"], around);
      const name = textIn(binding["name"]);
      if (name !== undefined) this.#bound.set(name, this.#boundTo(binding["expr"], before));
    }
    this.walk(args["expr"], around);
  }

  #boundTo(expression: unknown, before: number): Bound {
    const made = this.#drafts.length - before;
    const node = isObject(expression) ? expression : {};
    const args = isObject(node["args"]) ? node["args"] : {};
    switch (node["type"]) {
      case "mapField":
        return { ...this.#boundTo(args["records"], before), column: textIn(args["field"]) };
      case "get": {
        const known = this.#bound.get(textIn(args["name"]) ?? "");
        return known ?? { statement: undefined, column: undefined, isSingle: false };
      }
      case "unique":
      case "required":
      case "validate":
      case "process":
      case "reverse": {
        const inner = this.#boundTo("type" in args ? args : args["expr"], before);
        return node["type"] === "unique" ? { ...inner, isSingle: true } : inner;
      }
      default:
        return { statement: made === 0 ? undefined : this.#drafts.length - 1, column: undefined, isSingle: false };
    }
  }

  #join(args: unknown, around: Around): void {
    if (!isObject(args)) return;
    this.walk(args["parent"], around);
    for (const child of listIn(args["children"])) {
      if (!isObject(child)) continue;
      const field = (textIn(child["parentField"]) ?? "").replace(/^@nested\$/, "");
      this.walk(child["child"], { ...around, relation: around.relation === undefined ? field : `${around.relation}.${field}` });
    }
  }

  #process(args: unknown, around: Around): void {
    const first = this.#drafts.length;
    this.#inner(args, around);
    const operations = isObject(args) ? args["operations"] : undefined;
    if (isObject(operations)) this.#note(operations, first, around.relation);
  }

  #note(operations: JsonObject, statement: number, relation: string | undefined): void {
    const { pagination, distinct, nested } = operations;
    if (isObject(pagination)) {
      const parts = ["take", "skip"].flatMap((name) => (pagination[name] === null || pagination[name] === undefined ? [] : [`${name}: ${this.#told(pagination[name])}`]));
      if (isObject(pagination["cursor"])) this.#inMemory.push({ kind: "cursor", what: ["cursor", ...parts].join(", "), statement, relation });
      else if (parts.length > 0) this.#inMemory.push({ kind: "take", what: parts.join(", "), statement, relation });
    }
    const fields = listIn(distinct).map(String);
    if (fields.length > 0) this.#inMemory.push({ kind: "distinct", what: fields.join(", "), statement, relation });
    // In one statement with its relations joined, operations of a relation stand inside those of its parent.
    if (isObject(nested)) {
      for (const [name, inner] of Object.entries(nested)) if (isObject(inner)) this.#note(inner, statement, relation === undefined ? name : `${relation}.${name}`);
    }
  }

  #told(value: unknown): string {
    const source = this.#parameters.standsFor(String(value));
    return source?.kind === "runtime" ? source.text : String(value);
  }

  #statement(args: unknown, around: Around): void {
    if (!isObject(args)) return;
    const rendered = renderSql(args, this.#parameters, (name) => this.#bound.get(name));
    if (rendered === undefined) return;
    this.#drafts.push({ ...rendered, ...around, isWrite: !/^\s*(?:SELECT|WITH)\b/i.test(rendered.sql) });
    this.#count = { least: this.#count.least + 1, most: this.#count.most + 1 };
  }
}
