/** Between the positions of PostgreSQL's parser (UTF-8 bytes in trees, characters in errors) and UTF-16 code units. */

/** Byte offsets of one text. Offsets beyond the text are clamped to it. Made on first use; plain ASCII needs no table. */
export class ByteOffsets {
  readonly #text: string;
  /** UTF-16 offset by byte; undefined for ASCII, where both are the same. */
  #table: Int32Array | undefined;
  #isReady = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** The UTF-16 offset of a byte offset; inside a character it is the character's beginning. */
  toUtf16(byte: number): number {
    const table = this.#ready();
    if (byte <= 0) return 0;
    if (table === undefined) return Math.min(byte, this.#text.length);
    return table[Math.min(byte, table.length - 1)] ?? this.#text.length;
  }

  /** The byte offset of a UTF-16 offset. */
  toByte(offset: number): number {
    const table = this.#ready();
    const end = Math.max(0, Math.min(offset, this.#text.length));
    return table === undefined ? end : Buffer.byteLength(this.#text.slice(0, end));
  }

  #ready(): Int32Array | undefined {
    if (!this.#isReady) {
      this.#table = isAscii(this.#text) ? undefined : utf16ByByte(this.#text);
      this.#isReady = true;
    }
    return this.#table;
  }
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function utf16ByByte(text: string): Int32Array {
  const table = new Int32Array(Buffer.byteLength(text) + 1);
  let byte = 0;
  for (let offset = 0; offset < text.length; ) {
    const code = text.codePointAt(offset) ?? 0;
    // A lone surrogate is encoded as U+FFFD: three bytes, like every code of that range.
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    table.fill(offset, byte, byte + bytes);
    byte += bytes;
    offset += code > 0xffff ? 2 : 1;
  }
  table[byte] = text.length;
  return table;
}

/** The UTF-16 offset after `count` characters (code points). */
export function utf16OfCharacters(text: string, count: number): number {
  let offset = 0;
  for (let seen = 0; seen < count && offset < text.length; seen++) offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}
