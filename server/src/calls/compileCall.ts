/**
 * A call of Prisma Client as the SQL that it sends: its statements in order, with what becomes of each value, and warnings
 * where Prisma reads more than it gives or works in Node's memory. Compiled from the schema's text alone, never executed.
 */
import type { Span } from "../text/span.ts";
import type { ArgumentEntry, Assumption, CallArgument, PrismaCall } from "./call.ts";
import { entryNamed } from "./call.ts";
import type { CallModels } from "./callModels.ts";
import type { CallStatement } from "./callStatement.ts";
import type { CompilerSchema, QueryCompiler } from "./queryCompiler.ts";
import { callRequest } from "./request.ts";
import { type InMemory, plannedStatements } from "./statements.ts";

export type CompiledCall =
  | {
      readonly ok: true;
      readonly statements: readonly CallStatement[];
      /** How many of them run, whatever the conditions of conditional ones come to. */
      readonly count: { readonly least: number; readonly most: number };
      readonly warnings: readonly CallWarning[];
      readonly assumptions: readonly Assumption[];
    }
  /** `span` is what is wrong in the file; the call's operation when it is the call as a whole. */
  | { readonly ok: false; readonly reason: string; readonly span: Span };

export interface CallWarning {
  readonly kind: "takeInMemory" | "cursorInMemory" | "distinctInMemory" | "joinedInMemory" | "manyParameters";
  /** Two sentences at most: what happens, and what helps. */
  readonly message: string;
  /** The part of the call that it is about. */
  readonly span: Span;
}

export interface CallSchema {
  readonly models: CallModels;
  readonly source: CompilerSchema;
}

export async function compileCall(compiler: QueryCompiler, schema: CallSchema, call: PrismaCall): Promise<CompiledCall> {
  const both = selectedTwice(call.argument);
  if (both !== undefined) return { ok: false, reason: `Prisma takes \`select\` or \`${both.name}\`, and not both.`, span: both.nameSpan };
  const { json, parameters, assumptions } = callRequest(call, schema.models);
  const reply = await compiler.compile(schema.source, json);
  if (reply.kind === "lost") return { ok: false, reason: reply.reason, span: call.nameSpan };
  if (reply.kind === "refused") {
    if (reply.about === "schema") return { ok: false, reason: `Prisma's query compiler does not take the schema: ${firstProblem(reply.reason)}`, span: call.nameSpan };
    return { ok: false, ...refusal(reply.reason, call) };
  }
  const { statements, count, inMemory } = plannedStatements(reply.plan, parameters);
  const warnings = [...inMemory.map((each) => inMemoryWarning(each, call)), ...joined(statements, call)];
  return { ok: true, statements, count, warnings, assumptions };
}

/** `include` or `omit` beside a `select`, here or in a relation: the client refuses it, and the compiler never sees it. */
function selectedTwice(argument: CallArgument): ArgumentEntry | undefined {
  if (argument.kind !== "object") return undefined;
  const select = entryNamed(argument, "select");
  const other = argument.entries.find(({ name, value }) => (name === "include" || name === "omit") && value.kind !== "absent");
  if (select !== undefined && select.value.kind !== "absent" && other !== undefined) return other;
  const inner = (select ?? entryNamed(argument, "include"))?.value;
  return inner?.kind === "object" ? inner.entries.map(({ value }) => selectedTwice(value)).find((found) => found !== undefined) : undefined;
}

function inMemoryWarning({ kind, what, relation }: InMemory, call: PrismaCall): CallWarning {
  const of = relation === undefined ? "" : ` of ${relation}`;
  switch (kind) {
    case "take":
      return relation === undefined
        ? warning("takeInMemory", `\`${what}\` is applied in Node's memory: the statement has no LIMIT and every row is read. Without \`distinct\` the database would stop by itself.`, placeOf(call, relation, ["take", "skip"]))
        : warning("takeInMemory", `\`${what}\`${of} is applied in Node's memory: all rows${of} of every row before are read. The preview feature relationJoins, or a query of its own, leaves it to the database.`, placeOf(call, relation, ["take", "skip"]));
    case "cursor":
      return warning("cursorInMemory", `\`${what}\`${of} is applied in Node's memory: every row from the cursor on is read. Order by what is unique and never null, or give a condition and \`take\` instead of \`cursor\`.`, placeOf(call, relation, ["cursor"]));
    case "distinct":
      return warning("distinctInMemory", `\`distinct\` on ${what}${of} is applied in Node's memory: every row is read. \`groupBy\`, or the preview feature nativeDistinct, leaves it to the database.`, placeOf(call, relation, ["distinct"]));
  }
}

/** Relations that are read by a list of the keys of all rows before. */
function joined(statements: readonly CallStatement[], call: PrismaCall): readonly CallWarning[] {
  const relations = statements.filter(({ role }) => role === "relation").flatMap(({ relation }) => relation ?? []);
  if (relations.length === 0) return [];
  const [main] = statements;
  const isOpen = call.operation === "findMany" && main !== undefined && !/\bLIMIT \$\d+/.test(main.sql);
  const place = placeOf(call, relations[0], []);
  const found = [warning("joinedInMemory", `${relations.join(", ")} ${relations.length === 1 ? "is" : "are"} read by ${relations.length === 1 ? "a statement of its own" : "statements of their own"}, once for all rows before, and joined in Node's memory.`, place)];
  if (isOpen) found.push(warning("manyParameters", "Nothing bounds the number of rows, and each row's key becomes a parameter: above 32,766 a relation is read in several statements.", place));
  return found;
}

function warning(kind: CallWarning["kind"], message: string, span: Span): CallWarning {
  return { kind, message, span };
}

/** The entry of one of these names in the relation's arguments, else what selects the relation, else the operation. */
function placeOf(call: PrismaCall, relation: string | undefined, names: readonly string[]): Span {
  let at: CallArgument = call.argument;
  let place = call.nameSpan;
  for (const name of relation?.split(".") ?? []) {
    const chosen = selected(at, name);
    if (chosen === undefined) return place;
    place = chosen.nameSpan;
    at = chosen.value;
  }
  for (const name of names) {
    const found = at.kind === "object" ? entryNamed(at, name) : undefined;
    if (found !== undefined) return found.nameSpan;
  }
  return place;
}

function selected(argument: CallArgument, name: string): ArgumentEntry | undefined {
  if (argument.kind !== "object") return undefined;
  const select = (entryNamed(argument, "include") ?? entryNamed(argument, "select"))?.value;
  return select?.kind === "object" ? entryNamed(select, name) : undefined;
}

/** The compiler's message in plain words, and the part of the call that it names. */
function refusal(message: string, call: PrismaCall): { readonly reason: string; readonly span: Span } {
  const path = /`((?:\w+\.)+\w+)`/.exec(message)?.[1]?.split(".") ?? [];
  const named = /argument type\. `(\w+)`/.exec(message)?.[1];
  const from = path[0]?.endsWith(call.model) === true ? path.slice(1) : path;
  const place = from.length > 0 ? follow(call.argument, from) : named === undefined ? undefined : find(call.argument, named);
  const last = path.at(-1) ?? named;
  if (/relationLoadStrategy/.test(message) || (/Argument does not exist in enclosing type/.test(message) && entryNamed(call.argument, "relationLoadStrategy") !== undefined))
    return { reason: "`relationLoadStrategy` is an argument only where the generator has previewFeatures = [\"relationJoins\"].", span: entryNamed(call.argument, "relationLoadStrategy")?.nameSpan ?? call.nameSpan };
  if (/Field does not exist in enclosing type/.test(message) && last !== undefined) return { reason: `${call.model}: ${from.join(".")} does not exist: \`${last}\` is no field or argument there.`, span: place ?? call.nameSpan };
  return { reason: plainReason(message), span: place ?? call.nameSpan };
}

function plainReason(message: string): string {
  const inner = /Parse errors: \[(.*)\]\s*$/s.exec(message)?.[1];
  const text = (inner ?? message).trim();
  return `Prisma refuses the call: ${/[.!?]$/.test(text) ? text : `${text}.`}`;
}

/** The deepest part of the argument on this path. */
function follow(argument: CallArgument, path: readonly string[]): Span | undefined {
  let at: CallArgument | undefined = argument;
  let place: Span | undefined;
  for (const name of path) {
    if (at?.kind === "list") {
      const index = /^\d+$/.test(name) ? Number(name) : 0;
      at = at.items[index];
      if (/^\d+$/.test(name)) continue;
    }
    const entry = at?.kind === "object" ? entryNamed(at, name) : undefined;
    if (entry === undefined) break;
    place = entry.nameSpan;
    at = entry.value;
  }
  return place;
}

/** The first entry of that name, at any depth. */
function find(argument: CallArgument, name: string): Span | undefined {
  if (argument.kind === "list") return argument.items.map((item) => find(item, name)).find((span) => span !== undefined);
  if (argument.kind !== "object") return undefined;
  for (const entry of argument.entries) {
    const span = entry.name === name ? entry.nameSpan : find(entry.value, name);
    if (span !== undefined) return span;
  }
  return undefined;
}

/** Of a message of many lines, what it is about. */
function firstProblem(message: string): string {
  const line = message.split("\n").find((each) => /error/i.test(each)) ?? message.split("\n")[0] ?? message;
  return line.replace(/\u001b\[[\d;]*m/g, "").trim();
}
