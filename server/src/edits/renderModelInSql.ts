/** Intents about one element as edits of the SQL that states it, or as a new migration. */
import type { FileEdit } from "../text/edit.ts";
import { joined } from "./mergedEdits.ts";
import type { ModelIntent, PlacedIntent } from "./modelIntent.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";
import type { RenderContext } from "./renderContext.ts";
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
      if (placement.kind === "newMigration") return newMigration(intent, placement.uri);
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

export function newMigration(intent: ModelIntent, uri: string): readonly FileEdit[] | Refusal {
  const statements = sqlStatements(intent);
  return isRefusal(statements) ? statements : [{ kind: "create", uri, text: statements.map((statement) => `${statement}\n`).join("") }];
}
