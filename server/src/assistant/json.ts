/**
 * Answers as text: JSON, laid out so that a list has one line for each of its items. Whatever a name or a comment of
 * somebody's schema holds stays inside its quotes, on its line, and is seen as what it is.
 */

/** JSON of `value`, with line breaks between its entries and between the items of lists directly below it. */
export function json(value: object): string {
  const entries = Object.entries(value).flatMap(([key, entry]) => (entry === undefined ? [] : [`  ${written(key)}: ${laidOut(entry)}`]));
  return entries.length === 0 ? "{}" : `{\n${entries.join(",\n")}\n}`;
}

function laidOut(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return written(value);
  return `[\n${value.map((item: unknown) => `    ${written(item)}`).join(",\n")}\n  ]`;
}

/** Characters that end a line, turn its direction or cannot be seen are written by their number, which JSON reads as the same. */
function written(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\u{e0000}|[\u{e0001}-\u{e007f}]/gu, numbered);
}

function numbered(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
}

/** Single values are cut here, in UTF-16 code units. */
const longest = 400;

/** In one line, cut where it is too long for an answer. */
export function short(text: string, most = longest): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** A list that may have been cut. */
export interface Cut<T> {
  readonly shown: readonly T[];
  /** Not among `shown`; undefined when all are. */
  readonly leftOut: number | undefined;
}

export function cut<T>(items: readonly T[], most: number): Cut<T> {
  return { shown: items.slice(0, most), leftOut: items.length > most ? items.length - most : undefined };
}
