/**
 * Which locks a change takes, and whether it reads or writes all rows while it holds them: a table, measured on
 * PostgreSQL 15 and 18 (test/database/locks.test.ts takes each case there again).
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
import type { AddedColumn, AddedConstraint, Change, ChangedTable, ChangedType } from "../changes.ts";

/** From the weakest on. */
export const lockModes = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

export type LockMode = (typeof lockModes)[number];

export interface Lock {
  readonly table: ChangedTable;
  readonly mode: LockMode;
}

/**
 * What takes as long as the table is large: `rewrite` writes all rows and indexes anew, `build` an index, `rebuild` the
 * indexes of a column, `scan` reads all rows.
 */
export type Work = "rewrite" | "build" | "rebuild" | "scan";

export interface Effect {
  /** The strongest of each table that other sessions use. */
  readonly locks: readonly Lock[];
  /** While the locks are held. */
  readonly work: readonly { readonly kind: Work; readonly table: ChangedTable }[];
}

/** What others have to wait with: PostgreSQL's conflict table in words. */
export function blocks(mode: LockMode): "reads and writes" | "writes" | "schema changes" | "nothing" {
  if (mode === "ACCESS EXCLUSIVE") return "reads and writes";
  if (mode === "SHARE" || mode === "SHARE ROW EXCLUSIVE" || mode === "EXCLUSIVE") return "writes";
  return mode === "SHARE UPDATE EXCLUSIVE" ? "schema changes" : "nothing";
}

/** The lock waits for every transaction that reads the table, and everybody behind it waits too. */
export function isHeavy(mode: LockMode): boolean {
  return mode === "ACCESS EXCLUSIVE" || mode === "EXCLUSIVE";
}

export function isStronger(a: LockMode, b: LockMode): boolean {
  return lockModes.indexOf(a) > lockModes.indexOf(b);
}

const nothing: Effect = { locks: [], work: [] };

/** `version`: major version of PostgreSQL. */
export function effectOf(change: Change, version: number): Effect {
  const effect = rawEffect(change, version);
  const locks = new Map<string, Lock>();
  for (const lock of effect.locks) {
    const known = locks.get(lock.table.key);
    if (!lock.table.isNew && (known === undefined || isStronger(lock.mode, known.mode))) locks.set(lock.table.key, lock);
  }
  return { locks: [...locks.values()], work: effect.work.filter(({ table }) => !table.isNew) };
}

function rawEffect(change: Change, version: number): Effect {
  switch (change.do) {
    case "createTable":
      return takes(
        ...change.references.map((table) => lock(table, "SHARE ROW EXCLUSIVE")),
        ...(change.partitionOf === undefined ? [] : [lock(change.partitionOf, "ACCESS EXCLUSIVE")]),
      );
    case "dropTable":
      return takes(lock(change.table, "ACCESS EXCLUSIVE"), ...change.references.map((table) => lock(table, "ACCESS EXCLUSIVE")));
    case "addColumn":
      return addColumn(change, version);
    case "addConstraint":
      return addConstraint(change);
    case "setType":
      return setType(change);
    case "setNotNull":
      return exclusive(change.table, ...((change.isProven && version >= 12) || change.isAlready ? [] : (["scan"] as const)));
    case "validateConstraint":
      if (change.isAlready) return takes(lock(change.table, "SHARE UPDATE EXCLUSIVE"));
      return working(
        [lock(change.table, "SHARE UPDATE EXCLUSIVE"), ...(change.references === undefined ? [] : [lock(change.references, "ROW SHARE")])],
        change.table,
        ["scan"],
      );
    case "dropConstraint":
      return takes(...heavyOnBoth(change.table, change.references));
    case "alterConstraint":
      return takes(...heavyOnBoth(change.table, change.isEnforcement ? change.references : undefined));
    case "createIndex":
      return createIndex(change);
    case "dropIndex":
      return takes(lock(change.table, change.isConcurrent ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE"));
    case "reindex":
      if (change.table === undefined) return nothing;
      return working([lock(change.table, change.isConcurrent ? "SHARE UPDATE EXCLUSIVE" : "SHARE")], change.table, ["build"]);
    case "createTrigger":
    case "switchTrigger":
      return takes(lock(change.table, "SHARE ROW EXCLUSIVE"));
    case "alterColumn":
      return takes(lock(change.table, change.weight === "light" ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE"));
    case "setOptions":
    case "describe":
      return takes(lock(change.table, "SHARE UPDATE EXCLUSIVE"));
    case "attachPartition":
      return attach(change, version);
    case "detachPartition":
      return change.isConcurrent && version >= 14
        ? takes(lock(change.table, "SHARE UPDATE EXCLUSIVE"))
        : takes(lock(change.table, "ACCESS EXCLUSIVE"), lock(change.child, "ACCESS EXCLUSIVE"));
    case "refreshView":
      return working([lock(change.table, change.isConcurrent ? "EXCLUSIVE" : "ACCESS EXCLUSIVE")], change.table, [change.isConcurrent ? "scan" : "rewrite"]);
    case "truncate":
      return takes(lock(change.table, "ACCESS EXCLUSIVE"), ...change.reaches.map((table) => lock(table, "ACCESS EXCLUSIVE")));
    case "rewriteTable":
      return exclusive(change.table, "rewrite");
    case "write":
      return working([lock(change.table, "ROW EXCLUSIVE")], change.table, change.isWhole && change.how !== "insert" ? ["scan"] : []);
    case "lockTable":
      return takes(lock(change.table, lockModes[change.mode - 1] ?? "ACCESS EXCLUSIVE"));
    case "addDomainCheck":
      return change.isValid
        ? { locks: change.tables.map((table) => lock(table, "SHARE")), work: change.tables.map((table) => ({ kind: "scan", table })) }
        : nothing;
    case "dropColumn":
    case "renameColumn":
    case "renameTable":
    case "setSchema":
    case "dropNotNull":
    case "addIdentity":
    case "dropTrigger":
    case "changePolicy":
    case "setRowSecurity":
    case "setReplicaIdentity":
    case "alterTable":
      return exclusive(change.table);
    case "addEnumValue":
    case "renameEnumValue":
    case "createView":
    case "mention":
    case "drop":
    case "set":
    case "transaction":
    case "outsideTransaction":
    case "passOver":
    case "unread":
      return nothing;
  }
}

function addColumn(change: AddedColumn, version: number): Effect {
  const { table } = change;
  const isComputed = change.default === "volatile" || change.isSerial || change.isIdentity || change.generated === "stored";
  const isRewritten = isComputed || (change.default !== "none" && version < 11) || (change.isChecked && (version < 19 || change.default !== "none"));
  const work: Work[] = isRewritten ? ["rewrite"] : [];
  if (change.constraints.some((kind) => kind === "unique" || kind === "primary" || kind === "exclusion")) work.push("build");
  if (change.constraints.includes("check") || (change.references !== undefined && change.default !== "none")) work.push("scan");
  const locks = [lock(table, "ACCESS EXCLUSIVE"), ...(change.references === undefined ? [] : [lock(change.references, "SHARE ROW EXCLUSIVE")])];
  return working(locks, table, work);
}

function addConstraint({ table, kind, isValid, usingIndex, nullable, references }: AddedConstraint): Effect {
  switch (kind) {
    case "foreign": {
      const locks = [lock(table, "SHARE ROW EXCLUSIVE"), ...(references === undefined ? [] : [lock(references, "SHARE ROW EXCLUSIVE")])];
      return working(locks, table, isValid ? ["scan"] : []);
    }
    case "check":
    case "notNull":
      return exclusive(table, ...(isValid ? (["scan"] as const) : []));
    case "primary":
    case "unique":
      if (usingIndex === undefined) return exclusive(table, "build");
      return exclusive(table, ...(kind === "primary" && nullable.length > 0 ? (["scan"] as const) : []));
    case "exclusion":
      return exclusive(table, "build");
  }
}

/** Foreign keys of the column are dropped and made anew, which locks their other ends as dropping them does. */
function setType({ table, effect, indexes, joined }: ChangedType): Effect {
  const own = effect === "rewrite" || effect === "unknown" ? exclusive(table, "rewrite") : exclusive(table, ...(effect !== "none" && indexes.length > 0 ? (["rebuild"] as const) : []));
  return { ...own, locks: [...own.locks, ...joined.map((each) => lock(each, "ACCESS EXCLUSIVE"))] };
}

function createIndex({ table, isConcurrent, isOnly, isThere, ifNotExists, partitions }: Extract<Change, { do: "createIndex" }>): Effect {
  if (isThere && ifNotExists) return nothing;
  const mode: LockMode = isConcurrent ? "SHARE UPDATE EXCLUSIVE" : "SHARE";
  if (table.form === "partitioned" && isOnly) return takes(lock(table, mode));
  const tables = [table, ...partitions];
  return {
    locks: tables.map((each) => lock(each, mode)),
    work: (partitions.length > 0 ? partitions : tables).map((each) => ({ kind: "build", table: each })),
  };
}

function attach({ table, child, hasCheck, defaultPartition }: Extract<Change, { do: "attachPartition" }>, version: number): Effect {
  const parent = lock(table, version >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE");
  return {
    locks: [parent, lock(child, "ACCESS EXCLUSIVE"), ...(defaultPartition === undefined ? [] : [lock(defaultPartition, "ACCESS EXCLUSIVE")])],
    work: [
      ...(hasCheck ? [] : [{ kind: "scan", table: child } as const]),
      ...(defaultPartition === undefined ? [] : [{ kind: "scan", table: defaultPartition } as const]),
    ],
  };
}

function heavyOnBoth(table: ChangedTable, other: ChangedTable | undefined): readonly Lock[] {
  return [table, ...(other === undefined ? [] : [other])].map((each) => lock(each, "ACCESS EXCLUSIVE"));
}

function lock(table: ChangedTable, mode: LockMode): Lock {
  return { table, mode };
}

function exclusive(table: ChangedTable, ...work: readonly Work[]): Effect {
  return working([lock(table, "ACCESS EXCLUSIVE")], table, work);
}

function takes(...locks: readonly Lock[]): Effect {
  return { locks, work: [] };
}

function working(locks: readonly Lock[], table: ChangedTable, work: readonly Work[]): Effect {
  return { locks, work: work.map((kind) => ({ kind, table })) };
}
