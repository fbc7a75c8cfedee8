/** What the text of ways back says about them: those that are missing where others have one, and those that do not lead back. */
import { changeText } from "../model/diff.ts";
import { foldSql, type FromSqlOptions, type FoldedSql } from "../model/fromSql.ts";
import type { Complaint, MigrationFile } from "./history.ts";
import { differences } from "./script.ts";

/** `loadSqlParser()` must have been awaited. PostgreSQL itself is asked by a proof. */
export function checkWaysBack(history: readonly MigrationFile[], wanted: ReadonlySet<MigrationFile>, foldOptions: FromSqlOptions): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const others = history.filter(({ down }) => down !== undefined).length;
  const options = { ...foldOptions, changesIn: new Set<string>() };
  let folded: FoldedSql = foldSql([], options);
  for (const [at, migration] of history.entries()) {
    const before = folded.schema;
    const files = history.slice(0, at + 1).map(({ file }) => file);
    if (wanted.has(migration) || history.slice(at + 1).some((each) => wanted.has(each))) folded = foldSql(files, options, folded);
    if (!wanted.has(migration)) continue;
    const { down } = migration;
    if (down === undefined) {
      // Where nobody writes ways back, the lack of one tells nobody anything.
      if (others > 0) complaints.push({ severity: "warning", path: migration.path, line: undefined, message: `${migration.name} has no way back, and ${others === 1 ? "another migration has one" : `${others} others have one`}.` });
      continue;
    }
    if (down.path === migration.path) continue;
    const left = differences(foldSql([...files, down.file], options, folded).schema, before);
    const [first] = left;
    if (first === undefined) continue;
    const more = left.length === 1 ? "" : ` (and ${left.length - 1} more)`;
    complaints.push({ severity: "warning", path: down.path, line: undefined, message: `The way back does not lead back: ${changeText(first)}${more}. Prove it with migrate prove.` });
  }
  return complaints;
}
