/**
 * Conditions as PostgreSQL prints them, taken apart as far as index advice needs: `((a.x = 1) AND (lower(b) = $1))`. What is
 * not understood stays a text. Linear in the length of a condition, for each level of parentheses around it.
 */

export interface Comparison {
  /** As printed, without the parentheses around it. */
  readonly text: string;
  /** The column alone on the left side, unquoted; a cast between texts is looked through. */
  readonly column: string | undefined;
  /** The name or alias before the column's dot. */
  readonly qualifier: string | undefined;
  readonly operator: string | undefined;
  /** The left side where it is a function or cast over a column, which a plain index does not serve. */
  readonly expression: string | undefined;
  /** Whether the right side names a column, too. */
  readonly isBetweenColumns: boolean;
}

/** The parts of a condition that all have to hold. */
export function comparisonsIn(condition: string): readonly Comparison[] {
  return splitAt(condition, "AND").map(comparison);
}

/** The parts of which one suffices; one part when there is no OR at the top. */
export function alternativesIn(condition: string): readonly string[] {
  return splitAt(condition, "OR");
}

/** Splits at the word outside of parentheses and strings. */
function splitAt(condition: string, word: "AND" | "OR"): readonly string[] {
  const text = unwrapped(condition);
  const parts: string[] = [];
  let start = 0;
  let isRange = false;
  for (const { at, depth } of words(text)) {
    if (depth > 0) continue;
    if (text.startsWith("BETWEEN ", at)) isRange = true;
    if (!text.startsWith(`${word} `, at)) continue;
    if (isRange) {
      isRange = false;
      continue;
    }
    parts.push(text.slice(start, at).trim());
    start = at + word.length;
  }
  return [...parts, text.slice(start).trim()].filter((part) => part !== "");
}

/** Where words and operators begin, with how many parentheses are open around them. */
function* words(text: string): Generator<{ readonly at: number; readonly depth: number }> {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "'" || character === '"') i = endOfQuote(text, i);
    else if (character === "(" || character === "[") depth++;
    else if (character === ")" || character === "]") depth--;
    else if (character !== " " && (i === 0 || text.charAt(i - 1) === " ")) yield { at: i, depth };
  }
}

/** The closing quote; the end of the text where there is none. */
function endOfQuote(text: string, at: number): number {
  const quote = text.charAt(at);
  let end = text.indexOf(quote, at + 1);
  while (end >= 0 && text.charAt(end + 1) === quote) end = text.indexOf(quote, end + 2);
  return end < 0 ? text.length : end;
}

/** Without the parentheses around the whole. */
export function unwrapped(given: string): string {
  let text = given.trim();
  while (text.startsWith("(") && closing(text) === text.length - 1) text = text.slice(1, -1).trim();
  return text;
}

/** Of the parenthesis the text begins with. */
function closing(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "'" || character === '"') i = endOfQuote(text, i);
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return i;
  }
  return -1;
}

function comparison(part: string): Comparison {
  const text = unwrapped(part);
  const nothing = { text, column: undefined, qualifier: undefined, operator: undefined, expression: undefined, isBetweenColumns: false };
  const operator = operatorIn(text);
  if (operator === undefined) {
    const name = columnName(text);
    return name === undefined ? nothing : { ...nothing, ...name, operator: "=" };
  }
  const left = text.slice(0, operator.at).trim();
  const right = text.slice(operator.at + operator.text.length).trim();
  const name = columnName(left);
  const isBetweenColumns = columnName(right) !== undefined;
  if (name !== undefined) return { ...nothing, ...name, operator: operator.text, isBetweenColumns };
  return { ...nothing, operator: operator.text, expression: wrapsColumn(left) ? left : undefined, isBetweenColumns };
}

/** The first operator outside of parentheses; `IS NULL` and the like are operators as well. */
function operatorIn(text: string): { readonly at: number; readonly text: string } | undefined {
  for (const { at, depth } of words(text)) {
    if (depth > 0 || at === 0) continue;
    const [found] = /^(?:[-+*/<>=~!@#%^&|`?]+|IS NOT NULL|IS NULL|IS (?:NOT )?DISTINCT FROM)(?= |$)/.exec(text.slice(at)) ?? [];
    if (found !== undefined) return { at, text: found };
  }
  return undefined;
}

const name = '(?:"(?:[^"]|"")+"|[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*)';
const columnPattern = new RegExp(`^(?:(${name})\\.)?(${name})$`);

/** Casts from varchar to text change nothing for an index; keywords and literals are no columns. */
function columnName(given: string): { readonly column: string; readonly qualifier: string | undefined } | undefined {
  let text = unwrapped(given);
  const cast = /^(.*)::(?:text|bpchar|character varying)$/.exec(text);
  if (cast !== null && cast[1] !== undefined && !cast[1].startsWith("'")) text = unwrapped(cast[1]);
  const found = columnPattern.exec(text);
  const column = found?.[2];
  if (column === undefined || /^(?:true|false|null|current_date|current_timestamp|now)$/i.test(column)) return undefined;
  return { column: plain(column), qualifier: found?.[1] === undefined ? undefined : plain(found[1]) };
}

/** A name without its quotes. */
export function plain(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier;
}

function wrapsColumn(given: string): boolean {
  const text = unwrapped(given);
  const inner = /^[\w.]+\((.*)\)(?:::[\w ]+)?$/.exec(text)?.[1] ?? /^\((.*)\)::[\w ]+$/.exec(text)?.[1] ?? /^(.*)::[\w ]+$/.exec(text)?.[1];
  return inner !== undefined && /[A-Za-z_]/.test(inner.replaceAll(/'[^']*'(?:::[\w ]+)?/g, "")) && !/SubPlan|InitPlan|^\$/.test(inner);
}
