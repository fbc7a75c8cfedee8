/** The lines of a file that make a table: what stands above them as a lens is about that table. */
import type { Table } from "../model/schema.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import { referencesOf } from "../sql/references.ts";
import type { SqlFile } from "../sql/syntax.ts";
import { shift, type Span } from "../text/span.ts";
import type { PrismaNames } from "./prismaNames.ts";
import type { NameResolver } from "./resolve.ts";

export interface TableLine {
  readonly table: Table;
  /** The table's name, in the file. */
  readonly nameSpan: Span;
  /** The whole model or statement. */
  readonly span: Span;
}

/** Every model that has a table, in the order of the file. */
export function tablesInPrisma(file: PrismaFile, names: PrismaNames): readonly TableLine[] {
  return file.blocks.flatMap(({ block, offset }): readonly TableLine[] => {
    if (block.kind !== "model" || block.name === undefined) return [];
    const { text, span } = block.name;
    const object = names.resolve({ kind: "type", role: "defines", name: text, span });
    if (object?.kind !== "table") return [];
    return [{ table: object.table, nameSpan: shift(span, offset), span: { start: offset, end: offset + block.text.length } }];
  });
}

/** Every CREATE TABLE whose table is still there, in the order of the file. */
export function tablesInSql(file: SqlFile, resolver: NameResolver): readonly TableLine[] {
  return file.statements.flatMap((statement): readonly TableLine[] => {
    const { tree, anchor, span } = statement;
    if (tree === undefined || !("CreateStmt" in tree || "CreateForeignTableStmt" in tree)) return [];
    const made = referencesOf(statement).find(({ kind, role }) => kind === "relation" && role === "defines");
    const resolution = made === undefined ? undefined : resolver.resolve(made, anchor);
    if (made === undefined || resolution?.kind !== "found" || resolution.object.kind !== "table") return [];
    return [{ table: resolution.object.table, nameSpan: shift(made.nameSpan, span.start), span }];
  });
}
