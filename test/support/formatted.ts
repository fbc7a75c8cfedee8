/** SQL as the formatter writes it. */
import { formatSql } from "../../server/src/sql/format.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import { applyEdits, type Edit } from "../../server/src/text/edit.ts";
import type { Span } from "../../server/src/text/span.ts";

export const twoBlanks = { tabSize: 2, insertSpaces: true };

export function editsOf(text: string, range?: Span, indentation = twoBlanks): readonly Edit[] {
  const work = formatSql(parseSql("file:///a.sql", text), indentation, range);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

export function formatted(text: string, indentation = twoBlanks): string {
  return applyEdits(text, editsOf(text, undefined, indentation));
}
