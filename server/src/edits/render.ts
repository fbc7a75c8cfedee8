/**
 * Writes intents as text: into the Prisma schema or the SQL that states what they touch, or as a new migration where
 * the SQL has been applied already or Prisma has no words for it. Reads texts through its context and changes nothing.
 */
import type { Places } from "../model/places.ts";
import type { Element, Table, TextOrigin } from "../model/schema.ts";
import type { Edit, FileEdit } from "../text/edit.ts";
import type { Intent, TypedColumn } from "./intent.ts";
import { joined, MergedEdits } from "./mergedEdits.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";
import { dropPrismaNotNull, setPrismaDefault, setPrismaNotNull } from "./prisma/renderPrismaColumns.ts";
import {
  addPrismaIndex,
  addPrismaKey,
  addPrismaKeyField,
  dropPrismaIndex,
  makePrismaUniquePartial,
  setPrismaOnDelete,
  setPrismaType,
  widenPrismaRelation,
} from "./prisma/renderPrisma.ts";
import { replacePrismaIndex, replaceSqlIndex } from "./renderIndexes.ts";
import { addPrismaRelation, setPrismaOnUpdate } from "./prisma/renderPrismaRelations.ts";
import { addSqlForeignKey, dropSqlForeignKey, setSqlDeferrable, setSqlOnUpdate } from "./sql/renderSqlForeignKeys.ts";
import {
  addSqlIndex,
  addSqlKey,
  addSqlKeyColumn,
  addSqlUnique,
  dropSqlIndex,
  makeSqlUniquePartial,
  setSqlOnDelete,
  setSqlType,
  widenSqlForeignKey,
} from "./sql/renderSql.ts";
import { renderDesign } from "./renderDesign.ts";
import { isMigrationIntent, type MigrationIntent } from "./intents/migrationIntent.ts";
import { isProjectIntent, type ProjectIntent } from "./intents/projectIntent.ts";
import { renderProject } from "./renderProject.ts";
import { renderSecurity } from "./renderSecurity.ts";
import { type DesignIntent, isDesignIntent } from "./intents/designIntent.ts";
import { isSecurityIntent, type SecurityIntent } from "./intents/securityIntent.ts";
import { renderMigration } from "./sql/renderMigration.ts";
import { addSqlCheck, defaultPart, dropSqlNotNull, nameSqlConstraint, setSqlDefault, setSqlIdentity, setSqlNotNull } from "./sql/renderSqlColumns.ts";
import { replacePrismaUnique, replaceSqlUnique } from "./renderUnique.ts";
import { appendStatements, namingIn } from "./sql/sqlPlaces.ts";
import { sqlStatements } from "./sql/sqlStatements.ts";

/** Whether a file's SQL may still be edited, or is history that only a new file can change. */
export type SqlPlacement = { readonly kind: "inPlace" } | { readonly kind: "newMigration"; readonly uri: string };

export interface RenderContext {
  /** Where what the intents touch stands in the texts. */
  readonly places: Places;
  readText(uri: string): string | undefined;
  /** For an SQL file, or for a Prisma file when something must be said in SQL. */
  sqlPlacement(uri: string): SqlPlacement;
  /** `previewFeatures` of the generators of the schema that the Prisma file belongs to. */
  previewFeatures?(uri: string): readonly string[];
}

/** The changes, one entry a file; or why there are none. */
export function renderIntent(intent: Intent, context: RenderContext): readonly FileEdit[] | Refusal {
  if (intent.do === "replaceText") return [{ kind: "change", uri: intent.uri, edits: [{ span: intent.span, text: intent.text }] }];
  const placed = context.places.copy(intent);
  if (isDesignIntent(placed)) return inLineBreaks(renderDesign(placed, context), context);
  if (isMigrationIntent(placed)) return inLineBreaks(renderMigration(placed, context), context);
  if (isProjectIntent(placed)) return inLineBreaks(renderProject(placed, context), context);
  if (isSecurityIntent(placed)) return inLineBreaks(renderSecurity(placed, context), context);
  const rendered = placed.do === "setColumnType" ? renderTypes(placed, context) : renderAt(placed, context);
  return inLineBreaks(rendered, context);
}

/** Many intents at once: what several of them want alike is done once, and one that collides with an earlier one is left out. */
export function renderIntents(
  intents: readonly Intent[],
  context: RenderContext,
): { readonly edits: readonly FileEdit[]; readonly refused: readonly { readonly intent: Intent; readonly reason: string }[] } {
  const merged = new MergedEdits();
  const refused: { intent: Intent; reason: string }[] = [];
  for (const intent of intents) {
    const rendered = renderIntent(intent, context);
    if (isRefusal(rendered)) refused.push({ intent, reason: rendered.reason });
    else if (!merged.takes(rendered)) refused.push({ intent, reason: "Another fix changes the same text." });
    else merged.add(rendered);
  }
  return { edits: merged.fileEdits(), refused };
}

type ModelIntent = Exclude<Intent, { do: "replaceText" } | DesignIntent | MigrationIntent | ProjectIntent | SecurityIntent>;
type PlacedIntent = Exclude<ModelIntent, { do: "setColumnType" }>;

/** A file to be edited. */
interface Target {
  readonly text: string;
  readonly origin: TextOrigin;
}

function renderAt(intent: PlacedIntent, context: RenderContext): readonly FileEdit[] | Refusal {
  const target =
    intent.do === "addIndex"
      ? lastTarget([intent.table, ...columnsOf(intent.table, intent.columns)], context)
      : targetOf(touchedBy(intent), context, partOf(intent));
  if (isRefusal(target)) return target;
  const { uri } = target.origin;
  if (target.origin.kind === "prisma") {
    const rendered = renderPrisma(intent, target, context);
    if (!isRefusal(rendered) || !needsSql(intent, context, uri)) return rendered;
    return besidePrisma(intent, target, context, rendered);
  }
  const placement = context.sqlPlacement(uri);
  if (placement.kind === "newMigration") return newMigration(intent, placement.uri);
  const rendered = renderSql(intent, target, context);
  return isRefusal(rendered) ? appendSql(intent, context, rendered) : rendered;
}

/** The element whose first text decides where the intent is written: the one a finding about it is shown at. */
function touchedBy(intent: PlacedIntent): Element {
  switch (intent.do) {
    case "addIndex":
    case "addPrimaryKeyColumn":
    case "addForeignKey":
    case "addCheck":
    case "addUpdateTrigger":
      return intent.table;
    case "nameConstraint":
      return intent.constraint;
    case "setDefault":
    case "setNotNull":
    case "dropNotNull":
    case "setIdentity":
      return intent.column;
    case "addPrimaryKey":
      return intent.replaces ?? intent.table;
    case "dropIndex":
    case "makeUniquePartial":
    case "replaceUnique":
    case "replaceIndex":
      return intent.index;
    case "dropForeignKey":
    case "setDeferrable":
    case "setOnUpdate":
    case "setOnDelete":
    case "widenForeignKey":
      return intent.foreignKey;
  }
}

/** The part that a text must state of the element for the intent to be written there. */
function partOf(intent: PlacedIntent): string | undefined {
  if (intent.do === "setDefault") return defaultPart(intent);
  if (intent.do === "dropNotNull") return "notNull";
  return intent.do === "setNotNull" || intent.do === "setIdentity" ? "type" : undefined;
}

function renderPrisma(intent: PlacedIntent, target: Target, context: RenderContext): readonly FileEdit[] | Refusal {
  const { text, origin } = target;
  switch (intent.do) {
    case "addIndex":
      return changes(origin, addPrismaIndex(text, origin, intent));
    case "dropIndex":
      return changes(origin, dropPrismaIndex(text, origin));
    case "addPrimaryKey":
      return changes(origin, addPrismaKey(text, origin, intent));
    case "addPrimaryKeyColumn":
      return changes(origin, addPrismaKeyField(text, origin, intent));
    case "setOnDelete":
      return changes(origin, setPrismaOnDelete(origin, intent));
    case "replaceUnique":
      return changes(origin, replacePrismaUnique(text, origin, modelIn(intent.table, origin.uri), intent));
    case "setDefault":
      return changes(origin, setPrismaDefault(origin, intent));
    case "setNotNull":
      return changes(origin, setPrismaNotNull(text, origin, intent));
    case "dropNotNull":
      return changes(origin, dropPrismaNotNull(origin, intent));
    case "setIdentity":
      return refuse("Prisma has no identity columns.");
    case "addCheck":
      return refuse("Prisma has no CHECK constraints.");
    case "addUpdateTrigger":
      return refuse("Prisma has no triggers.");
    case "nameConstraint":
      return refuse("Prisma names every constraint.");
    case "makeUniquePartial":
      if (!hasPartialIndexes(text, context, origin.uri))
        return refuse("Prisma says partial indexes only with the preview feature partialIndexes.");
      return changes(origin, makePrismaUniquePartial(text, origin, intent));
    case "widenForeignKey": {
      const parent = targetOf(intent.referenced, context);
      if (isRefusal(parent)) return parent;
      if (parent.origin.kind !== "prisma") return refuse(`${intent.referenced.name} is not in the Prisma schema.`);
      const widened = widenPrismaRelation(origin, parent, intent);
      return isRefusal(widened) ? widened : joined([...changed(origin.uri, widened.child), ...changed(parent.origin.uri, widened.parent)]);
    }
    case "addForeignKey": {
      const parent = targetOf(intent.referenced, context);
      if (isRefusal(parent)) return parent;
      if (parent.origin.kind !== "prisma") return refuse(`${intent.referenced.name} is not in the Prisma schema.`);
      const added = addPrismaRelation(target, parent, intent);
      return isRefusal(added) ? added : joined([...changed(origin.uri, added.child), ...changed(parent.origin.uri, added.parent)]);
    }
    case "dropForeignKey":
      return refuse("The relation's fields are what the Prisma client offers: take them out by hand.");
    case "setDeferrable":
      return refuse("Prisma cannot say when a foreign key is checked.");
    case "setOnUpdate":
      return changes(origin, setPrismaOnUpdate(origin, intent));
    case "replaceIndex":
      return changes(origin, replacePrismaIndex(text, origin, intent, hasPartialIndexes(text, context, origin.uri)));
  }
}

function renderSql(intent: PlacedIntent, target: Target, context: RenderContext): readonly FileEdit[] | Refusal {
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

/** The columns of one change may stand in several files and languages; all of them change, or none. */
function renderTypes(intent: Extract<Intent, { do: "setColumnType" }>, context: RenderContext): readonly FileEdit[] | Refusal {
  const edits: FileEdit[] = [];
  const migrated = new Map<string, TypedColumn[]>();
  for (const typed of intent.columns) {
    if (typed.column.origins.every((origin) => origin.kind === "implied")) continue;
    const target = targetOf(typed.column, context, "type");
    if (isRefusal(target)) return target;
    const { text, origin } = target;
    const placement = origin.kind === "sql" ? context.sqlPlacement(origin.uri) : undefined;
    if (placement?.kind === "newMigration") {
      migrated.set(placement.uri, [...(migrated.get(placement.uri) ?? []), typed]);
      continue;
    }
    const rendered = origin.kind === "prisma" ? setPrismaType(text, origin, typed, intent.type) : setSqlType(text, origin, typed, intent.type);
    // One that cannot change where it stands changes with all the others, behind everything that was stated before.
    if (isRefusal(rendered)) return origin.kind === "prisma" ? rendered : appendSql(intent, context, rendered);
    edits.push({ kind: "change", uri: origin.uri, edits: rendered });
  }
  for (const [uri, columns] of migrated) {
    const created = newMigration({ ...intent, columns }, uri);
    if (isRefusal(created)) return created;
    edits.push(...created);
  }
  return joined(edits);
}

function newMigration(intent: ModelIntent, uri: string): readonly FileEdit[] | Refusal {
  const statements = sqlStatements(intent);
  return isRefusal(statements) ? statements : [{ kind: "create", uri, text: statements.map((statement) => `${statement}\n`).join("") }];
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
  const created = newMigration(intent, placement.uri);
  if (isRefusal(created) || (intent.do !== "makeUniquePartial" && intent.do !== "replaceIndex")) return created;
  return [...changed(target.origin.uri, dropPrismaIndex(target.text, target.origin)), ...created];
}

function hasPartialIndexes(text: string, context: RenderContext, uri: string): boolean {
  const features = context.previewFeatures?.(uri) ?? [];
  return features.includes("partialIndexes") || /^\s*previewFeatures\s*=\s*\[[^\]]*"partialIndexes"/m.test(text);
}

/** The first text that states the element, or this part of it. */
function targetOf(element: Element, context: RenderContext, part?: string): Target | Refusal {
  const texts = element.origins.flatMap((origin) => (origin.kind === "prisma" || origin.kind === "sql" ? [origin] : []));
  const origin = texts.find(({ kind, parts }) => kind === texts[0]?.kind && part !== undefined && parts?.[part] !== undefined) ?? texts[0];
  if (origin === undefined) return refuse(`${element.name} is written in no file.`);
  const text = context.readText(origin.uri);
  return text === undefined ? refuse(`${origin.uri} cannot be read.`) : { text, origin };
}

function columnsOf(table: Table, names: readonly string[]): readonly Element[] {
  return names.flatMap((name) => table.columns.get(name) ?? []);
}

/** The model, if it stands in this file. */
function modelIn(table: Table, uri: string): TextOrigin | undefined {
  for (const origin of table.origins) if (origin.kind === "prisma" && origin.uri === uri) return origin;
  return undefined;
}

/** The CREATE TABLE, if it stands in this file. */
function createdIn(table: Table, uri: string): TextOrigin | undefined {
  const [created] = table.origins;
  return created.kind === "sql" && created.uri === uri ? created : undefined;
}

/** What is new stands behind what it needs: where another file adds a column of it later, or renames something, there. */
function lastTarget(elements: readonly Element[], context: RenderContext): Target | Refusal {
  const [first] = elements;
  const target = first === undefined ? refuse("There is nothing to change.") : targetOf(first, context);
  if (isRefusal(target) || target.origin.kind !== "sql") return target;
  for (const { origins } of elements) {
    const last = origins.at(-1);
    if (last?.kind !== "sql" || last.uri === target.origin.uri) continue;
    const text = context.readText(last.uri);
    return text === undefined ? refuse(`${last.uri} cannot be read.`) : { text, origin: last };
  }
  return target;
}

/** What cannot be written where it belongs is written as a new migration would be, at the end of the file. */
function appendSql(intent: ModelIntent, context: RenderContext, refusal: Refusal): readonly FileEdit[] | Refusal {
  const table = intent.do === "setColumnType" ? intent.columns[0]?.table : intent.table;
  const target = lastTarget(neededBy(intent), context);
  if (table === undefined || isRefusal(target)) return refusal;
  const { text, origin } = target;
  const placement = context.sqlPlacement(origin.uri);
  if (placement.kind === "newMigration") return newMigration(intent, placement.uri);
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

function changes({ uri }: TextOrigin, edits: readonly Edit[] | Refusal): readonly FileEdit[] | Refusal {
  return isRefusal(edits) ? edits : changed(uri, edits);
}

function changed(uri: string, edits: readonly Edit[]): readonly FileEdit[] {
  return edits.length === 0 ? [] : [{ kind: "change", uri, edits }];
}

function inLineBreaks(rendered: readonly FileEdit[] | Refusal, context: RenderContext): readonly FileEdit[] | Refusal {
  return isRefusal(rendered) ? rendered : rendered.map((edit) => withLineBreaksOf(edit, context));
}

/** Edits are written with `\n`; a file that breaks its lines with `\r\n` keeps doing so. */
function withLineBreaksOf(edit: FileEdit, context: RenderContext): FileEdit {
  if (edit.kind === "create" || context.readText(edit.uri)?.includes("\r\n") !== true) return edit;
  return { ...edit, edits: edit.edits.map(({ span, text }) => ({ span, text: text.replaceAll(/\r?\n/g, "\r\n") })) };
}
