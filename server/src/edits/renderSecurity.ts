/**
 * Intents about rights and row-level security as edits: in the SQL that states what they change, as a statement behind
 * it, or as a new migration. Nothing of it can be said in a Prisma schema.
 */
import type { Origins, TextOrigin } from "../model/schema.ts";
import type { Edit, FileEdit } from "../text/edit.ts";
import { insertAt } from "./lines.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";
import { routineSetting, securityStatements } from "./sql/securityStatements.ts";
import type { SecurityIntent } from "./intents/securityIntent.ts";
import { addStatement } from "./sql/sqlPlaces.ts";
import { type Naming, qualifiedTable, sqlTable } from "./sql/sqlStatements.ts";
import { closingToken, endOfStatement, type SqlToken, sqlTokens } from "./sql/sqlText.ts";

/** What of `RenderContext` this needs. */
interface SqlContext {
  readText(uri: string): string | undefined;
  sqlPlacement(uri: string): { readonly kind: "inPlace" } | { readonly kind: "newMigration"; readonly uri: string };
}

export function renderSecurity(intent: SecurityIntent, context: SqlContext): readonly FileEdit[] | Refusal {
  const texts = statedAt(intent).flatMap((origin) => (origin.kind === "prisma" || origin.kind === "sql" ? [origin] : []));
  const [first] = texts;
  if (first === undefined) return refuse("What it changes is written in no file.");
  const last = first.kind === "prisma" ? first : (texts.findLast(({ kind }) => kind === "sql") ?? first);
  const placement = context.sqlPlacement(last.uri);
  if (placement.kind === "newMigration") {
    return [
      {
        kind: "create",
        uri: placement.uri,
        text: securityStatements(intent, sqlTable)
          .map((statement) => `${statement}\n`)
          .join(""),
      },
    ];
  }
  if (last.kind === "prisma") return refuse("Prisma has no words for it, and there is no migration to say it in.");
  const text = context.readText(last.uri);
  if (text === undefined) return refuse(`${last.uri} cannot be read.`);
  const isStatedOnce = texts.every((origin) => origin.kind !== "sql" || origin === last);
  const within = isStatedOnce ? editWithin(intent, text, last) : refuse("It is stated in several places.");
  const edits = isRefusal(within) ? statementsBehind(intent, text, last) : within;
  return [{ kind: "change", uri: last.uri, edits }];
}

function statedAt(intent: SecurityIntent): Origins {
  switch (intent.do) {
    case "setRowSecurity":
      return intent.table.origins;
    case "setPolicy":
      return intent.policy.origins;
    case "setViewOption":
      return intent.view.origins;
    case "setRoutineSetting":
      return intent.routine.origins;
    case "revoke":
      return intent.stated;
  }
}

/** The change inside the statement that makes the thing. */
function editWithin(intent: SecurityIntent, text: string, origin: TextOrigin): readonly Edit[] | Refusal {
  const tokens = sqlTokens(text, { start: origin.span.start, end: endOfStatement(text, origin.span.start) });
  if (tokens[0]?.text !== "CREATE") return refuse("It is not created here.");
  switch (intent.do) {
    case "setPolicy":
      return policyConditions(intent, tokens);
    case "setViewOption":
      return viewOption(intent, text, tokens, origin);
    case "setRoutineSetting":
      return settingOfRoutine(intent, tokens);
    default:
      return refuse("It is a statement of its own.");
  }
}

function policyConditions(
  { using, withCheck }: Extract<SecurityIntent, { do: "setPolicy" }>,
  tokens: readonly SqlToken[],
): readonly Edit[] | Refusal {
  const edits: Edit[] = [];
  const end = lastToken(tokens)?.span.end;
  const change = (value: string | undefined, words: readonly string[]): boolean => {
    if (value === undefined) return true;
    const open = openingBehind(tokens, words);
    const [from, to] = [tokens[open ?? -1], tokens[open === undefined ? -1 : (closingToken(tokens, open) ?? -1)]];
    if (from !== undefined && to !== undefined) edits.push({ span: { start: from.span.end, end: to.span.start }, text: value });
    else if (open === undefined && words[0] === "WITH" && end !== undefined) edits.push(insertAt(end, ` WITH CHECK (${value})`));
    else return false;
    return true;
  };
  return change(using, ["USING"]) && change(withCheck, ["WITH", "CHECK"]) ? edits : refuse("The policy's condition is not written here.");
}

/** The index of the parenthesis behind these words, outside of any other. */
function openingBehind(tokens: readonly SqlToken[], words: readonly string[]): number | undefined {
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (depth === 0 && words.every((word, k) => tokens[i + k]?.text === word) && tokens[i + words.length]?.text === "(") {
      return i + words.length;
    }
  }
  return undefined;
}

/** Joins the list of options behind the view's name and columns, or becomes it. */
function viewOption(
  { option, value }: Extract<SecurityIntent, { do: "setViewOption" }>,
  text: string,
  tokens: readonly SqlToken[],
  origin: TextOrigin,
): readonly Edit[] | Refusal {
  let at = tokens.findIndex(({ span }) => span.end === origin.nameSpan.end);
  if (at < 0) return refuse("The view's name is not written here.");
  if (tokens[at + 1]?.text === "(") at = closingToken(tokens, at + 1) ?? tokens.length;
  const [name, next] = [tokens[at], tokens[at + 1]];
  if (name === undefined || next === undefined) return refuse("The view is not written to its end yet.");
  if (next.text === "AS") return [insertAt(name.span.end, ` WITH (${option} = ${value})`)];
  const last = tokens[(closingToken(tokens, at + 2) ?? 0) - 1];
  if (next.text !== "WITH" || last === undefined || new RegExp(`\\b${option}\\b`, "i").test(text.slice(next.span.end, last.span.end))) {
    return refuse("The view's options are not written as a list here.");
  }
  return [insertAt(last.span.end, `, ${option} = ${value}`)];
}

/** Before the body, in the line of AS. */
function settingOfRoutine(
  intent: Extract<SecurityIntent, { do: "setRoutineSetting" }>,
  tokens: readonly SqlToken[],
): readonly Edit[] | Refusal {
  const body = tokens.findIndex(({ text }, i) => text === "AS" && /^(?:[eE]?'|\$)/.test(tokens[i + 1]?.text ?? ""));
  const as = tokens[body];
  return as === undefined ? refuse("The body is not written as a string.") : [insertAt(as.span.start, `${routineSetting(intent)} `)];
}

function statementsBehind(intent: SecurityIntent, text: string, origin: TextOrigin): readonly Edit[] {
  const naming = namingAt(text, origin, intent);
  const statement = securityStatements(intent, naming).join("\n");
  if (intent.do === "setRowSecurity") return addStatement(text, intent.table, origin.uri, statement);
  const end = endOfStatement(text, origin.span.start);
  return [...(text[end - 1] === ";" ? [] : [insertAt(end, ";")]), insertAt(end, `\n${statement}`)];
}

/** As the statement itself names what it is about: a dump qualifies every name. */
function namingAt(text: string, origin: TextOrigin, intent: SecurityIntent): Naming {
  const statement = sqlTokens(text, { start: origin.span.start, end: endOfStatement(text, origin.span.start) });
  if (intent.do !== "setPolicy" && intent.do !== "revoke") return text[origin.nameSpan.start - 1] === "." ? qualifiedTable : sqlTable;
  const on = statement.findIndex((token) => token.text === "ON");
  const isQualified = on >= 0 ? statement[on + 2]?.text === "." : text[origin.nameSpan.start - 1] === ".";
  return isQualified ? qualifiedTable : sqlTable;
}

function lastToken(tokens: readonly SqlToken[]): SqlToken | undefined {
  return tokens.at(-1)?.text === ";" ? tokens.at(-2) : tokens.at(-1);
}
