/** What is sent to build a database as it was after a history. */
import type { Statement } from "../sql/syntax.ts";
import { type MigrationFile, runsInOne, upStatements } from "./history.ts";

export interface Replayed {
  readonly each: MigrationFile;
  readonly text: string;
  /** In the file. */
  readonly at: number;
}

/**
 * A migration that ran long ago, statement by statement: however it was sent then, it went through. What only means something
 * in a transaction has one.
 */
export function replayed(each: MigrationFile): readonly Replayed[] {
  const statements = upStatements(each);
  const texts = statements.map(({ text, span }): Replayed => ({ each, text, at: span.start }));
  if (!statements.some(isOfTransaction) || !runsInOne(each.sending, statements)) return texts;
  return [{ each, text: "BEGIN", at: 0 }, ...texts, { each, text: "COMMIT", at: statements.at(-1)?.span.start ?? 0 }];
}

/** LOCK, SET LOCAL, a temporary table until COMMIT; https://www.postgresql.org/docs/current/sql-lock.html */
function isOfTransaction({ tree }: Statement): boolean {
  if (tree === undefined) return false;
  if ("CreateStmt" in tree) return tree.CreateStmt.oncommit === "ONCOMMIT_DROP" || tree.CreateStmt.oncommit === "ONCOMMIT_DELETE_ROWS";
  return "LockStmt" in tree || ("VariableSetStmt" in tree && tree.VariableSetStmt.is_local === true) || ("TransactionStmt" in tree && tree.TransactionStmt.kind === "TRANS_STMT_SAVEPOINT");
}
