/**
 * The lexical facts of PostgreSQL that splitting needs: classes of characters, and where strings, dollar quotes and
 * comments end. Works on UTF-16 code units and never looks behind.
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */

/** What the functions below answer when a construct runs to the end of the text. */
export const unclosed = -1;

export const tab = 9;
export const newline = 10;
export const carriageReturn = 13;
export const space = 32;
export const doubleQuote = 34;
export const dollar = 36;
export const singleQuote = 39;
export const openParenthesis = 40;
export const closeParenthesis = 41;
export const asterisk = 42;
export const minus = 45;
export const slash = 47;
export const semicolon = 59;
export const backslash = 92;
export const byteOrderMark = 0xfeff;
const letterE = 101;

/** Classes of characters, as bits. Beyond ASCII everything is a letter. */
const letterClass = 1;
const digitClass = 2;
const spaceClass = 4;
const wordClasses = letterClass | digitClass | 8;

const classes = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95) classes[code] = letterClass;
  else if (code >= 48 && code <= 57) classes[code] = digitClass;
  else if (code === space || (code >= tab && code <= carriageReturn)) classes[code] = spaceClass;
}
classes[dollar] = 8;

function classOf(code: number): number {
  return code < 128 ? (classes[code] ?? 0) : letterClass;
}

export function isSpace(code: number): boolean {
  return code < 128 && classes[code] === spaceClass;
}

/** Letters, underscore and everything beyond ASCII. */
export function startsWord(code: number): boolean {
  return code >= 128 || classes[code] === letterClass;
}

export function isDigit(code: number): boolean {
  return code < 128 && classes[code] === digitClass;
}

/** What may follow in a word: also digits and `$`. */
export function continuesWord(code: number): boolean {
  return (classOf(code) & wordClasses) !== 0;
}

/** The end of the word, number or parameter that starts at `at`. */
export function endOfWord(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && continuesWord(text.charCodeAt(end))) end++;
  return end;
}

/** The end of the `'…'` that opens at `at`. A doubled quote stands for itself. */
export function endOfString(text: string, at: number): number {
  return endOfQuoted(text, at, "'");
}

/** The end of the `"…"` that opens at `at`. */
export function endOfQuotedName(text: string, at: number): number {
  return endOfQuoted(text, at, '"');
}

function endOfQuoted(text: string, at: number, quote: string): number {
  const code = quote.charCodeAt(0);
  let end = text.indexOf(quote, at + 1);
  while (end >= 0 && text.charCodeAt(end + 1) === code) end = text.indexOf(quote, end + 2);
  return end < 0 ? unclosed : end + 1;
}

/**
 * The end of the string in which a backslash escapes, whose quote (after the E) opens at `at`. Strings that follow on
 * a later line continue it, and a backslash escapes in them too.
 */
export function endOfEscapeString(text: string, at: number): number {
  let index = at + 1;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === backslash) index += 2;
    else if (code !== singleQuote) index++;
    else if (text.charCodeAt(index + 1) === singleQuote) index += 2;
    else {
      const next = continuation(text, index + 1);
      if (next === undefined) return index + 1;
      index = next + 1;
    }
  }
  return unclosed;
}

/** Where a string is continued: a quote after white space that holds a line break. */
function continuation(text: string, at: number): number | undefined {
  let hasBreak = false;
  let index = at;
  for (; index < text.length && isSpace(text.charCodeAt(index)); index++) {
    const code = text.charCodeAt(index);
    if (code === newline || code === carriageReturn) hasBreak = true;
  }
  return hasBreak && text.charCodeAt(index) === singleQuote ? index : undefined;
}

/** The delimiter (`$$`, `$body$`) that starts at the `$` at `at`; undefined when it is something else, such as `$1`. */
export function dollarDelimiter(text: string, at: number): string | undefined {
  let end = at + 1;
  if (startsWord(text.charCodeAt(end))) {
    do end++;
    while (startsWord(text.charCodeAt(end)) || isDigit(text.charCodeAt(end)));
  }
  return text.charCodeAt(end) === dollar ? text.slice(at, end + 1) : undefined;
}

/** The end of the dollar-quoted string that opens at `at` with `delimiter`. */
export function endOfDollarQuote(text: string, at: number, delimiter: string): number {
  const end = text.indexOf(delimiter, at + delimiter.length);
  return end < 0 ? unclosed : end + delimiter.length;
}

/**
 * The end of the string, quoted name or dollar quote that opens at `at`, with the E of an escape string; undefined when
 * none does. `at` is the beginning of a token.
 */
export function endOfLiteral(text: string, at: number): number | undefined {
  const code = text.charCodeAt(at);
  if (code === singleQuote) return endOfString(text, at);
  if (code === doubleQuote) return endOfQuotedName(text, at);
  if (code === dollar) {
    const delimiter = dollarDelimiter(text, at);
    return delimiter === undefined ? undefined : endOfDollarQuote(text, at, delimiter);
  }
  return (code | 32) === letterE && text.charCodeAt(at + 1) === singleQuote ? endOfEscapeString(text, at + 1) : undefined;
}

export function opensLineComment(text: string, at: number): boolean {
  return text.charCodeAt(at) === minus && text.charCodeAt(at + 1) === minus;
}

export function opensBlockComment(text: string, at: number): boolean {
  return text.charCodeAt(at) === slash && text.charCodeAt(at + 1) === asterisk;
}

/** The end of the `--` comment at `at`: its line break, which is not part of it, or the end of the text. */
export function endOfLineComment(text: string, at: number): number {
  let end = at + 2;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === newline || code === carriageReturn) break;
    end++;
  }
  return end;
}

/** The end of the block comment at `at`; block comments nest. */
export function endOfBlockComment(text: string, at: number): number {
  let depth = 1;
  let index = at + 2;
  let open = 0;
  let close = 0;
  for (;;) {
    // Each marker is looked for once, however deep the nesting.
    if (close < index) close = text.indexOf("*/", index);
    if (close < 0) return unclosed;
    if (open < index) {
      open = text.indexOf("/*", index);
      if (open < 0) open = text.length;
    }
    if (open < close) {
      depth++;
      index = open + 2;
    } else {
      index = close + 2;
      if (--depth === 0) return index;
    }
  }
}

/** The start of the next line after `at`, or the end of the text. */
export function startOfNextLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** Whether the word in `[start, end)` is `word`, which is lower case ASCII, in any case. */
export function isWord(text: string, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if ((text.charCodeAt(start + i) | 32) !== word.charCodeAt(i)) return false;
  return true;
}
