/** The texts that an intent changes: where an element is stated, and where what is new has to stand. */
import type { Element, Table, TextOrigin } from "../model/schema.ts";
import type { Edit, FileEdit } from "../text/edit.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";
import type { RenderContext } from "./renderContext.ts";

/** A file to be edited. */
export interface Target {
  readonly text: string;
  readonly origin: TextOrigin;
}

/** The first text that states the element, or this part of it. */
export function targetOf(element: Element, context: RenderContext, part?: string): Target | Refusal {
  const texts = element.origins.flatMap((origin) => (origin.kind === "prisma" || origin.kind === "sql" ? [origin] : []));
  const origin = texts.find(({ kind, parts }) => kind === texts[0]?.kind && part !== undefined && parts?.[part] !== undefined) ?? texts[0];
  if (origin === undefined) return refuse(`${element.name} is written in no file.`);
  const text = context.readText(origin.uri);
  return text === undefined ? refuse(`${origin.uri} cannot be read.`) : { text, origin };
}

export function columnsOf(table: Table, names: readonly string[]): readonly Element[] {
  return names.flatMap((name) => table.columns.get(name) ?? []);
}

/** The model, if it stands in this file. */
export function modelIn(table: Table, uri: string): TextOrigin | undefined {
  for (const origin of table.origins) if (origin.kind === "prisma" && origin.uri === uri) return origin;
  return undefined;
}

/** The CREATE TABLE, if it stands in this file. */
export function createdIn(table: Table, uri: string): TextOrigin | undefined {
  const [created] = table.origins;
  return created.kind === "sql" && created.uri === uri ? created : undefined;
}

/** What is new stands behind what it needs: where another file adds a column of it later, or renames something, there. */
export function lastTarget(elements: readonly Element[], context: RenderContext): Target | Refusal {
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

export function changes({ uri }: TextOrigin, edits: readonly Edit[] | Refusal): readonly FileEdit[] | Refusal {
  return isRefusal(edits) ? edits : changed(uri, edits);
}

export function changed(uri: string, edits: readonly Edit[]): readonly FileEdit[] {
  return edits.length === 0 ? [] : [{ kind: "change", uri, edits }];
}
