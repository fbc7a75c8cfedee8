/** Intents about extensions, the datasource and written names as edits of the texts, or as a new migration. */
import { sqlIdentifier } from "../model/names.ts";
import type { Origins, TextOrigin } from "../model/schema.ts";
import type { Edit, FileEdit } from "../text/edit.ts";
import { insertAt, removeWithLines } from "./lines.ts";
import type { ProjectIntent } from "./intents/projectIntent.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { sqlTokens } from "./sql/sqlText.ts";

/** What of `RenderContext` this needs. */
interface TextContext {
  readText(uri: string): string | undefined;
  sqlPlacement(uri: string): { readonly kind: "inPlace" } | { readonly kind: "newMigration"; readonly uri: string };
}

export function renderProject(intent: ProjectIntent, context: TextContext): readonly FileEdit[] | Refusal {
  const origin = firstText(statedAt(intent));
  if (origin === undefined) return refuse("What it changes is written in no file.");
  const text = context.readText(origin.uri);
  if (text === undefined) return refuse(`${origin.uri} cannot be read.`);
  switch (intent.do) {
    case "createExtension":
      return createExtension(intent.extension, origin, text, context);
    case "enforceRelations":
      return change(origin, removeWithLines(text, origin.span));
    case "qualifyName":
      if (context.sqlPlacement(origin.uri).kind === "newMigration")
        return refuse("The database already has it in this schema; only the text of a migration that was already written could say so.");
      return change(origin, insertAt(origin.nameSpan.start, `${sqlIdentifier(intent.schema)}.`));
  }
}

function statedAt(intent: ProjectIntent): Origins {
  switch (intent.do) {
    case "createExtension":
      return intent.neededBy;
    case "enforceRelations":
      return intent.stated;
    case "qualifyName":
      return intent.created;
  }
}

function firstText(origins: Origins): TextOrigin | undefined {
  for (const origin of origins) if (origin.kind === "prisma" || origin.kind === "sql") return origin;
  return undefined;
}

/**
 * As the first statement of the file that needs it. A history that has run needs it in a file of its past. What a Prisma
 * schema needs goes into the list of its datasource where it has one, else into a migration ahead of the one that makes it.
 */
function createExtension(extension: string, origin: TextOrigin, text: string, context: TextContext): readonly FileEdit[] | Refusal {
  const statement = `CREATE EXTENSION IF NOT EXISTS ${sqlIdentifier(extension)};`;
  const placement = context.sqlPlacement(origin.uri);
  if (origin.kind === "sql") {
    if (placement.kind === "newMigration")
      return refuse(`The database already has ${extension}, or this migration has failed; only its own text could create it.`);
    const [first] = sqlTokens(text, { start: 0, end: text.length });
    return change(origin, insertAt(first?.span.start ?? 0, `${statement}\n`));
  }
  const list = /^[ \t]*extensions[ \t]*=[ \t]*\[([^\]]*)/m.exec(text);
  if (list !== null)
    return change(origin, insertAt(list.index + list[0].length, `${list[1]?.trim() === "" ? "" : ", "}${prismaName(extension)}`));
  if (placement.kind === "inPlace") return refuse("There is no migration to create the extension in.");
  return [{ kind: "create", uri: placement.uri, text: `${statement}\n` }];
}

/** A name that is no identifier in Prisma goes by another one there. */
function prismaName(extension: string): string {
  const name = extension.replaceAll(/\W/g, "_");
  return name === extension ? name : `${name}(map: ${JSON.stringify(extension)})`;
}

function change({ uri }: TextOrigin, edit: Edit): readonly FileEdit[] {
  return [{ kind: "change", uri, edits: [edit] }];
}
