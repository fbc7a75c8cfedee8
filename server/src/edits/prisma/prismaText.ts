/**
 * Reads as much of a Prisma text as a change of names needs: the words of models, field by field, without comments and
 * strings. Never throws; what it does not understand it leaves out.
 */
import type { Span } from "../../text/span.ts";

export interface PrismaToken {
  readonly span: Span;
  /** A word, `@@`, `[]`, or one other character. */
  readonly text: string;
}

/** A model, view or composite type, as it is written. */
export interface WrittenModel {
  readonly name: PrismaToken;
  readonly fields: readonly WrittenField[];
  /** The tokens of each `@@…`, the `@@` first. */
  readonly attributes: readonly (readonly PrismaToken[])[];
}

export interface WrittenField {
  readonly name: PrismaToken;
  readonly type: PrismaToken | undefined;
  /** Everything behind the type. */
  readonly rest: readonly PrismaToken[];
}

export function writtenModels(text: string): readonly WrittenModel[] {
  const models: WrittenModel[] = [];
  const lines = tokenLines(text);
  for (let i = 0; i < lines.length; i++) {
    const [keyword, name, brace] = lines[i] ?? [];
    if (keyword === undefined || name === undefined || brace?.text !== "{" || !hasFields.has(keyword.text)) continue;
    const fields: WrittenField[] = [];
    const attributes: (readonly PrismaToken[])[] = [];
    for (i += 1; i < lines.length && lines[i]?.[0]?.text !== "}"; i++) {
      const [first, type, ...rest] = lines[i] ?? [];
      if (first === undefined) continue;
      if (first.text === "@@") attributes.push(lines[i] ?? []);
      else fields.push({ name: first, type, rest });
    }
    models.push({ name, fields, attributes });
  }
  return models;
}

const hasFields: ReadonlySet<string> = new Set(["model", "view", "type"]);

/** The fields that an argument of an attribute names: `fields: [a, b(sort: Desc)]`, or `a` alone. In `@@index` it may be the first one, without its name. */
export function fieldsNamed(attribute: readonly PrismaToken[], argument: string): readonly PrismaToken[] {
  const named = attribute.findIndex(({ text }, i) => text === argument && attribute[i + 1]?.text === ":");
  const at = named < 0 ? attribute.findIndex(({ text }) => text === "(") + 1 : named + 2;
  const value = attribute[at];
  if (value === undefined || (named < 0 && attribute[0]?.text !== "@@")) return [];
  if (value.text === "[") return fieldsInList(attribute, at);
  return isWord(value) && attribute[at + 1]?.text !== ":" ? [value] : [];
}

/** Neither the arguments of a field nor their names. */
function fieldsInList(tokens: readonly PrismaToken[], open: number): readonly PrismaToken[] {
  const words: PrismaToken[] = [];
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    if (token.text === "[" || token.text === "(") depth += 1;
    else if (token.text === "]" || token.text === ")") depth -= 1;
    else if (depth === 1 && isWord(token)) words.push(token);
    if (depth === 0) break;
  }
  return words;
}

export function isWord({ text }: PrismaToken): boolean {
  return /^\w/.test(text);
}

const pattern =
  /(?<blank>[^\S\n]+|\/\/[^\n]*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"?)|(?<line>\n)|(?<token>\w+(?:[\w-]*\w)?|@@|\[\]|[^])/uy;

/** Tokens by lines; a line goes on while a parenthesis or a bracket is open. A brace behind a block's name ends its line. */
function tokenLines(text: string): readonly (readonly PrismaToken[])[] {
  const lines: PrismaToken[][] = [];
  let line: PrismaToken[] = [];
  let depth = 0;
  const end = (): void => {
    if (line.length > 0) lines.push(line);
    line = [];
  };
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null && match[0] !== ""; match = pattern.exec(text)) {
    const { line: newline, token } = match.groups ?? {};
    if (newline !== undefined && depth === 0) end();
    if (token === undefined) continue;
    if (token === "(" || token === "[") depth += 1;
    if (token === ")" || token === "]") depth = Math.max(0, depth - 1);
    if (token === "}" && depth === 0) end();
    line.push({ span: { start: match.index, end: match.index + token.length }, text: token });
    if ((token === "{" || token === "}") && depth === 0) end();
  }
  end();
  return lines;
}
