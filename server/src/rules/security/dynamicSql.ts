/**
 * Arguments that a PL/pgSQL body puts into the text of a statement it executes, as they are. Follows arguments into
 * variables that text is put together in; what is quoted, cast to a type that cannot hold SQL, or compared with a list
 * beforehand is safe. Never throws; what it does not understand it does not report.
 */
import { type SqlToken, sqlTokens } from "../../edits/sql/sqlText.ts";
import { memoised } from "../../model/memoised.ts";
import type { PgType, Routine } from "../../model/schema.ts";
import type { Span } from "../../text/span.ts";

export interface UnsafeArgument {
  readonly name: string;
  /** In the body. */
  readonly span: Span;
  /** Whether the argument itself is all that is executed. */
  readonly isWhole: boolean;
}

/** The first argument that gets into an EXECUTE unquoted; undefined when none does. */
export const unsafeArgument = memoised((routine: Routine): UnsafeArgument | undefined => {
  const { body, language } = routine;
  if (body === undefined || language !== "plpgsql" || !/\bexecute\b/i.test(body)) return undefined;
  const sources = textArguments(routine);
  if (sources.size === 0) return undefined;
  const tokens = sqlTokens(body, { start: 0, end: body.length });
  for (const name of sources.keys()) if (isChecked(tokens, name)) sources.delete(name);
  for (let i = 0; i < tokens.length; i++) {
    if (isAssignment(tokens, i)) {
      const target = tokens[i - 1]?.text ?? "";
      const end = endOfExpression(tokens, i + 2);
      const found = unsafeIn(tokens.slice(i + 2, end), sources);
      if (found === undefined) sources.delete(target);
      else sources.set(target, found.name);
      i = end;
    } else if (tokens[i]?.text === "EXECUTE" && !/^(?:FUNCTION|PROCEDURE|ON)$/.test(tokens[i + 1]?.text ?? "")) {
      const end = endOfExpression(tokens, i + 1);
      const found = unsafeIn(tokens.slice(i + 1, end), sources);
      if (found !== undefined) return found;
      i = end;
    }
  }
  return undefined;
});

/** By name in upper case, as tokens have it; what is written in quotes is left out. */
function textArguments({ argumentNames, argumentTypes }: Routine): Map<string, string> {
  const found = new Map<string, string>();
  for (const [i, name] of argumentNames.entries()) {
    const type = argumentTypes[i];
    if (name !== "" && name === name.toLowerCase() && type !== undefined && canHoldSql(type)) found.set(name.toUpperCase(), name);
  }
  return found;
}

function canHoldSql({ name, isArray }: PgType): boolean {
  return !isArray && (name === "text" || name === "varchar" || name === "bpchar" || name === "citext");
}

/** Whether the body compares the argument with a list or a pattern, and so may refuse what it does not know. */
function isChecked(tokens: readonly SqlToken[], name: string): boolean {
  return tokens.some((token, i) => {
    if (token.text !== name) return false;
    const [next, then] = [tokens[i + 1]?.text, tokens[i + 2]?.text];
    const isListed =
      (next === "NOT" && then === "IN") || next === "IN" || next === "~" || (next === "!" && then === "~") || next === "SIMILAR";
    return isListed || tokens[i - 1]?.text === "CASE";
  });
}

/** `name := …`; the two characters are two tokens. */
function isAssignment(tokens: readonly SqlToken[], at: number): boolean {
  return tokens[at]?.text === ":" && tokens[at + 1]?.text === "=";
}

/** Up to the end of the statement, or to what follows the text that EXECUTE runs. */
function endOfExpression(tokens: readonly SqlToken[], from: number): number {
  const end = Math.min(tokens.length, from + longest);
  let depth = 0;
  for (let i = from; i < end; i++) {
    const text = tokens[i]?.text ?? "";
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    if (text === ";" || (depth === 0 && /^(?:INTO|USING|LOOP)$/.test(text))) return i;
  }
  return end;
}

/** In tokens; a statement that is put together of more is not read to its end. */
const longest = 2000;

interface Call {
  /** The function's name in upper case; empty for plain parentheses. */
  readonly name: string;
  /** The specifiers of a format string that is written here, one an argument. */
  readonly specifiers: readonly string[] | undefined;
  argument: number;
}

function unsafeIn(tokens: readonly SqlToken[], sources: ReadonlyMap<string, string>): UnsafeArgument | undefined {
  const calls: Call[] = [];
  const isJoined = tokens.some((token, i) => (token.text === "|" && tokens[i + 1]?.text === "|") || /^CONCAT(?:_WS)?$/.test(token.text));
  for (const [i, token] of tokens.entries()) {
    if (token.text === "(") calls.push(callAt(tokens, i));
    else if (token.text === ")") calls.pop();
    else if (token.text === ",") {
      const call = calls.at(-1);
      if (call !== undefined) call.argument += 1;
    }
    const name = tokens[i - 1]?.text === "." || tokens[i + 1]?.text === "(" ? undefined : sources.get(token.text);
    if (name === undefined || isCastAway(tokens, i)) continue;
    const isAll = tokens.length === 1;
    if (isAll || isPutIn(calls, isJoined)) return { name, span: token.span, isWhole: isAll && token.text === name.toUpperCase() };
  }
  return undefined;
}

function callAt(tokens: readonly SqlToken[], open: number): Call {
  const name = /^[A-Z_]\w*$/.test(tokens[open - 1]?.text ?? "") ? (tokens[open - 1]?.text ?? "") : "";
  const format = name === "FORMAT" ? tokens[open + 1]?.text : undefined;
  return { name, specifiers: format === undefined || !/^(?:[eE]?'|\$)/.test(format) ? undefined : specifiersOf(format), argument: 0 };
}

/** What each argument of a format string becomes: `s` as it is, `I` a name, `L` a literal. */
function specifiersOf(format: string): readonly string[] {
  const found: string[] = [];
  let next = 0;
  for (const [, position, kind = ""] of format.matchAll(/%(?:(\d+)\$)?-?\d*([sIL%])/g)) {
    if (kind === "%") continue;
    const at = position === undefined ? next : Number(position) - 1;
    next = at + 1;
    // One use as it is makes the argument unsafe, whatever the others are.
    if (found[at] !== "s") found[at] = kind;
  }
  return found;
}

function isPutIn(calls: readonly Call[], isJoined: boolean): boolean {
  for (const { name, specifiers, argument } of calls.toReversed()) {
    if (name === "FORMAT") return specifiers?.[argument - 1] === "s";
    if (name !== "" && !passesOn.has(name)) return false;
  }
  return isJoined;
}

/** Functions whose result holds what they are given. */
const passesOn = new Set([
  "CONCAT",
  "CONCAT_WS",
  "LOWER",
  "UPPER",
  "TRIM",
  "BTRIM",
  "LTRIM",
  "RTRIM",
  "COALESCE",
  "REPLACE",
  "REPEAT",
  "INITCAP",
]);

/** `argument::regclass`, `::int`, `::uuid`: the cast fails for anything else. */
function isCastAway(tokens: readonly SqlToken[], at: number): boolean {
  if (tokens[at + 1]?.text !== ":" || tokens[at + 2]?.text !== ":") return false;
  return !/^(?:TEXT|VARCHAR|CHARACTER|CHAR)$/.test(tokens[at + 3]?.text ?? "");
}
