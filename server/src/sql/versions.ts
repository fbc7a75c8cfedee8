/** Versions in the names of migration files, of every tool that puts them there. */

export interface Versioned {
  readonly path: string;
  /** Numbers between `.` and `_`, compared one by one; empty for what runs after all versions. */
  readonly version: readonly bigint[];
}

/**
 * The version in a file's name: `001_users.sql`, `20240101120000-users.up.sql`, Flyway's `V1.2__users.sql`. Undefined
 * for other names and for files that undo (`*.down.sql`, `U1__users.sql`).
 */
export function versionOf(path: string): Versioned | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.sql$/i, "");
  if (/[._-](?:down|undo|rollback|revert)$/i.test(name) || /^U\d[\d._]*__/.test(name)) return undefined;
  const flyway = /^[VB](\d+(?:[._]\d+)*)__/i.exec(name);
  if (flyway !== null) return { path, version: numbers(flyway[1] ?? "") };
  // Flyway runs what is repeatable after everything else.
  if (/^R__/.test(name)) return { path, version: [] };
  const plain = /^v?(\d+(?:\.\d+)*)(?:$|[_\s.-])/i.exec(name);
  return plain === null ? undefined : { path, version: numbers(plain[1] ?? "") };
}

export function byVersion(a: Versioned, b: Versioned): number {
  if (a.version.length === 0 || b.version.length === 0) return b.version.length - a.version.length || byPath(a, b);
  const length = Math.max(a.version.length, b.version.length);
  for (let i = 0; i < length; i++) {
    const left = a.version[i] ?? 0n;
    const right = b.version[i] ?? 0n;
    if (left !== right) return left < right ? -1 : 1;
  }
  return byPath(a, b);
}

function byPath(a: Versioned, b: Versioned): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function numbers(text: string): bigint[] {
  return text.split(/[._]/).map(BigInt);
}
