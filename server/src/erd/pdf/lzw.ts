/**
 * Compression as PDF reads it (LZWDecode, early change). Of our own because its bytes are the same on every machine:
 * zlib's depend on its version and on the processor.
 */

const clear = 256;
const end = 257;
const longest = 12;

export function compressed(bytes: Uint8Array): Uint8Array {
  const out = new Bits(bytes.length);
  /** The code of a sequence by the code of all but its last byte, and that byte. */
  let codes = new Map<number, number>();
  let next = end + 1;
  let width = 9;
  let prefix = -1;
  out.put(clear, width);
  for (const byte of bytes) {
    const known = prefix < 0 ? byte : codes.get((prefix << 8) | byte);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    out.put(prefix, width);
    codes.set((prefix << 8) | byte, next++);
    prefix = byte;
    // One code early: what reads knows of the new sequence one code later.
    if (next + 1 > 1 << width && width < longest) width++;
    if (next < (1 << longest) - 1) continue;
    out.put(clear, width);
    codes = new Map();
    [next, width] = [end + 1, 9];
  }
  if (prefix >= 0) {
    out.put(prefix, width);
    if (next + 2 > 1 << width && width < longest) width++;
  }
  out.put(end, width);
  return out.bytes();
}

class Bits {
  #bytes: Uint8Array;
  #length = 0;
  #held = 0;
  #count = 0;

  constructor(expected: number) {
    this.#bytes = new Uint8Array(Math.max(64, expected));
  }

  put(value: number, width: number): void {
    this.#held = (this.#held << width) | value;
    this.#count += width;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#byte((this.#held >>> this.#count) & 0xff);
      this.#held &= (1 << this.#count) - 1;
    }
  }

  bytes(): Uint8Array {
    if (this.#count > 0) this.#byte((this.#held << (8 - this.#count)) & 0xff);
    return this.#bytes.slice(0, this.#length);
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = value;
  }
}
