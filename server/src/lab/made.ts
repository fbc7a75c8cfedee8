/** What a project's scratch database is made of: the statements of its history, or the files of its Prisma schema. */
import { committed } from "../model/fold/transactions.ts";
import { withRows } from "../sql/copyData.ts";
import type { SqlFile, Statement } from "../sql/syntax.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";

export interface MadeStatement {
  readonly text: string;
  readonly uri: string;
}

/**
 * One by one and each by itself, for a script that fails in its middle, or a transaction with one statement that fails, would
 * else leave out all the rest.
 */
export function madeOf(files: readonly SqlFile[]): readonly MadeStatement[] {
  return files.flatMap((file) =>
    committed(file.statements).flatMap((statement) => (statement.kind === "sql" && !isOfTransaction(statement) ? [{ text: withRows(statement, file).text, uri: file.uri }] : [])),
  );
}

function isOfTransaction({ tree }: Statement): boolean {
  return tree !== undefined && "TransactionStmt" in tree;
}

/** Name and text, as the schema engine takes them. */
export function schemaFilesOf({ prismaFiles }: CheckedProject): readonly (readonly [string, string])[] {
  return prismaFiles.map(({ uri, text }) => [uri, text] as const);
}

/** The same as long as it is the same project, whatever its texts say. */
export function identityOf({ prismaFiles, sqlFiles }: CheckedProject): string {
  return prismaFiles[0]?.uri ?? sqlFiles[0]?.uri ?? "";
}
