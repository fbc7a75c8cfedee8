/** Changes of fields where the Prisma schema states them: defaults and NOT NULL. */
import type { PgType, TextOrigin } from "../../model/schema.ts";
import type { Edit } from "../../text/edit.ts";
import type { Intent } from "../intent.ts";
import { insertAt } from "../lines.ts";
import { prismaType } from "./prismaType.ts";
import { refuse, type Refusal } from "../refusal.ts";

type IntentTo<Kind extends Intent["do"]> = Extract<Intent, { do: Kind }>;

export function setPrismaDefault(field: TextOrigin, { column, value, madeBy }: IntentTo<"setDefault">): readonly Edit[] {
  const written = `@default(${madeBy === "client" ? value : prismaValue(value, column.type)})`;
  const stated = field.parts?.["default"];
  return stated === undefined ? [insertAt(field.span.end, ` ${written}`)] : [{ span: stated, text: written }];
}

/** `Boolean?` becomes `Boolean @default(false)`. */
export function setPrismaNotNull(text: string, field: TextOrigin, { column, value }: IntentTo<"setNotNull">): readonly Edit[] | Refusal {
  const type = field.parts?.["type"];
  if (type === undefined || text[type.end - 1] !== "?") return refuse(`${column.name} is not written as optional here.`);
  const needsDefault = value !== undefined && field.parts?.["default"] === undefined;
  const added = needsDefault ? ` @default(${prismaValue(value, column.type)})` : "";
  return [{ span: { start: type.end - 1, end: type.end }, text: added }];
}

export function dropPrismaNotNull(field: TextOrigin, { column }: IntentTo<"dropNotNull">): readonly Edit[] | Refusal {
  const type = field.parts?.["type"];
  return type === undefined ? refuse(`The type of ${column.name} is not written here.`) : [insertAt(type.end, "?")];
}

/** A constant that Prisma has a literal for; anything else is the database's. */
function prismaValue(sql: string, type: PgType): string {
  if (type.isArray && /^(?:'\{\}'|array\[\])(?:$|::)/i.test(sql)) return "[]";
  const scalar = prismaType(type)?.scalar;
  if (scalar === "Boolean" && /^(?:true|false)$/i.test(sql)) return sql.toLowerCase();
  if ((scalar === "Int" || scalar === "BigInt") && /^-?\d+$/.test(sql)) return sql;
  const text = /^'([^'\\]*)'$/.exec(sql)?.[1];
  if (scalar === "String" && type.name !== "uuid" && text !== undefined) return JSON.stringify(text);
  return `dbgenerated(${JSON.stringify(sql)})`;
}
