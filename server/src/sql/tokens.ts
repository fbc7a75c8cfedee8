/** The tokens of one statement, for what a parse tree does not tell: where names stand and where list elements end. */
import type { Span } from "../text/span.ts";
import {
  closeParenthesis,
  endOfBlockComment,
  endOfLineComment,
  endOfLiteral,
  endOfWord,
  isDigit,
  isSpace,
  openParenthesis,
  opensBlockComment,
  opensLineComment,
  startsWord,
  unclosed,
} from "./lexer.ts";

/** Tokens from an offset on, white space and comments left out; what never closes runs to the end. */
export function* tokensFrom(text: string, from: number): Generator<Span> {
  let at = from;
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) at++;
    else if (opensLineComment(text, at)) at = endOfLineComment(text, at);
    else if (opensBlockComment(text, at)) at = closed(text, endOfBlockComment(text, at));
    else {
      const end = endOfToken(text, at);
      yield { start: at, end };
      at = end;
    }
  }
}

function endOfToken(text: string, at: number): number {
  const literal = endOfLiteral(text, at);
  if (literal !== undefined) return closed(text, literal);
  const code = text.charCodeAt(at);
  return startsWord(code) || isDigit(code) ? endOfWord(text, at) : at + 1;
}

function closed(text: string, end: number): number {
  return end === unclosed ? text.length : end;
}

/** The first token at or after `from` that is the identifier `name`, which is folded as PostgreSQL folds it. */
export function findName(text: string, name: string, from: number): Span | undefined {
  for (const token of tokensFrom(text, from)) {
    if (identifierOf(text.slice(token.start, token.end)) === name) return token;
  }
  return undefined;
}

/** The name a token stands for; undefined when it is no identifier. */
function identifierOf(token: string): string | undefined {
  if (token.startsWith('"')) return token.slice(1, -1).replaceAll('""', '"');
  return startsWord(token.charCodeAt(0)) ? token.toLowerCase() : undefined;
}

/** The end of the list element that starts at `from`: the last token before a comma or the closing parenthesis. */
export function endOfElement(text: string, from: number): number {
  let depth = 0;
  let end = from;
  for (const token of tokensFrom(text, from)) {
    const code = text.charCodeAt(token.start);
    if (code === openParenthesis) depth++;
    else if (code === closeParenthesis && --depth < 0) return end;
    else if (code === comma && depth === 0) return end;
    end = token.end;
  }
  return end;
}

const comma = 44;
