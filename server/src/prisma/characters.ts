/**
 * Character classes of the Prisma schema language, and a cursor over a text. White space is what Prisma's grammar
 * takes for it: Unicode spaces and tabs; a line ends with LF, CRLF or CR. Names may hold any letter, so every character
 * beyond ASCII that is no space counts as part of one.
 */

export class Cursor {
  readonly text: string;
  at = 0;
  #lastCloser: number | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The UTF-16 code unit `ahead` of the cursor; NaN past the end, which equals nothing. */
  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  startsWith(what: string): boolean {
    return this.text.startsWith(what, this.at);
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.at++;
  }

  skipBlanksAndLineEnds(): void {
    while (isBlank(this.code()) || isLineEnd(this.code())) this.at++;
  }

  skipToLineEnd(): void {
    this.at = lineEnd(this.text, this.at);
  }

  /** The offset behind the block comment that begins at `start`; undefined when nothing closes it. */
  commentEnd(start: number = this.at): number | undefined {
    // Looked up once: a text full of openers without a closer must not be searched to its end for each of them.
    this.#lastCloser ??= this.text.lastIndexOf("*/");
    return this.#lastCloser < start + 2 ? undefined : this.text.indexOf("*/", start + 2) + 2;
  }

  /** Moves over a name, dots included when `dotted`, and returns it; empty when there is none. */
  takeName(dotted = false): string {
    const start = this.at;
    if (!isNamePart(this.code()) || this.code() === minus) return "";
    while (isNamePart(this.code()) || (dotted && this.code() === dot)) this.at++;
    return this.text.slice(start, this.at);
  }
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || (code >= 0xa0 && isUnicodeSpace(code));
}

export function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isNamePart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    isDigit(code) ||
    code === 0x5f ||
    code === minus ||
    (code >= 0x80 && !isUnicodeSpace(code))
  );
}

/** The offset of the line end at or after `from`, or the text's length. */
export function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at++;
  return at;
}

const minus = 0x2d;
const dot = 0x2e;

/** Unicode's space separators, and the byte order mark, which editors show as nothing. */
function isUnicodeSpace(code: number): boolean {
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}
