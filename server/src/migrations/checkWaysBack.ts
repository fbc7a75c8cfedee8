/** What the text of ways back says about them: that they do not lead back. Those that are missing, a rule tells. */
import { changeText } from "../model/diff.ts";
import { foldSql, type FromSqlOptions, type FoldedSql } from "../model/fromSql.ts";
import { type Complaint, lineOf, type MigrationFile } from "./history.ts";
import { differences } from "./script.ts";

/** `loadSqlParser()` must have been awaited. PostgreSQL itself is asked by a proof. */
export function checkWaysBack(history: readonly MigrationFile[], wanted: ReadonlySet<MigrationFile>, foldOptions: FromSqlOptions): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const options = { ...foldOptions, changesIn: new Set<string>() };
  let folded: FoldedSql = foldSql([], options);
  for (const [at, migration] of history.entries()) {
    const before = folded.schema;
    const files = history.slice(0, at + 1).map(({ file }) => file);
    if (wanted.has(migration) || history.slice(at + 1).some((each) => wanted.has(each))) folded = foldSql(files, options, folded);
    const { down } = migration;
    // What its author says is lost for good is not asked for.
    if (!wanted.has(migration) || down === undefined || down.path === migration.path || isIrreversible(migration)) continue;
    const left = differences(foldSql([...files, down.file], options, folded).schema, before);
    const [first] = left;
    if (first === undefined) continue;
    const more = left.length === 1 ? "" : ` (and ${left.length - 1} more)`;
    const [statement] = down.file.statements;
    const line = statement === undefined ? undefined : lineOf(down.file, statement.span.start);
    complaints.push({ severity: "warning", path: down.path, line, message: `The way back does not lead back: ${changeText(first)}${more}. Prove it with migrate prove.` });
  }
  return complaints;
}

function isIrreversible({ text }: MigrationFile): boolean {
  return /^[ \t]*--[ \t]*irreversible\b/im.test(text);
}
