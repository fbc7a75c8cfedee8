/** Behind each statement of a migration: the locks that it takes, what waits for them, and what it does meanwhile. */
import type { FileChanges } from "../model/changes.ts";
import { blocks, type Effect, isStronger, type Lock, type LockMode, type Work } from "../model/migration/locks.ts";
import { migrationOf, type MigrationStatement, type Sending } from "../model/migration/migration.ts";
import type { Places } from "../model/places.ts";
import type { Span } from "../text/span.ts";

export interface LockHint {
  /** Where it is shown, in the file: behind the statement. */
  readonly at: number;
  readonly label: string;
  /** Whole sentences. */
  readonly explanation: string;
}

/** Of the statements that end in `range`, and keep others from a table. `version`: major version of PostgreSQL. */
export function hintsOfLocks(file: FileChanges, sending: Sending, version: number, places: Places, range: Span): readonly LockHint[] {
  return migrationOf(file, sending, version).statements.flatMap((statement) => {
    const [first] = statement.at;
    const end = first.kind === "sql" ? places.span(first).end : -1;
    if (end < range.start || end > range.end) return [];
    const hint = hintOf(statement);
    return hint === undefined ? [] : [{ at: end, ...hint }];
  });
}

function hintOf(statement: MigrationStatement): Omit<LockHint, "at"> | undefined {
  const locks = strongest(statement.effects).filter(({ mode }) => blocks(mode) !== "nothing");
  const [first] = locks;
  if (first === undefined) return undefined;
  const work = new Set(statement.effects.flatMap((effect) => effect.work.map(({ kind }) => kind)));
  const label = [
    `blocks ${blocks(first.mode)}`,
    ...[...work].map((kind) => doing[kind]),
    ...(locks.length > 1 ? [`${locks.length} tables`] : []),
  ].join(", ");
  const sentences = byMode(locks).map(([mode, tables]) => `${mode} on ${tables.join(", ")}: ${waiting[blocks(mode)]}.`);
  const until = statement.transaction === undefined ? "the statement ends" : "the transaction ends";
  return { label, explanation: [...sentences, ...[...work].map((kind) => meanwhile[kind]), `Held until ${until}.`].join(" ") };
}

const doing: Readonly<Record<Work, string>> = {
  rewrite: "rewrites all rows",
  build: "builds an index",
  rebuild: "rebuilds indexes",
  scan: "reads all rows",
};

const meanwhile: Readonly<Record<Work, string>> = {
  rewrite: "Every row and every index is written anew.",
  build: "An index is built over all rows.",
  rebuild: "The indexes of the column are built anew.",
  scan: "Every row is read.",
};

const waiting = {
  "reads and writes": "queries and writes wait",
  writes: "writes wait, queries do not",
  "schema changes": "only changes of the schema and VACUUM wait",
  nothing: "nobody waits",
} as const;

/** One a table, the strongest first. */
function strongest(effects: readonly Effect[]): readonly Lock[] {
  const locks = new Map<string, Lock>();
  for (const { locks: taken } of effects) {
    for (const lock of taken) {
      const known = locks.get(lock.table.key);
      if (known === undefined || isStronger(lock.mode, known.mode)) locks.set(lock.table.key, lock);
    }
  }
  return [...locks.values()].sort((a, b) => (isStronger(a.mode, b.mode) ? -1 : isStronger(b.mode, a.mode) ? 1 : 0));
}

function byMode(locks: readonly Lock[]): readonly (readonly [LockMode, readonly string[]])[] {
  const groups = new Map<LockMode, string[]>();
  for (const { mode, table } of locks)
    groups.set(mode, [...(groups.get(mode) ?? []), table.schema === "public" ? table.name : `${table.schema}.${table.name}`]);
  return [...groups];
}
