/** What the text of ways back says about them: that they do not lead back. Those that are missing, a rule tells. */
import { changeText, differences } from "../model/diff.ts";
import { foldSql, type FromSqlOptions, type FoldedSql } from "../model/fromSql.ts";
import { isMarkedIrreversible } from "../model/irreversible.ts";
import { type Complaint, lineOf, type MigrationFile } from "./history.ts";

/** `loadSqlParser()` must have been awaited. PostgreSQL itself is asked by a proof. */
export function checkWaysBack(history: readonly MigrationFile[], wanted: ReadonlySet<MigrationFile>, foldOptions: FromSqlOptions): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const options = { ...foldOptions, changesIn: new Set<string>() };
  let folded: FoldedSql | undefined;
  const foldTo = (count: number, ...more: readonly MigrationFile["file"][]): FoldedSql => foldSql([...history.slice(0, count).map(({ file }) => file), ...more], options, folded);
  for (const [at, migration] of history.entries()) {
    const { down } = migration;
    // What its author says is lost for good is not asked for.
    if (!wanted.has(migration) || down === undefined || down.path === migration.path || isMarkedIrreversible(migration.text)) continue;
    folded = foldTo(at);
    const before = folded.schema;
    folded = foldTo(at + 1);
    const left = differences(foldTo(at + 1, down.file).schema, before);
    const [first] = left;
    if (first === undefined) continue;
    const more = left.length === 1 ? "" : ` (and ${left.length - 1} more)`;
    const [statement] = down.file.statements;
    const line = statement === undefined ? undefined : lineOf(down.file, statement.span.start);
    complaints.push({ severity: "warning", path: down.path, line, message: `The way back does not lead back: ${changeText(first)}${more}. Prove it with migrate prove.` });
  }
  return complaints;
}
