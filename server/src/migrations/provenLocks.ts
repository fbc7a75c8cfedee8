/** What was seen of a migration's statements beside what the table of locks says of them. */
import type { FoldedSql } from "../model/fromSql.ts";
import { isStronger, lockModes } from "../model/migration/locks.ts";
import { migrationOf, type MigrationStatement } from "../model/migration/migration.ts";
import type { TextOrigin } from "../model/schema.ts";
import type { Statement } from "../sql/syntax.ts";
import { lineOf, type MigrationFile } from "./history.ts";
import type { ObservedStatement } from "./observe.ts";
import type { ProvenLock } from "./proof.ts";

/** `folded`: with the changes of the migration. `version`: major version of the PostgreSQL that it ran in. */
export function provenLocks(migration: MigrationFile, observed: readonly ObservedStatement[], folded: FoldedSql, version: number): readonly ProvenLock[] {
  const changes = folded.changes.get(migration.uri);
  const stated = changes === undefined ? [] : migrationOf(changes, migration.sending, version).statements;
  return observed.map(({ statement, isOutside, locks, rewritten, scanned }) => {
    const own = stated.filter(({ at }) => at.some((origin) => isOf(origin, statement)));
    const expected = expectedLocks(own);
    // What runs outside of a transaction cannot be watched: the table stands in.
    const seen = [...(isOutside ? expected : locks)].map(([table, mode]) => ({ table, mode }));
    return {
      line: lineOf(migration.file, statement.span.start),
      statement: statement.text.replaceAll(/\s+/g, " ").slice(0, 100),
      isOutside,
      locks: seen,
      rewritten,
      scanned,
      disagreements: isOutside ? [] : disagreements(expected, new Map(seen.map(({ table, mode }) => [table, mode]))),
    };
  });
}

function isOf(origin: { readonly kind: string } | TextOrigin, statement: Statement): boolean {
  return "anchor" in origin && origin.anchor === statement.anchor;
}

/** What the table of locks says that these statements take and did not hold before. */
function expectedLocks(statements: readonly MigrationStatement[]): ReadonlyMap<string, string> {
  const expected = new Map<string, string>();
  for (const { effects, held } of statements) {
    for (const { locks } of effects) {
      for (const { table, mode } of locks) {
        const before = held.find((lock) => lock.table.key === table.key);
        if (before !== undefined && !isStronger(mode, before.mode)) continue;
        const known = lockModes.find((each) => each === expected.get(table.key));
        if (known === undefined || isStronger(mode, known)) expected.set(table.key, mode);
      }
    }
  }
  return expected;
}

/** Weaker locks hold nobody up but other changes of the schema. */
function disagreements(expected: ReadonlyMap<string, string>, seen: ReadonlyMap<string, string>): readonly string[] {
  const matters = (mode: string | undefined): boolean => lockModes.findIndex((each) => each === mode) >= lockModes.indexOf("SHARE UPDATE EXCLUSIVE");
  return [...new Set([...expected.keys(), ...seen.keys()])].flatMap((table) => {
    const [a, b] = [expected.get(table), seen.get(table)];
    return a === b || (!matters(a) && !matters(b)) ? [] : [`${table}: expected ${a ?? "no lock"}, observed ${b ?? "no lock"}`];
  });
}
