/** Which statements of a file count: those that a ROLLBACK undoes do not. */
import type { Statement } from "../../sql/syntax.ts";

/**
 * The statements without those that are rolled back, and without what undoes a migration. A transaction that the file
 * leaves open counts as committed: somebody may be about to type COMMIT.
 */
export function committed(statements: readonly Statement[]): readonly Statement[] {
  const kept: Statement[] = [];
  let start: number | undefined;
  let savepoints: { readonly name: string; readonly at: number }[] = [];
  let isChanged = false;
  for (const statement of statements) {
    if (statement.section === "down") {
      isChanged = true;
      continue;
    }
    kept.push(statement);
    if (statement.tree === undefined || !("TransactionStmt" in statement.tree)) continue;
    const { kind, savepoint_name: name = "" } = statement.tree.TransactionStmt;
    const known = savepoints.findLastIndex((savepoint) => savepoint.name === name);
    switch (kind) {
      case "TRANS_STMT_BEGIN":
      case "TRANS_STMT_START":
        start ??= kept.length;
        break;
      case "TRANS_STMT_SAVEPOINT":
        // Outside of a transaction a savepoint is an error.
        if (start !== undefined) savepoints.push({ name, at: kept.length });
        break;
      case "TRANS_STMT_RELEASE":
        if (known >= 0) savepoints = savepoints.slice(0, known);
        break;
      case "TRANS_STMT_ROLLBACK_TO":
        if (known < 0) break;
        kept.length = savepoints[known]?.at ?? kept.length;
        savepoints = savepoints.slice(0, known + 1);
        isChanged = true;
        break;
      case "TRANS_STMT_ROLLBACK":
        if (start === undefined) break;
        kept.length = start;
        kept.push(statement);
        isChanged = true;
        start = undefined;
        savepoints = [];
        break;
      case "TRANS_STMT_COMMIT":
        start = undefined;
        savepoints = [];
    }
  }
  return isChanged ? kept : statements;
}
