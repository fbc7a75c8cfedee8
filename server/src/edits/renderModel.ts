/** Intents about one element, written where it is stated: in the Prisma schema, in SQL, or as a new migration. */
import type { Element, Table } from "../model/schema.ts";
import type { FileEdit } from "../text/edit.ts";
import type { Intent, TypedColumn } from "./intent.ts";
import { joined } from "./mergedEdits.ts";
import { type ModelIntent, partOf, type PlacedIntent, touchedBy } from "./modelIntent.ts";
import { dropPrismaIndex, setPrismaType } from "./prisma/renderPrisma.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import type { RenderContext } from "./renderContext.ts";
import { renderModelInPrisma } from "./renderModelInPrisma.ts";
import { newMigration, renderModelInSql } from "./renderModelInSql.ts";
import { setSqlType } from "./sql/renderSql.ts";
import { appendStatements, namingIn } from "./sql/sqlPlaces.ts";
import { sqlStatements } from "./sql/sqlStatements.ts";
import { changed, columnsOf, lastTarget, type Target, targetOf } from "./targets.ts";

export function renderModel(intent: ModelIntent, context: RenderContext): readonly FileEdit[] | Refusal {
  return intent.do === "setColumnType" ? renderTypes(intent, context) : renderAt(intent, context);
}

function renderAt(intent: PlacedIntent, context: RenderContext): readonly FileEdit[] | Refusal {
  const target =
    intent.do === "addIndex"
      ? lastTarget([intent.table, ...columnsOf(intent.table, intent.columns)], context)
      : targetOf(touchedBy(intent), context, partOf(intent));
  if (isRefusal(target)) return target;
  const { uri } = target.origin;
  if (target.origin.kind === "prisma") {
    const rendered = renderModelInPrisma(intent, target, context);
    if (!isRefusal(rendered) || !needsSql(intent, context, uri)) return rendered;
    return besidePrisma(intent, target, context, rendered);
  }
  const placement = context.sqlPlacement(uri);
  if (placement.kind === "newMigration") return newMigration(intent, placement);
  const rendered = renderModelInSql(intent, target, context);
  return isRefusal(rendered) ? appendSql(intent, context, rendered) : rendered;
}

/** The columns of one change may stand in several files and languages; all of them change, or none. */
function renderTypes(intent: Extract<Intent, { do: "setColumnType" }>, context: RenderContext): readonly FileEdit[] | Refusal {
  const edits: FileEdit[] = [];
  const migrated = new Map<string, { readonly placement: Parameters<typeof newMigration>[1]; readonly columns: TypedColumn[] }>();
  for (const typed of intent.columns) {
    if (typed.column.origins.every((origin) => origin.kind === "implied")) continue;
    const target = targetOf(typed.column, context, "type");
    if (isRefusal(target)) return target;
    const { text, origin } = target;
    const placement = origin.kind === "sql" ? context.sqlPlacement(origin.uri) : undefined;
    if (placement?.kind === "newMigration") {
      migrated.set(placement.uri, { placement, columns: [...(migrated.get(placement.uri)?.columns ?? []), typed] });
      continue;
    }
    const rendered =
      origin.kind === "prisma" ? setPrismaType(text, origin, typed, intent.type) : setSqlType(text, origin, typed, intent.type);
    // One that cannot change where it stands changes with all the others, behind everything that was stated before.
    if (isRefusal(rendered)) return origin.kind === "prisma" ? rendered : appendSql(intent, context, rendered);
    edits.push({ kind: "change", uri: origin.uri, edits: rendered });
  }
  for (const { placement, columns } of migrated.values()) {
    const created = newMigration({ ...intent, columns }, placement);
    if (isRefusal(created)) return created;
    edits.push(...created);
  }
  return joined(edits);
}

/** Whether Prisma leaves the intent to SQL, and there is a place for SQL. */
function needsSql(intent: PlacedIntent, context: RenderContext, uri: string): boolean {
  const canBeSql =
    intent.do === "makeUniquePartial" ||
    (intent.do === "setOnDelete" && intent.setColumns !== undefined) ||
    intent.do === "addIndex" ||
    intent.do === "addCheck" ||
    intent.do === "addUpdateTrigger" ||
    intent.do === "replaceUnique" ||
    intent.do === "setDeferrable" ||
    intent.do === "replaceIndex";
  return canBeSql && context.sqlPlacement(uri).kind === "newMigration";
}

/** SQL says it in a new migration; a unique attribute that it replaces leaves the schema, or Prisma would make it again. */
function besidePrisma(intent: PlacedIntent, target: Target, context: RenderContext, refusal: Refusal): readonly FileEdit[] | Refusal {
  const placement = context.sqlPlacement(target.origin.uri);
  if (placement.kind !== "newMigration") return refusal;
  const created = newMigration(intent, placement);
  if (isRefusal(created) || (intent.do !== "makeUniquePartial" && intent.do !== "replaceIndex")) return created;
  return [...changed(target.origin.uri, dropPrismaIndex(target.text, target.origin)), ...created];
}

/** What cannot be written where it belongs is written as a new migration would be, at the end of the file. */
function appendSql(intent: ModelIntent, context: RenderContext, refusal: Refusal): readonly FileEdit[] | Refusal {
  const table = intent.do === "setColumnType" ? intent.columns[0]?.table : intent.table;
  const target = lastTarget(neededBy(intent), context);
  if (table === undefined || isRefusal(target)) return refusal;
  const { text, origin } = target;
  const placement = context.sqlPlacement(origin.uri);
  if (placement.kind === "newMigration") return newMigration(intent, placement);
  const statements = sqlStatements(intent, namingIn(text, table, origin.uri));
  return isRefusal(statements) ? refusal : changed(origin.uri, appendStatements(text, statements));
}

/** What must be there before what is appended. */
function neededBy(intent: ModelIntent): readonly Element[] {
  if (intent.do === "setColumnType") return intent.columns.map(({ column }) => column);
  return intent.do === "addForeignKey" ? inOrderOfFiles([intent.table, intent.referenced]) : [touchedBy(intent)];
}

/** Files are read in the order of their names. */
function inOrderOfFiles(tables: readonly Table[]): readonly Table[] {
  const uriOf = ({ origins: [origin] }: Table): string => ("uri" in origin ? origin.uri : "");
  return [...tables].sort((a, b) => (uriOf(a) < uriOf(b) ? -1 : 1));
}
