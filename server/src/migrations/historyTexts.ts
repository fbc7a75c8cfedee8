/** Texts of elements as the history has made them, for what the model holds but cannot write. */
import { originsOf, type SchemaElement } from "../model/elements.ts";
import type { SqlFile } from "../sql/syntax.ts";
import type { TextOf } from "./script.ts";

/** What the model holds but cannot write: the statement that made it, where one made it as it is. */
export function historyTexts(history: readonly SqlFile[]): TextOf {
  const byAnchor = new Map(history.flatMap(({ statements }) => statements.map((statement) => [statement.anchor, statement.text] as const)));
  const kinds: ReadonlySet<SchemaElement["kind"]> = new Set(["trigger", "view", "routine", "domain", "composite type"]);
  return (element) => {
    if (!kinds.has(element.kind)) return undefined;
    for (const origin of originsOf(element).toReversed()) {
      const text = origin.kind === "sql" && origin.anchor !== undefined ? byAnchor.get(origin.anchor) : undefined;
      if (text !== undefined && /^create\b/i.test(text)) return text;
    }
    return undefined;
  };
}
