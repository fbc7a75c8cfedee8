/** A data sheet: what there is to know about one object of a schema, as data; `lsp` writes it as Markdown or plain text. */
import type { TextOrigin } from "../../model/schema.ts";

export interface Sheet {
  /** SQL that says the most in one or two lines. */
  readonly sql: string;
  /** What people wrote about it: comments of the database, or `///` lines. */
  readonly comment: string | undefined;
  readonly facts: readonly Fact[];
}

export interface Fact {
  readonly label: string;
  readonly value: readonly Run[];
}

/** A piece of a line: words of ours, or a name or SQL that somebody wrote, which may lead to where it is stated. */
export type Run = string | { readonly code: string; readonly at?: TextOrigin | undefined };

export function code(text: string, at?: TextOrigin): Run {
  return { code: text, at };
}

/** The items with commas between them; of more than `most`, how many there are besides. */
export function listed<T>(items: readonly T[], runsOf: (item: T) => readonly Run[], most = 4): Run[] {
  const shown = items.length === most + 1 ? items : items.slice(0, most);
  const runs = shown.flatMap((item, i) => (i === 0 ? runsOf(item) : [", ", ...runsOf(item)]));
  return shown.length < items.length ? [...runs, ` and ${items.length - shown.length} more`] : runs;
}

/** `[]` when there is nothing to say. */
export function fact(label: string, value: readonly Run[]): Fact[] {
  return value.length === 0 ? [] : [{ label, value }];
}
