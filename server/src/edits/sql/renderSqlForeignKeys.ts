/** Foreign keys as edits of the SQL that states them: added to a table, taken out, deferred, left alone on update. */
import type { TextOrigin } from "../../model/schema.ts";
import type { Edit } from "../../text/edit.ts";
import { contains } from "../../text/span.ts";
import type { Intent } from "../intent.ts";
import { insertAt } from "../lines.ts";
import { refuse, type Refusal } from "../refusal.ts";
import { constraintStatement } from "./renderSql.ts";
import { addToTable, namingIn, removeItem, removeStatement } from "./sqlPlaces.ts";
import { newForeignKey, sqlActions } from "./sqlStatements.ts";
import { sqlTokens } from "./sqlText.ts";

type IntentTo<Kind extends Intent["do"]> = Extract<Intent, { do: Kind }>;

/** As a constraint of the table where the referenced one is there before it. `table` and `referenced` are where they are created. */
export function addSqlForeignKey(
  text: string,
  table: TextOrigin | undefined,
  referenced: TextOrigin | undefined,
  intent: IntentTo<"addForeignKey">,
): readonly Edit[] | Refusal {
  if (table === undefined || referenced === undefined || referenced.span.start > table.span.start)
    return refuse(`${intent.referenced.name} is created later, or in another file.`);
  return addToTable(text, table, intent.columns, newForeignKey(intent, namingIn(text, intent.table, table.uri)));
}

/** A constraint leaves its table; one that a statement of its own adds goes with the statement. */
export function dropSqlForeignKey(text: string, origin: TextOrigin, table: TextOrigin | undefined): readonly Edit[] | Refusal {
  if (table !== undefined && contains(table.span, origin.span)) return [removeItem(text, origin.span)];
  const statement = constraintStatement(text, origin);
  return statement === undefined ? refuse("The foreign key is added together with other changes.") : [removeStatement(text, statement)];
}

export function setSqlDeferrable(text: string, origin: TextOrigin): readonly Edit[] | Refusal {
  const tokens = sqlTokens(text, origin.span);
  const last = tokens.at(-1);
  if (last === undefined || tokens.some((token) => token.text === "DEFERRABLE" || token.text === "INITIALLY"))
    return refuse("The foreign key says already when it is checked.");
  return [insertAt(last.span.end, " DEFERRABLE INITIALLY DEFERRED")];
}

/** NO ACTION is what a foreign key does that says nothing. */
export function setSqlOnUpdate(text: string, origin: TextOrigin, { action }: IntentTo<"setOnUpdate">): readonly Edit[] | Refusal {
  const stated = origin.parts?.["onUpdate"];
  if (stated === undefined) return refuse("The foreign key does not say here what an update does.");
  if (action !== "noAction") return [{ span: stated, text: `ON UPDATE ${sqlActions[action]}` }];
  const before = text.slice(0, stated.start);
  return [{ span: { start: before.trimEnd().length, end: stated.end }, text: "" }];
}
