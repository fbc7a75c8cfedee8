/**
 * An index made into another one where it stands, in Prisma or SQL: its method, the order of its keys, its predicate.
 * Everything else of its text stays as it is written.
 */
import type { Index, IndexKey, TextOrigin } from "../model/schema.ts";
import type { Edit } from "../text/edit.ts";
import type { Span } from "../text/span.ts";
import type { Intent } from "./intent.ts";
import { insertAt } from "./lines.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { closingToken, findToken, itemsOf, type SqlToken, sqlTokens } from "./sql/sqlText.ts";

type ReplaceIndex = Extract<Intent, { do: "replaceIndex" }>;

export function replaceSqlIndex(text: string, origin: TextOrigin, intent: ReplaceIndex): readonly Edit[] | Refusal {
  const tokens = sqlTokens(text, origin.span);
  const on = findToken(tokens, "ON");
  const open = on === undefined ? -1 : tokens.findIndex((token, i) => i > on && token.text === "(");
  const close = closingToken(tokens, open);
  const [before, opening, closing, last] = [tokens[open - 1], tokens[open], tokens[close ?? -1], tokens.at(-1)];
  if (tokens[0]?.text !== "CREATE" || before === undefined || opening === undefined || closing === undefined || last === undefined)
    return refuse(`${intent.index.name} is not written as CREATE INDEX.`);
  const edits: Edit[] = [];
  if (intent.method !== undefined) edits.push(...setSqlMethod(tokens, open, intent.method));
  if (intent.keys !== undefined) {
    const items = itemsOf(tokens.slice(open + 1, close)).map(spanOf);
    edits.push(...reordered(text, items, intent.index, intent.keys));
  }
  if (intent.predicate !== undefined) edits.push(...setSqlPredicate(tokens, last, intent.predicate));
  return edits;
}

/** `USING` stands between the table and the keys, and is left out for a B-tree. */
function setSqlMethod(tokens: readonly SqlToken[], open: number, method: string): readonly Edit[] {
  const [using, written, table, opening] = [tokens[open - 2], tokens[open - 1], tokens[open - 3], tokens[open]];
  if (using?.text === "USING" && written !== undefined && table !== undefined) {
    if (method !== "btree") return [{ span: written.span, text: method }];
    return [{ span: { start: table.span.end, end: written.span.end }, text: "" }];
  }
  return method === "btree" || opening === undefined ? [] : [insertAt(opening.span.start, `USING ${method} `)];
}

function setSqlPredicate(tokens: readonly SqlToken[], last: SqlToken, predicate: string | null): readonly Edit[] {
  const where = findToken(tokens, "WHERE");
  const before = where === undefined ? last : tokens[where - 1];
  return [
    { span: { start: before?.span.end ?? last.span.end, end: last.span.end }, text: predicate === null ? "" : ` WHERE ${predicate}` },
  ];
}

/** Prisma says a predicate only with a preview feature: `hasPredicates`. */
export function replacePrismaIndex(
  text: string,
  origin: TextOrigin,
  intent: ReplaceIndex,
  hasPredicates: boolean,
): readonly Edit[] | Refusal {
  const attribute = origin.parts?.["attribute"] ?? origin.span;
  const fields = origin.parts?.["fields"];
  if (fields === undefined || text[attribute.end - 1] !== ")") return refuse(`${intent.index.name} is not written as a list of fields.`);
  const edits: Edit[] = [];
  if (intent.keys !== undefined) {
    const items = itemsOf(sqlTokens(text, { start: fields.start + 1, end: fields.end - 1 })).map(spanOf);
    edits.push(...reordered(text, items, intent.index, intent.keys));
  }
  if (intent.method !== undefined) edits.push(setArgument(text, attribute, "type", intent.method === "btree" ? undefined : "Gin"));
  if (intent.predicate === null) edits.push(setArgument(text, attribute, "where", undefined));
  else if (intent.predicate !== undefined) {
    if (!hasPredicates) return refuse("Prisma says partial indexes only with the preview feature partialIndexes.");
    edits.push(setArgument(text, attribute, "where", `raw(${JSON.stringify(intent.predicate)})`));
  }
  return edits;
}

/** An argument of an attribute is replaced, taken out with its comma, or put last. */
function setArgument(text: string, attribute: Span, name: string, value: string | undefined): Edit {
  const tokens = sqlTokens(text, attribute);
  const open = tokens.findIndex((token) => token.text === "(");
  const items = itemsOf(tokens.slice(open + 1, -1));
  const at = items.findIndex((item) => item[0]?.text === name.toUpperCase() && item[1]?.text === ":");
  const [item, previous] = [items[at], items[at - 1]];
  if (item === undefined) return insertAt(attribute.end - 1, `, ${name}: ${value ?? ""}`);
  const written = spanOf(item);
  if (value !== undefined) return { span: written, text: `${name}: ${value}` };
  return { span: { start: previous === undefined ? written.start : spanOf(previous).end, end: written.end }, text: "" };
}

/** The items that stand where the keys are, put into the order of `wanted`; those that stay are not touched. */
function reordered(text: string, items: readonly Span[], index: Index, wanted: readonly IndexKey[]): readonly Edit[] {
  return items.flatMap((span, i) => {
    const from = index.keys.findIndex((key) => isSameKey(key, wanted[i]));
    const source = items[from];
    return source === undefined || from === i ? [] : [{ span, text: text.slice(source.start, source.end) }];
  });
}

function isSameKey(a: IndexKey, b: IndexKey | undefined): boolean {
  return a.column === b?.column && a.expression?.canonical === b?.expression?.canonical;
}

function spanOf(tokens: readonly SqlToken[]): Span {
  return { start: tokens[0]?.span.start ?? 0, end: tokens.at(-1)?.span.end ?? 0 };
}
