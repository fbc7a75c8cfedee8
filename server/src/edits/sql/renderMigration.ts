/**
 * Intents about migrations as edits of their text. What has to run in a transaction of its own goes into new files, in
 * the order in which they have to run; the file itself keeps the rest.
 */
import { sqlIdentifier } from "../../model/names.ts";
import type { Origins, TextOrigin } from "../../model/schema.ts";
import type { Edit, FileEdit } from "../../text/edit.ts";
import { quoteLiteral } from "../../text/quoteLiteral.ts";
import type { Span } from "../../text/span.ts";
import type { MigrationIntent, NamedTable } from "../intents/migrationIntent.ts";
import { indentAt, insertAt, removeWithLines, startOfLine } from "../lines.ts";
import { refuse, type Refusal } from "../refusal.ts";
import { sqlTable } from "./sqlStatements.ts";
import { endOfStatement, findToken, type SqlToken, sqlTokens } from "./sqlText.ts";

/** What of `RenderContext` this needs. */
interface TextContext {
  readText(uri: string): string | undefined;
  sqlPlacement(uri: string): { readonly kind: "inPlace" } | { readonly kind: "newMigration"; readonly uri: string };
}

export function renderMigration(intent: MigrationIntent, context: TextContext): readonly FileEdit[] | Refusal {
  const origin = textOrigin(intent.do === "renameInstead" ? intent.dropped : intent.at);
  const text = origin === undefined ? undefined : context.readText(origin.uri);
  if (origin === undefined || text === undefined) return refuse("The migration cannot be read.");
  const statement = { origin, text, tokens: sqlTokens(text, origin.span), context };
  switch (intent.do) {
    case "runConcurrently": {
      const concurrent = withConcurrently(statement);
      if (typeof concurrent !== "string") return concurrent;
      return intent.isApart ? moved(statement, [concurrent]) : replaced(statement, concurrent);
    }
    case "moveApart":
      return moved(statement, [sliceOf(statement)]);
    case "validateLater":
      return validateLater(statement, intent);
    case "useIndex":
      return useIndex(statement, intent);
    case "proveNotNull":
      return proveNotNull(statement, intent);
    case "defaultLater":
      return defaultLater(statement, intent);
    case "setParameter":
      return edited(origin, [above(statement, `${setting(intent)};`)]);
    case "replaceParameter":
      return replaced(statement, setting(intent));
    case "moveBefore":
      return moveBefore(statement, intent.before);
    case "swapPrimaryKey":
      return swapPrimaryKey(statement, intent);
    case "allowRepetition":
      return edited(origin, intent.statements.flatMap((at) => repeatable(text, textOrigin(at), origin.uri)));
    case "markIrreversible":
      return edited(origin, [above(statement, "-- irreversible: say why nobody needs what is lost")]);
    case "requireEmpty":
      return edited(origin, [above(statement, emptinessCheck(intent))]);
    case "dropInvalidFirst":
      return dropInvalidFirst(statement, intent.index);
    case "leaveView":
      return edited(origin, behind(text, origin.span, [`CREATE VIEW ${sqlTable(intent.view)} AS SELECT * FROM ${sqlTable(intent.table)};`]));
    case "keepIndex":
    case "removeStatement":
      return edited(origin, [removal(statement)]);
    case "renameInstead":
      return renameInstead(statement, intent);
  }
}

interface Statement {
  readonly origin: TextOrigin;
  readonly text: string;
  readonly tokens: readonly SqlToken[];
  readonly context: TextContext;
}

type IntentTo<Kind extends MigrationIntent["do"]> = Extract<MigrationIntent, { do: Kind }>;

function setting({ isLocal, name, value }: IntentTo<"setParameter" | "replaceParameter">): string {
  return `SET ${isLocal ? "LOCAL " : ""}${name} = ${quoteLiteral(value)}`;
}

/** Whole lines over the statement. */
function above({ text, origin: { span } }: Statement, lines: string): Edit {
  const start = startOfLine(text, span.start);
  const isAlone = text.slice(start, span.start).trim() === "";
  return isAlone ? insertAt(behindComments(text, start), `${lines}\n`) : insertAt(span.start, `${lines}\n`);
}

function dropInvalidFirst(statement: Statement, index: NamedTable): readonly FileEdit[] | Refusal {
  const { tokens, origin } = statement;
  const at = findToken(tokens, "IF", "NOT") ?? -1;
  const [before, last] = [tokens[at - 1], tokens[at + 2]];
  if (before === undefined || last?.text !== "EXISTS") return refuse("IF NOT EXISTS is not written here.");
  return edited(origin, [above(statement, `DROP INDEX CONCURRENTLY IF EXISTS ${sqlTable(index)};`), { span: { start: before.span.end, end: last.span.end }, text: "" }]);
}

function moveBefore(statement: Statement, before: Origins): readonly FileEdit[] | Refusal {
  const target = textOrigin(before);
  if (target === undefined || target.uri !== statement.origin.uri || target.span.start >= statement.origin.span.start) return refuse("It stands in front of it already.");
  return edited(statement.origin, [above({ ...statement, origin: target }, `${sliceOf(statement)};`), removal(statement)]);
}

/** Above the comment that a generator wrote over the statement. */
function behindComments(text: string, start: number): number {
  const above = startOfLine(text, Math.max(0, start - 1));
  return start > 0 && /^-- \w+\s*$/.test(text.slice(above, start)) ? above : start;
}

function withConcurrently(statement: Statement): string | Refusal {
  const { tokens, text, origin } = statement;
  const [first, , third] = tokens;
  const at =
    first?.text === "CREATE" || first?.text === "DROP"
      ? tokens[findToken(tokens, "INDEX") ?? -1]
      : first?.text === "REINDEX"
        ? tokens[tokens.findIndex(({ text: word }) => ["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"].includes(word))]
        : first?.text === "REFRESH"
          ? third
          : tokens.at(-1);
  if (at === undefined) return refuse("The statement is not written in a form that can run concurrently.");
  // `CREATE INDEX ON t` has no place for IF NOT EXISTS, and PostgreSQL needs none: it makes up a name.
  return `${text.slice(origin.span.start, at.span.end)} CONCURRENTLY${text.slice(at.span.end, origin.span.end)}`;
}

function validateLater(statement: Statement, { table, name, isApart }: IntentTo<"validateLater">): readonly FileEdit[] | Refusal {
  const { origin, text } = statement;
  const end = (origin.parts?.["command"] ?? origin.span).end;
  const validate = `ALTER TABLE ${sqlTable(table)} VALIDATE CONSTRAINT ${sqlIdentifier(name)};`;
  const notValid = insertAt(end, " NOT VALID");
  if (isApart) return [...edited(origin, [notValid]), ...files(statement, [[validate]])];
  return edited(origin, [notValid, ...behind(text, origin.span, [validate])]);
}

function useIndex(statement: Statement, intent: IntentTo<"useIndex">): readonly FileEdit[] | Refusal {
  if (!isSingle(statement)) return refuse("It stands among other commands of one ALTER TABLE: give it a statement of its own first.");
  const { table, name, columns, kind, isApart } = intent;
  const index = `CREATE UNIQUE INDEX CONCURRENTLY ${sqlIdentifier(name)} ON ${sqlTable(table)} (${columns.map(sqlIdentifier).join(", ")});`;
  const constraint = kind === "unique" ? "UNIQUE" : "PRIMARY KEY";
  const use = `ALTER TABLE ${sqlTable(table)} ADD CONSTRAINT ${sqlIdentifier(name)} ${constraint} USING INDEX ${sqlIdentifier(name)};`;
  if (isApart) return moved(statement, [index], [use]);
  return replaced(statement, `${index}\n${use.slice(0, -1)}`);
}

function proveNotNull(statement: Statement, { table, column, isApart }: IntentTo<"proveNotNull">): readonly FileEdit[] | Refusal {
  if (!isSingle(statement)) return refuse("It stands among other commands of one ALTER TABLE: give it a statement of its own first.");
  const check = sqlIdentifier(`${table.name}_${column}_not_null`);
  const alter = `ALTER TABLE ${sqlTable(table)}`;
  const add = `${alter} ADD CONSTRAINT ${check} CHECK (${sqlIdentifier(column)} IS NOT NULL) NOT VALID`;
  const rest = [
    `${alter} VALIDATE CONSTRAINT ${check};`,
    `${alter} ALTER COLUMN ${sqlIdentifier(column)} SET NOT NULL;`,
    `${alter} DROP CONSTRAINT ${check};`,
  ];
  if (isApart) return [...replaced(statement, add), ...files(statement, [rest])];
  return replaced(statement, `${add};\n${rest.join("\n").slice(0, -1)}`);
}

function defaultLater(statement: Statement, { table, column }: IntentTo<"defaultLater">): readonly FileEdit[] | Refusal {
  const { origin, text } = statement;
  const command = origin.parts?.["command"];
  const tokens = command === undefined ? [] : sqlTokens(text, command);
  const at = findToken(tokens, "DEFAULT");
  const [keyword, before] = [tokens[at ?? -1], tokens[(at ?? 0) - 1]];
  if (command === undefined || keyword === undefined || before === undefined) return refuse("The default is not written here.");
  const others = tokens.slice((at ?? 0) + 1);
  const next = others.find((token) => clauseWords.has(token.text) && depthAt(others, token) === 0);
  const end = next === undefined ? command.end : (others[others.indexOf(next) - 1]?.span.end ?? command.end);
  if (next !== undefined) return refuse("The column has other clauses: a backfill has to come before them.");
  const value = text.slice(keyword.span.end, end).trim();
  const set = `ALTER TABLE ${sqlTable(table)} ALTER COLUMN ${sqlIdentifier(column)} SET DEFAULT ${value};`;
  return edited(origin, [{ span: { start: before.span.end, end }, text: "" }, ...behind(text, origin.span, [set])]);
}

const clauseWords: ReadonlySet<string> = new Set(["NOT", "NULL", "CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "REFERENCES", "COLLATE"]);

function depthAt(tokens: readonly SqlToken[], at: SqlToken): number {
  let depth = 0;
  for (const token of tokens) {
    if (token === at) break;
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
  }
  return depth;
}

function renameInstead(statement: Statement, { table, from, to, added }: IntentTo<"renameInstead">): readonly FileEdit[] | Refusal {
  const other = textOrigin(added);
  const alter = `ALTER TABLE ${sqlTable(table)} RENAME COLUMN ${sqlIdentifier(from)} TO ${sqlIdentifier(to)}`;
  if (other === undefined || other.uri !== statement.origin.uri) return refuse("Both must stand in one file.");
  if (other.span.start === statement.origin.span.start)
    return commandsOf(statement) === 2 ? replaced(statement, alter) : refuse("They stand among other commands of one ALTER TABLE.");
  const second = { ...statement, origin: other, tokens: sqlTokens(statement.text, other.span) };
  if (!isSingle(statement) || !isSingle(second)) return refuse("They stand among other commands of one ALTER TABLE.");
  return edited(statement.origin, [{ span: statement.origin.span, text: alter }, removal(second)]);
}

function swapPrimaryKey(statement: Statement, { table, dropped, name, columns, added, isApart }: IntentTo<"swapPrimaryKey">): readonly FileEdit[] | Refusal {
  const other = textOrigin(added);
  if (other === undefined || other.uri !== statement.origin.uri) return refuse("Both must stand in one file.");
  const second = { ...statement, origin: other, tokens: sqlTokens(statement.text, other.span) };
  const isOne = other.span.start === statement.origin.span.start;
  if (isOne ? commandsOf(statement) !== 2 : !isSingle(statement) || !isSingle(second)) return refuse("They stand among other commands of one ALTER TABLE: give them a statement of their own first.");
  if (findToken(statement.tokens, "CASCADE") !== undefined) return refuse("CASCADE drops foreign keys too: drop them by name first.");
  const built = `${name.slice(0, 59)}_new`;
  const index = `CREATE UNIQUE INDEX CONCURRENTLY ${sqlIdentifier(built)} ON ${sqlTable(table)} (${columns.map(sqlIdentifier).join(", ")});`;
  const swap = `ALTER TABLE ${sqlTable(table)} DROP CONSTRAINT ${sqlIdentifier(dropped)}, ADD CONSTRAINT ${sqlIdentifier(name)} PRIMARY KEY USING INDEX ${sqlIdentifier(built)};`;
  const removals = isOne ? [] : [removal(second)];
  if (isApart) return [...edited(statement.origin, [removal(statement), ...removals]), ...files(statement, [[index], [swap]])];
  return edited(statement.origin, [{ span: statement.origin.span, text: `${index}\n${swap.slice(0, -1)}` }, ...removals]);
}

const madeKinds: ReadonlySet<string> = new Set(["TABLE", "INDEX", "SEQUENCE", "SCHEMA", "EXTENSION", "VIEW"]);
const droppedKinds: ReadonlySet<string> = new Set([...madeKinds, "TYPE", "DOMAIN", "FUNCTION", "TRIGGER", "POLICY"]);

/** IF EXISTS or IF NOT EXISTS where the statement, or each of its commands, may say so. */
function repeatable(text: string, origin: TextOrigin | undefined, uri: string): readonly Edit[] {
  if (origin === undefined || origin.uri !== uri) return [];
  const tokens = sqlTokens(text, origin.span);
  const [first, second] = tokens.map((token) => token.text);
  const behindToken = (at: number, words: string): readonly Edit[] => {
    const token = tokens[at];
    return token === undefined || tokens[at + 1]?.text === "IF" ? [] : [insertAt(token.span.end, ` ${words}`)];
  };
  if (first === "CREATE") return behindToken(tokens.findIndex((token) => madeKinds.has(token.text)), "IF NOT EXISTS");
  if (first === "DROP") {
    const kind = tokens.findIndex((token) => droppedKinds.has(token.text));
    return behindToken(tokens[kind + 1]?.text === "CONCURRENTLY" ? kind + 1 : kind, "IF EXISTS");
  }
  if (first !== "ALTER") return [];
  if (second === "TYPE") return behindToken(findToken(tokens, "VALUE") ?? -1, "IF NOT EXISTS");
  return commandStarts(tokens).flatMap((at) => {
    const [command, what = ""] = tokens.slice(at, at + 2).map((token) => token.text);
    if (command === "ADD" && !constraintWords.has(what)) return behindToken(what === "COLUMN" ? at + 1 : at, "IF NOT EXISTS");
    if (command === "DROP") return behindToken(what === "COLUMN" || what === "CONSTRAINT" ? at + 1 : at, "IF EXISTS");
    return [];
  });
}

const constraintWords: ReadonlySet<string> = new Set(["CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "EXCLUDE"]);

/** The first tokens of the commands of ALTER TABLE. */
function commandStarts(tokens: readonly SqlToken[]): readonly number[] {
  let at = 2;
  if (tokens[at]?.text === "IF") at += 2;
  if (tokens[at]?.text === "ONLY") at++;
  at++;
  while (tokens[at]?.text === ".") at += 2;
  if (tokens[at]?.text === "*") at++;
  const starts = [at];
  let depth = 0;
  for (const [i, { text }] of tokens.entries()) {
    if (text === "(") depth++;
    else if (text === ")") depth--;
    else if (text === "," && depth === 0) starts.push(i + 1);
  }
  return starts;
}

function emptinessCheck({ table, column }: IntentTo<"requireEmpty">): string {
  const held = column === undefined ? "" : ` WHERE ${sqlIdentifier(column)} IS NOT NULL`;
  const what = `${[table.name, ...(column === undefined ? [] : [column])].join(".")} still holds ${column === undefined ? "rows" : "values"}`;
  let tag = "$$";
  for (let i = 1; [table.schema, table.name, column].some((name) => name?.includes(tag)); i++) tag = `$check${i}$`;
  return `DO ${tag}
BEGIN
  IF EXISTS (SELECT FROM ${sqlTable(table)}${held}) THEN
    RAISE EXCEPTION ${quoteLiteral(what.replaceAll("%", "%%"))};
  END IF;
END
${tag};`;
}

/** One command only: no comma outside of parentheses. */
function isSingle(statement: Statement): boolean {
  return commandsOf(statement) === 1;
}

function commandsOf({ tokens }: Statement): number {
  let depth = 0;
  let commands = 1;
  for (const { text } of tokens) {
    if (text === "(") depth++;
    else if (text === ")") depth--;
    else if (text === "," && depth === 0) commands++;
  }
  return commands;
}

function sliceOf({ text, origin: { span } }: Statement): string {
  return text.slice(span.start, span.end);
}

function replaced({ origin }: Statement, text: string): readonly FileEdit[] {
  return edited(origin, [{ span: origin.span, text }]);
}

/** The statement leaves the file, and each list of statements becomes one behind it. */
function moved(statement: Statement, ...apart: readonly (readonly string[])[]): readonly FileEdit[] {
  return [...edited(statement.origin, [removal(statement)]), ...files(statement, apart)];
}

function files({ origin, context }: Statement, apart: readonly (readonly string[])[]): readonly FileEdit[] {
  const placement = context.sqlPlacement(origin.uri);
  let { uri } = placement.kind === "newMigration" ? placement : { uri: following(origin.uri) };
  return apart.map((statements) => {
    const edit: FileEdit = { kind: "create", uri, text: `${statements.map((one) => (one.endsWith(";") ? one : `${one};`)).join("\n")}\n` };
    uri = following(uri);
    return edit;
  });
}

/** The address of the file that runs next: the last number in front of a name, one more. */
function following(uri: string): string {
  const numbered = /^(.*\/)(\d+)([^/]*(?:\/[^/]*)?)$/.exec(uri);
  if (numbered === null) return uri.replace(/(\.\w+)?$/, "_next$1");
  const [, before = "", digits = "", after = ""] = numbered;
  return `${before}${(BigInt(digits) + 1n).toString().padStart(digits.length, "0")}${after}`;
}

/** The statement with the comment that a generator wrote above it. */
function removal({ text, origin: { span } }: Statement): Edit {
  const line = startOfLine(text, span.start);
  const start = text.slice(line, span.start).trim() === "" ? behindComments(text, line) : span.start;
  return removeWithLines(text, { start, end: endOfStatement(text, span.start) });
}

function behind(text: string, { start }: Span, statements: readonly string[]): readonly Edit[] {
  const end = endOfStatement(text, start);
  const indent = indentAt(text, start);
  return [...(text[end - 1] === ";" ? [] : [insertAt(end, ";")]), insertAt(end, statements.map((one) => `\n${indent}${one}`).join(""))];
}

function edited({ uri }: TextOrigin, edits: readonly Edit[]): readonly FileEdit[] {
  return [{ kind: "change", uri, edits }];
}

function textOrigin(origins: Origins): TextOrigin | undefined {
  for (const origin of origins) if (origin.kind === "sql") return origin;
  return undefined;
}

