/** The pieces of a text, cut again only around an edit: elsewhere those of the text before it are taken over. */
import { commonPrefix, commonSuffix } from "../text/common.ts";
import { shift } from "../text/span.ts";
import { nextPiece, type Piece } from "./split.ts";

interface CutPiece {
  /** Where it was looked for. */
  readonly from: number;
  readonly piece: Piece;
}

/** A cut looks at most this far past where it ends. */
const lookahead = 2;

export class Pieces {
  readonly #text: string;
  readonly #cut: CutPiece[] = [];
  readonly #previous: readonly CutPiece[];
  /** Up to here the texts are the same. */
  readonly #sameBefore: number;
  /** From here on in the text before they are. */
  readonly #sameFrom: number;
  /** By how much what follows the edit has moved. */
  readonly #shift: number;
  #before = 0;
  #after = 0;

  constructor(text: string, previous?: Pieces) {
    const old = previous === undefined ? "" : previous.#text;
    this.#text = text;
    this.#previous = previous === undefined ? [] : previous.#cut;
    this.#sameBefore = commonPrefix(old, text);
    this.#sameFrom = old.length - commonSuffix(old, text, this.#sameBefore);
    this.#shift = text.length - old.length;
  }

  /** As `nextPiece`; to be asked for growing offsets. */
  next(from: number): Piece | undefined {
    const piece = this.#known(from) ?? nextPiece(this.#text, from);
    if (piece !== undefined) this.#cut.push({ from, piece });
    return piece;
  }

  #known(from: number): Piece | undefined {
    this.#before = this.#indexFrom(this.#before, from);
    const same = this.#previous[this.#before];
    if (same?.from === from && same.piece.next + lookahead <= this.#sameBefore) return same.piece;
    this.#after = this.#indexFrom(this.#after, from - this.#shift);
    const moved = this.#previous[this.#after];
    return moved?.from === from - this.#shift && moved.from > this.#sameFrom ? movedPiece(moved.piece, this.#shift) : undefined;
  }

  #indexFrom(index: number, from: number): number {
    let at = index;
    while ((this.#previous[at]?.from ?? from) < from) at++;
    return at;
  }
}

function movedPiece(piece: Piece, by: number): Piece {
  if (by === 0) return piece;
  return {
    kind: piece.kind,
    start: piece.start + by,
    end: piece.end + by,
    next: piece.next + by,
    tokens: piece.tokens,
    firstWord: piece.firstWord,
    unclosedAt: piece.unclosedAt === undefined ? undefined : piece.unclosedAt + by,
    comment: piece.comment === undefined ? undefined : shift(piece.comment, by),
  };
}
