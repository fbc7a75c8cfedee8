/** Intents of names, comments and house style as edits of what states them, or as a new migration. */
import type { Element, TextOrigin } from "../model/schema.ts";
import { sqlIdentifier } from "../model/names.ts";
import type { Edit, FileEdit } from "../text/edit.ts";
import type { DesignIntent } from "./intents/designIntent.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";
import { commentStatement, setPrismaComment, setSqlComment } from "./renderComments.ts";
import { addNewPrismaField, addPrismaField, orderPrismaFields } from "./prisma/renderPrismaFields.ts";
import { mapPrismaName } from "./prisma/renderPrismaNames.ts";
import { addStatement, addToTable, namingIn } from "./sql/sqlPlaces.ts";
import { type Naming, sqlTable, sqlType } from "./sql/sqlStatements.ts";

/** What of `RenderContext` this needs. */
interface TextContext {
  readText(uri: string): string | undefined;
  sqlPlacement(uri: string): { readonly kind: "inPlace" } | { readonly kind: "newMigration"; readonly uri: string };
}

export function renderDesign(intent: DesignIntent, context: TextContext): readonly FileEdit[] | Refusal {
  const stated = statedAt(aboutWhat(intent));
  if (stated === undefined) return refuse(`${intent.table.name} is written in no file.`);
  const text = context.readText(stated.uri);
  if (text === undefined) return refuse(`${stated.uri} cannot be read.`);
  if (stated.kind === "prisma" && !(intent.do === "setComment" && intent.inDatabase === true)) {
    if (intent.do === "mapName") return mapPrismaName(intent, stated, (uri) => context.readText(uri));
    return changes(stated, inPrisma(intent, text, stated, context));
  }
  if (intent.do === "mapName" || intent.do === "orderFields") return refuse(`${intent.table.name} is no Prisma model.`);
  const placement = context.sqlPlacement(stated.uri);
  if (placement.kind === "newMigration") return newMigration(placement.uri, statement(intent, sqlTable));
  if (intent.do === "renameInDatabase") return refuse("There are no migrations that could rename it: what says the name must change with it.");
  if (stated.kind === "prisma") return refuse("Prisma has no words for it, and there is no migration to say it in.");
  const last = lastSqlOrigin(aboutWhat(intent)) ?? stated;
  const lastText = context.readText(last.uri);
  if (lastText === undefined) return refuse(`${last.uri} cannot be read.`);
  return changes(last, inSql(intent, lastText, last));
}

function aboutWhat(intent: DesignIntent): Element {
  return intent.do === "setComment" || intent.do === "mapName" ? (intent.column ?? intent.table) : intent.table;
}

/** The first text that states it. */
function statedAt({ origins }: Element): TextOrigin | undefined {
  for (const origin of origins) if (origin.kind === "prisma" || origin.kind === "sql") return origin;
  return undefined;
}

function lastSqlOrigin({ origins }: Element): TextOrigin | undefined {
  for (const origin of origins.toReversed()) if (origin.kind === "sql") return origin;
  return undefined;
}

function inPrisma(
  intent: Exclude<DesignIntent, { do: "mapName" }>,
  text: string,
  stated: TextOrigin,
  context: TextContext,
): readonly Edit[] | Refusal {
  switch (intent.do) {
    case "setComment":
      return setPrismaComment(text, stated, intent.text);
    case "orderFields":
      return orderPrismaFields(text, stated, intent.table, intent.columns);
    case "renameInDatabase":
      return refuse(`${intent.table.name} is a Prisma model, whose own name changes instead.`);
    case "addNewColumn":
      return addNewPrismaField(text, stated, intent);
    case "addColumn": {
      const { column } = intent.like;
      const origin = statedAt(column);
      const likeText = origin?.kind === "prisma" ? context.readText(origin.uri) : undefined;
      if (origin === undefined || likeText === undefined) return refuse(`${column.name} is no field of a Prisma model.`);
      return addPrismaField(text, stated, intent.table, { text: likeText, origin, name: column.prismaName ?? column.name });
    }
  }
}

type SqlIntent = Extract<DesignIntent, { do: "setComment" | "addColumn" | "addNewColumn" | "renameInDatabase" }>;

function inSql(intent: Exclude<SqlIntent, { do: "renameInDatabase" }>, text: string, last: TextOrigin): readonly Edit[] {
  if (intent.do === "setComment") return setSqlComment(text, last.uri, intent);
  const [created] = intent.table.origins;
  const added = created.kind === "sql" && created.uri === last.uri ? addToTable(text, created, [], columnDefinition(intent)) : undefined;
  if (added !== undefined && !isRefusal(added)) return added;
  return addStatement(text, intent.table, last.uri, statement(intent, namingIn(text, intent.table, last.uri)));
}

function statement(intent: SqlIntent, naming: Naming): string {
  if (intent.do === "setComment") return commentStatement(intent, naming);
  if (intent.do === "renameInDatabase") {
    const column = intent.column === undefined ? "" : ` COLUMN ${sqlIdentifier(intent.column.name)}`;
    return `ALTER TABLE ${naming(intent.table)} RENAME${column} TO ${sqlIdentifier(intent.to)};`;
  }
  return `ALTER TABLE ${naming(intent.table)} ADD COLUMN ${columnDefinition(intent)};`;
}

function columnDefinition(intent: Extract<SqlIntent, { do: "addColumn" | "addNewColumn" }>): string {
  if (intent.do === "addNewColumn") return `${sqlIdentifier(intent.column)} ${sqlType(intent.type)}${intent.nullable ? "" : " NOT NULL"}`;
  const { column } = intent.like;
  const parts = [sqlIdentifier(column.name), sqlType(column.type)];
  if (column.notNull) parts.push("NOT NULL");
  if (column.default !== undefined) parts.push(`DEFAULT ${column.default.text}`);
  return parts.join(" ");
}

function newMigration(uri: string, text: string): readonly FileEdit[] {
  return [{ kind: "create", uri, text: `${text}\n` }];
}

function changes({ uri }: TextOrigin, edits: readonly Edit[] | Refusal): readonly FileEdit[] | Refusal {
  if (isRefusal(edits)) return edits;
  return edits.length === 0 ? [] : [{ kind: "change", uri, edits }];
}
