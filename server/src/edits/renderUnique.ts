/** Unique keys replaced where they are stated, in SQL and in the Prisma schema. */
import type { TextOrigin } from "../model/schema.ts";
import type { Edit } from "../text/edit.ts";
import { contains } from "../text/span.ts";
import type { Intent } from "./intent.ts";
import { insertAt, removeWithLines } from "./lines.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { addBlockAttribute, fieldNames } from "./prisma/renderPrisma.ts";
import { addToTable, namingIn, removeItem } from "./sql/sqlPlaces.ts";
import { replaceConstraintBy, startsStatement } from "./sql/renderSql.ts";
import { createUnique, plainKeys, sqlKeys, uniqueBody } from "./sql/sqlStatements.ts";
import { closingToken, endOfStatement, findToken, sqlTokens } from "./sql/sqlText.ts";

type ReplaceUnique = Extract<Intent, { do: "replaceUnique" }>;

export function replaceSqlUnique(
  text: string,
  origin: TextOrigin,
  table: TextOrigin | undefined,
  intent: ReplaceUnique,
): readonly Edit[] | Refusal {
  if (startsStatement(text, origin)) return changeIndex(text, origin, intent);
  if (plainKeys(intent.keys) === undefined)
    return replaceConstraintBy(
      text,
      origin,
      table,
      intent.table,
      intent.index.name,
      createUnique(intent, namingIn(text, intent.table, origin.uri)),
    );
  return changeConstraint(text, origin, table, intent);
}

/** What Prisma has words for: other columns. */
export function replacePrismaUnique(
  text: string,
  origin: TextOrigin,
  model: TextOrigin | undefined,
  { table, index, keys, nullsNotDistinct }: ReplaceUnique,
): readonly Edit[] | Refusal {
  const columns = plainKeys(keys);
  const fields = columns === undefined ? undefined : fieldNames(table, columns);
  if (fields === undefined || nullsNotDistinct) return refuse(`Prisma has no words for what ${index.name} is to be.`);
  const list = `[${fields.join(", ")}]`;
  const stated = origin.parts?.["fields"];
  if (stated !== undefined) return [{ span: stated, text: list }];
  const attribute = origin.parts?.["attribute"] ?? origin.span;
  if (model === undefined || text.slice(attribute.start, attribute.end) !== "@unique")
    return refuse(`${index.name} is written with arguments of its own.`);
  const added = addBlockAttribute(text, model, table, `@@unique(${list})`);
  return "ok" in added ? added : [removeWithLines(text, attribute), ...added];
}

function changeIndex(text: string, origin: TextOrigin, { index, keys, nullsNotDistinct }: ReplaceUnique): readonly Edit[] | Refusal {
  const tokens = sqlTokens(text, { start: origin.span.start, end: endOfStatement(text, origin.span.start) });
  const open = tokens.findIndex(({ text: token }, i) => token === "(" && i > (findToken(tokens, "ON") ?? tokens.length));
  const close = closingToken(tokens, open);
  const [first, last] = [tokens[open], tokens[close ?? -1]];
  if (close === undefined || first === undefined || last === undefined) return refuse(`${index.name} is not written to its end yet.`);
  const list = { span: { start: first.span.start, end: last.span.end }, text: sqlKeys(keys) };
  if (!nullsNotDistinct || index.nullsNotDistinct) return [list];
  const isIncluding = tokens[close + 1]?.text === "INCLUDE";
  const end = isIncluding ? tokens[closingToken(tokens, close + 2) ?? close] : last;
  return [list, insertAt((end ?? last).span.end, " NULLS NOT DISTINCT")].filter(
    (edit) => edit.text !== text.slice(edit.span.start, edit.span.end),
  );
}

/** A column's own UNIQUE cannot name two columns: it moves to the end of the table. */
function changeConstraint(
  text: string,
  origin: TextOrigin,
  table: TextOrigin | undefined,
  intent: ReplaceUnique,
): readonly Edit[] | Refusal {
  const { index, keys } = intent;
  const columns = plainKeys(keys) ?? [];
  const tokens = sqlTokens(text, origin.span);
  const unique = findToken(tokens, "UNIQUE");
  const word = tokens[unique ?? -1];
  if (unique === undefined || word === undefined) return refuse(`${index.name} is not written as UNIQUE here.`);
  const open = tokens.findIndex((token, i) => token.text === "(" && i > unique);
  const last = tokens[open < 0 ? -1 : (closingToken(tokens, open) ?? -1)];
  if (last !== undefined) return [{ span: { start: word.span.start, end: last.span.end }, text: uniqueBody(intent) }];
  if (columns.length === 1) return [{ span: word.span, text: "UNIQUE NULLS NOT DISTINCT" }];
  if (table === undefined || !contains(table.span, origin.span))
    return refuse(`${index.name} is written with a column that is added later.`);
  const added = addToTable(text, table, columns, uniqueBody(intent));
  return "ok" in added ? added : [removeItem(text, origin.span), ...added];
}
