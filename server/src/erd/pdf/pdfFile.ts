/** A PDF file as its objects: numbered, compressed, with a table of where each begins. No date, no number drawn by lot. */
import { compressed } from "./lzw.ts";

/** A reference to an object, as it is written: "3 0 R". */
export type Reference = string;

export class PdfFile {
  readonly #objects: (Uint8Array | undefined)[] = [];

  /** A number for an object that others refer to before it is there. */
  reserve(): Reference {
    this.#objects.push(undefined);
    return `${this.#objects.length} 0 R`;
  }

  add(content: string, as: Reference = this.reserve()): Reference {
    this.#objects[Number.parseInt(as, 10) - 1] = latin(content);
    return as;
  }

  /** `entries` of its dictionary, without brackets. */
  addStream(entries: string, data: Uint8Array): Reference {
    const packed = compressed(data);
    const head = latin(`<</Filter/LZWDecode/Length ${packed.length}${entries}>>stream\n`);
    const as = this.reserve();
    this.#objects[Number.parseInt(as, 10) - 1] = joined([head, packed, latin("\nendstream")]);
    return as;
  }

  /** @throws when something that was reserved was never added. */
  bytes(root: Reference, info: Reference): Uint8Array {
    const parts = [latin("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")];
    let length = parts[0]?.length ?? 0;
    const places = this.#objects.map((object, i) => {
      if (object === undefined) throw new Error(`The object ${i + 1} of the document is missing.`);
      const whole = joined([latin(`${i + 1} 0 obj\n`), object, latin("\nendobj\n")]);
      parts.push(whole);
      length += whole.length;
      return length - whole.length;
    });
    const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
    const size = places.length + 1;
    parts.push(latin(`xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<</Size ${size}/Root ${root}/Info ${info}>>\nstartxref\n${length}\n%%EOF\n`));
    return joined(parts);
  }
}

/** A text as UTF-16, in hexadecimal digits. */
export function pdfText(text: string): string {
  let digits = "";
  for (let i = 0; i < text.length; i++) digits += text.charCodeAt(i).toString(16).padStart(4, "0");
  return `<feff${digits}>`;
}

export function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
