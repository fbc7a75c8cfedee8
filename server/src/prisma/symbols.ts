/** The outline of a Prisma schema file: blocks with their fields, values, properties and block attributes. */
import type { Span } from "../text/span.ts";
import type { PrismaFile } from "./syntax.ts";

export interface PrismaSymbol {
  readonly name: string;
  /** The type of a field, the value of a property; empty otherwise. */
  readonly detail: string;
  readonly kind: "model" | "view" | "type" | "enum" | "datasource" | "generator" | "field" | "relation" | "value" | "property" | "index";
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly PrismaSymbol[];
}

export function prismaSymbols(file: PrismaFile): readonly PrismaSymbol[] {
  void file;
  return [];
}
