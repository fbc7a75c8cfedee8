/** Intents about one element as edits of the SQL that states it, or as a new migration. */
import type { FileEdit } from "../text/edit.ts";
import { joined } from "./mergedEdits.ts";
import type { ModelIntent, PlacedIntent } from "./modelIntent.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";
import type { RenderContext, SqlPlacement } from "./renderContext.ts";
import { replaceSqlIndex } from "./renderIndexes.ts";
import { replaceSqlUnique } from "./renderUnique.ts";
import {
  addSqlIndex,
  addSqlKey,
  addSqlKeyColumn,
  addSqlUnique,
  dropSqlIndex,
  makeSqlUniquePartial,
  setSqlOnDelete,
  widenSqlForeignKey,
} from "./sql/renderSql.ts";
import { addSqlCheck, dropSqlNotNull, nameSqlConstraint, setSqlDefault, setSqlIdentity, setSqlNotNull } from "./sql/renderSqlColumns.ts";
import { addSqlForeignKey, dropSqlForeignKey, setSqlDeferrable, setSqlOnUpdate } from "./sql/renderSqlForeignKeys.ts";
import { sqlStatements } from "./sql/sqlStatements.ts";
import { changes, createdIn, type Target, targetOf } from "./targets.ts";

export function renderModelInSql(intent: PlacedIntent, target: Target, context: RenderContext): readonly FileEdit[] | Refusal {
  const { text, origin } = target;
  switch (intent.do) {
    case "addIndex":
      return changes(origin, addSqlIndex(text, origin, intent));
    case "dropIndex":
      return changes(origin, dropSqlIndex(text, origin));
    case "addPrimaryKeyColumn":
      return changes(origin, addSqlKeyColumn(text, origin, intent));
    case "setOnDelete":
      return changes(origin, setSqlOnDelete(text, origin, intent));
    case "addPrimaryKey": {
      const table = createdIn(intent.table, origin.uri);
      return table === undefined
        ? refuse(`${intent.table.name} is created in another file.`)
        : changes(origin, addSqlKey(text, origin, table, intent));
    }
    case "replaceUnique":
      return changes(origin, replaceSqlUnique(text, origin, createdIn(intent.table, origin.uri), intent));
    case "setDefault":
      return changes(origin, setSqlDefault(origin, intent));
    case "setNotNull":
      return changes(origin, setSqlNotNull(text, origin, intent));
    case "addUpdateTrigger":
      return refuse("A trigger stands behind its table.");
    case "nameConstraint":
      return changes(origin, nameSqlConstraint(origin, intent));
    case "dropNotNull":
      return changes(origin, dropSqlNotNull(text, origin, intent));
    case "setIdentity":
      return changes(origin, setSqlIdentity(text, origin, intent));
    case "addCheck": {
      const table = createdIn(intent.table, origin.uri);
      return table === undefined ? refuse("The table is created elsewhere.") : changes(origin, addSqlCheck(text, table, intent));
    }
    case "makeUniquePartial":
      return changes(origin, makeSqlUniquePartial(text, origin, createdIn(intent.table, origin.uri), intent));
    case "widenForeignKey": {
      const parent = targetOf(intent.referenced, context);
      if (isRefusal(parent)) return parent;
      const placement = context.sqlPlacement(parent.origin.uri);
      if (placement.kind === "newMigration") return newMigration(intent, placement);
      const child = changes(origin, widenSqlForeignKey(text, origin, createdIn(intent.table, origin.uri), intent));
      const unique = changes(parent.origin, addSqlUnique(parent.text, parent.origin, intent.referenced, intent.referencedColumns));
      if (isRefusal(child) || isRefusal(unique)) return isRefusal(child) ? child : unique;
      return joined([...unique, ...child]);
    }
    case "addForeignKey":
      return changes(origin, addSqlForeignKey(text, createdIn(intent.table, origin.uri), createdIn(intent.referenced, origin.uri), intent));
    case "dropForeignKey":
      return changes(origin, dropSqlForeignKey(text, origin, createdIn(intent.table, origin.uri)));
    case "setDeferrable":
      return changes(origin, setSqlDeferrable(text, origin));
    case "setOnUpdate":
      return changes(origin, setSqlOnUpdate(text, origin, intent));
    case "replaceIndex":
      return changes(origin, replaceSqlIndex(text, origin, intent));
  }
}

/** In the forms for tables that others use: an index is built beside them, what must hold for old rows is looked at afterwards. */
export function newMigration(intent: ModelIntent, { uri, sending = "message" }: NewMigration): readonly FileEdit[] | Refusal {
  const statements = sqlStatements(intent);
  if (isRefusal(statements)) return statements;
  const tables = intent.do === "setColumnType" ? intent.columns.map(({ table }) => table) : [intent.table];
  const parts = tables.every(({ kind }) => kind === "table") ? statements.flatMap((statement) => safeForms(statement, sending, statements.length === 1)) : statements.map((text): Part => ({ text }));
  const textOf = (...places: readonly Part["place"][]): string => places.flatMap((wanted) => parts.flatMap(({ text, place }) => (place === wanted ? [`${text}\n`] : []))).join("");
  // Statement by statement, one file does it all.
  const texts = sending === "each" ? [{ text: textOf(undefined, "alone", "after") }] : ([undefined, "alone", "after"] as const).map((place) => ({ text: textOf(place), ...(place === undefined ? {} : { place }) }));
  return texts.flatMap((part): readonly FileEdit[] => (part.text === "" ? [] : [{ kind: "create", uri, ...part }]));
}

type NewMigration = Extract<SqlPlacement, { readonly kind: "newMigration" }>;

interface Part {
  readonly text: string;
  readonly place?: "alone" | "after";
}

/** `isOnly`: nothing else has to happen together with it. */
function safeForms(statement: string, sending: NonNullable<NewMigration["sending"]>, isOnly: boolean): readonly Part[] {
  const index = /^((?:CREATE(?: UNIQUE)?|DROP) INDEX) (?!CONCURRENTLY)([^]*)$/.exec(statement);
  if (index !== null) return sending === "transaction" || !isOnly ? [{ text: statement }] : [{ text: `${index[1]} CONCURRENTLY ${index[2]}`, place: "alone" }];
  const constraint = /^(ALTER TABLE (?:ONLY )?((?:"(?:[^"]|"")+"|[\w.$])+) [^]*?ADD CONSTRAINT ("(?:[^"]|"")+"|[\w$]+) (?:FOREIGN KEY|CHECK) [^]*?)(?: NOT VALID)?;$/.exec(statement);
  if (constraint === null || /ADD CONSTRAINT[^]*ADD CONSTRAINT/.test(statement)) return [{ text: statement }];
  const [, body = "", table = "", name = ""] = constraint;
  return [{ text: `${body} NOT VALID;` }, { text: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};`, place: "after" }];
}
