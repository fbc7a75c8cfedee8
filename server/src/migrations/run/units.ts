/**
 * A migration as its runner would have it run: which statements share a transaction, which stand alone and which refuse one.
 * Pure. What one message of several statements means to PostgreSQL is kept: they are one transaction, a BEGIN among them
 * goes on with it, a COMMIT ends it for good. https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
import type { Sending } from "../../model/migration/migration.ts";
import { isTransactionStatement, runsInOne } from "../history.ts";
import type { Statement } from "../../sql/syntax.ts";

export interface Unit {
  /** `outside`: refuses to run in a transaction, so that it is never known for certain whether it is done. */
  readonly kind: "transaction" | "alone" | "outside";
  /** Place of its first statement among those of the file, and of the one after its last; BEGIN and COMMIT of the file's own included. */
  readonly from: number;
  readonly to: number;
  /** What is sent between BEGIN and COMMIT. */
  readonly statements: readonly Statement[];
  /** The file's own BEGIN, with its options. */
  readonly begin: string | undefined;
  /** The file itself takes it all back. */
  readonly isRolledBack: boolean;
  /** The file begins a transaction and does not end it. */
  readonly isUnclosed: boolean;
}

export function unitsOf(statements: readonly Statement[], sending: Sending): readonly Unit[] {
  const isWrapped = isSentAtOnce(statements, sending);
  const units: Unit[] = [];
  let open: { from: number; statements: Statement[]; begin: string | undefined; isOwn: boolean } | undefined;
  const close = (to: number, isRolledBack: boolean, isUnclosed: boolean): void => {
    if (open !== undefined) units.push({ kind: "transaction", from: open.from, to, statements: open.statements, begin: open.begin, isRolledBack, isUnclosed });
    open = undefined;
  };
  for (const [i, statement] of statements.entries()) {
    const control = isTransactionStatement(statement) ? statement.text : undefined;
    if (control === undefined) {
      if (open === undefined && !isWrapped) units.push({ kind: refusesTransaction(statement) ? "outside" : "alone", from: i, to: i + 1, statements: [statement], begin: undefined, isRolledBack: false, isUnclosed: false });
      else {
        open ??= { from: i, statements: [], begin: undefined, isOwn: false };
        open.statements.push(statement);
      }
    } else if (/^(?:begin|start)\b/i.test(control)) {
      open ??= { from: i, statements: [], begin: control, isOwn: true };
      open.isOwn = true;
    } else if (open !== undefined) close(i + 1, /^(?:rollback|abort)\b/i.test(control), false);
  }
  close(statements.length, false, open?.isOwn === true);
  return units;
}

/** All or nothing: the record of the migration can be written in the same transaction. */
export function isAtomic(units: readonly Unit[]): boolean {
  const [only, ...others] = units;
  return only === undefined || (others.length === 0 && only.kind !== "outside" && !only.isRolledBack && !only.isUnclosed);
}

/** One message or one batch, with whatever it holds. */
function isSentAtOnce(statements: readonly Statement[], sending: Sending): boolean {
  if (sending === "each") return false;
  const plain = statements.filter((statement) => !isTransactionStatement(statement));
  if (sending !== "transaction" && statements.length < 2) return false;
  return plain.length === statements.length ? runsInOne(sending, statements) : sending !== "message unless concurrent" || plain.length < 2 || runsInOne(sending, plain);
}

/** What PostgreSQL does not let stand between BEGIN and COMMIT. */
export function refusesTransaction({ tree, text }: Statement): boolean {
  if (tree === undefined) return false;
  if ("IndexStmt" in tree) return tree.IndexStmt.concurrent === true;
  if ("DropStmt" in tree) return tree.DropStmt.concurrent === true;
  if ("VacuumStmt" in tree) return tree.VacuumStmt.is_vacuumcmd === true;
  if ("ReindexStmt" in tree) return /\bconcurrently\b/i.test(text) || /^\s*reindex\s*(?:\([^)]*\)\s*)?(?:schema|database|system)\b/i.test(text);
  if ("AlterTableStmt" in tree) return /\bdetach\s+partition\b[^;]*\bconcurrently\b/i.test(text);
  // Code that ends transactions itself, as a change in batches does.
  if ("DoStmt" in tree || "CallStmt" in tree) return "CallStmt" in tree || /\b(?:commit|rollback)\b/i.test(text);
  return "CreatedbStmt" in tree || "DropdbStmt" in tree || "AlterSystemStmt" in tree || "CreateTableSpaceStmt" in tree || "DropTableSpaceStmt" in tree || "CreateSubscriptionStmt" in tree || "DropSubscriptionStmt" in tree || ("ClusterStmt" in tree && tree.ClusterStmt.relation === undefined);
}
