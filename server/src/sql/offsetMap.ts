/** From offsets of a text that was put together to those of the text its pieces come from. */

interface Piece {
  readonly at: number;
  readonly source: number;
  /** 0 for what has no length of its own in the source: all of it is at `source`. */
  readonly length: number;
}

export class OffsetMap {
  readonly #pieces: Piece[] = [];

  /** Adds the piece that starts at `at` in the text, after all others, and at `source` in the source. */
  add(at: number, source: number, length: number): void {
    this.#pieces.push({ at, source, length });
  }

  sourceOffset(offset: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pieces[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const piece = this.#pieces[low];
    return piece === undefined ? 0 : piece.source + Math.max(0, Math.min(offset - piece.at, piece.length));
  }

  /** The first offset in the text that comes from this one of the source; undefined when none does. */
  textOffset(source: number): number | undefined {
    const piece = this.#pieces.find((each) => each.source <= source && source <= each.source + each.length);
    return piece === undefined ? undefined : piece.at + (source - piece.source);
  }
}
