/** A name for a list of diagnostics: equal lists have equal names, also in a server that was started anew. */
import type { Diagnostic } from "vscode-languageserver/node";

export function resultIdOf(diagnostics: readonly Diagnostic[]): string {
  const hash = new Hash();
  for (const { range, severity, code, message, relatedInformation } of diagnostics) {
    hash.number(range.start.line).number(range.start.character).number(range.end.line).number(range.end.character);
    hash
      .number(severity ?? 0)
      .text(String(code))
      .text(String(message));
    for (const { location, message: also } of relatedInformation ?? []) {
      hash.text(location.uri).number(location.range.start.line).number(location.range.start.character).text(also);
    }
  }
  return `${diagnostics.length}-${hash.value()}`;
}

/** Two 32-bit hashes after FNV-1a: a thousand diagnostics take less than a millisecond, which no digest of Node does. */
class Hash {
  #a = 0x811c9dc5;
  #b = 0x1b873593;

  number(value: number): this {
    this.#a = Math.imul(this.#a ^ value, 0x01000193);
    this.#b = Math.imul(this.#b ^ value, 0x85ebca6b) ^ (this.#b >>> 13);
    return this;
  }

  text(value: string): this {
    let hash = value.length;
    for (let at = 0; at < value.length; at++) hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
    return this.number(hash);
  }

  value(): string {
    return (this.#a >>> 0).toString(36) + (this.#b >>> 0).toString(36);
  }
}
