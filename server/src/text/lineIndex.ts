/**
 * Line starts of a text: offset to line and character and back, in O(log lines). Lines end as in the Language Server
 * Protocol: with `\n`, `\r\n`, or `\r` alone.
 */

export interface Position {
  /** Zero-based. */
  readonly line: number;
  /** Zero-based, UTF-16 code units. */
  readonly character: number;
}

export class LineIndex {
  readonly #text: string;
  readonly #starts: number[];

  constructor(text: string) {
    this.#text = text;
    this.#starts = text.includes("\r") ? lineStarts(text) : lineStartsOfUnixText(text);
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** The position of `offset`, which is clamped to the text. */
  position(offset: number): Position {
    const target = Math.max(0, Math.min(offset, this.#text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= target) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: target - (this.#starts[low] ?? 0) };
  }

  /** The offset of `position`; a line past the end is the end of the text, a character past the end of its line that end. */
  offset(position: Position): number {
    const start = this.#starts[position.line];
    if (start === undefined) return position.line < 0 ? 0 : this.#text.length;
    return Math.min(start + Math.max(0, position.character), this.#endOfLine(position.line, start));
  }

  /** Before the characters that end the line. */
  #endOfLine(line: number, start: number): number {
    let end = this.#starts[line + 1];
    if (end === undefined) return this.#text.length;
    while (end > start && isLineEnd(this.#text.charCodeAt(end - 1))) end--;
    return end;
  }
}

/** The common case, at the speed of a search. */
function lineStartsOfUnixText(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    if (!isLineEnd(text.charCodeAt(at))) continue;
    if (text.startsWith("\r\n", at)) at++;
    starts.push(at + 1);
  }
  return starts;
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
