/**
 * What the statements of a history do to a database that is in use, in the model's terms: which change, to what, and
 * what was known of it before. The fold emits them in order, so that rules about migrations need no syntax.
 *
 * Invariant: a change is immutable and holds facts, no elements of the catalog it was read from; that of a statement
 * whose facts are the same is the same object after an edit elsewhere.
 */
import type { Origins, PgType } from "./schema.ts";

/** A table, or a materialized view, as it was before the statement. */
export interface ChangedTable {
  /** `schema.name`. */
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  /** Made earlier in the same file: nobody waits for it, and it holds what the file put there. */
  readonly isNew: boolean;
  readonly form: "table" | "partitioned" | "foreign" | "view";
}

interface Base {
  /** The whole statement, with the name of what it changes; part `command`: one command among several of ALTER TABLE. */
  readonly at: Origins;
}

interface OfTable extends Base {
  readonly table: ChangedTable;
}

export type ConstraintKind = "primary" | "unique" | "check" | "foreign" | "exclusion" | "notNull";

export interface AddedConstraint extends OfTable {
  readonly do: "addConstraint";
  readonly kind: ConstraintKind;
  /** Undefined where PostgreSQL makes one up. */
  readonly name: string | undefined;
  /** Undefined for expressions, as in checks and exclusions. */
  readonly columns: readonly string[];
  /** Those of `columns` that may be null as yet, and that no valid check says otherwise of. */
  readonly nullable: readonly string[];
  readonly isValid: boolean;
  readonly usingIndex: string | undefined;
  /** A key without INCLUDE, NULLS NOT DISTINCT and DEFERRABLE. */
  readonly isPlain: boolean;
  readonly references: ChangedTable | undefined;
}

export interface AddedColumn extends OfTable {
  readonly do: "addColumn";
  readonly column: string;
  readonly type: PgType;
  readonly isNotNull: boolean;
  /** How the default is computed; `volatile`: anew for every row. */
  readonly default: "none" | "constant" | "stable" | "volatile";
  readonly isSerial: boolean;
  readonly isIdentity: boolean;
  readonly generated: "stored" | "virtual" | undefined;
  readonly constraints: readonly ConstraintKind[];
  readonly references: ChangedTable | undefined;
  /** The type is a domain with checks or NOT NULL: every row is looked at. */
  readonly isChecked: boolean;
}

/**
 * What a new type does to the rows there are: nothing, new versions of all of them, or only new indexes. `zone`: nothing
 * but new indexes where the session's time zone is UTC, else new rows. `unknown`: a type that the history does not define.
 */
export type TypeEffect = "none" | "rewrite" | "reindex" | "zone" | "unknown";

export interface ChangedType extends OfTable {
  readonly do: "setType";
  readonly column: string;
  readonly from: PgType;
  readonly to: PgType;
  readonly effect: TypeEffect;
  /** Names of the indexes that hold the column. */
  readonly indexes: readonly string[];
  /** At the other ends of the foreign keys that hold the column, which are made anew. */
  readonly joined: readonly ChangedTable[];
  /** Whether the conversion is written out. */
  readonly hasUsing: boolean;
  /** Values that the new type cannot hold, or holds shortened, stop the statement. */
  readonly isNarrowing: boolean;
}

export type Change =
  | AddedColumn
  | AddedConstraint
  | ChangedType
  | (OfTable & { readonly do: "createTable"; readonly references: readonly ChangedTable[]; readonly partitionOf: ChangedTable | undefined })
  | (OfTable & { readonly do: "dropTable"; readonly references: readonly ChangedTable[]; readonly isCascade: boolean })
  | (OfTable & { readonly do: "dropColumn"; readonly column: string; readonly isRequired: boolean; readonly type: PgType; readonly removes: readonly string[] })
  | (OfTable & { readonly do: "renameColumn"; readonly column: string; readonly to: string })
  | (OfTable & { readonly do: "renameTable"; readonly to: string })
  | (OfTable & { readonly do: "setSchema"; readonly to: string })
  /** `isProven`: a valid check says already that there is no null. `hasValue`: an INSERT that does not name the column gives it one. */
  | (OfTable & { readonly do: "setNotNull"; readonly column: string; readonly isProven: boolean; readonly isAlready: boolean; readonly hasValue: boolean })
  | (OfTable & { readonly do: "dropNotNull"; readonly column: string })
  /** DEFAULT, STORAGE and the like: nothing but the catalog changes. `losesValue`: a required column has no default any more. `givesValue`: it has one from now on. */
  | (OfTable & { readonly do: "alterColumn"; readonly column: string; readonly weight: "light" | "heavy"; readonly losesValue: boolean; readonly givesValue: boolean })
  | (OfTable & { readonly do: "addIdentity"; readonly column: string })
  | (OfTable & {
      readonly do: "validateConstraint";
      readonly name: string;
      readonly kind: ConstraintKind | undefined;
      readonly references: ChangedTable | undefined;
      readonly isAlready: boolean;
    })
  | (OfTable & {
      readonly do: "dropConstraint";
      readonly name: string;
      readonly kind: ConstraintKind | undefined;
      readonly columns: readonly string[];
      readonly references: ChangedTable | undefined;
    })
  | (OfTable & { readonly do: "alterConstraint"; readonly name: string; readonly isEnforcement: boolean; readonly references: ChangedTable | undefined })
  | (OfTable & {
      readonly do: "createIndex";
      /** Undefined where PostgreSQL makes one up. */
      readonly name: string | undefined;
      readonly columns: readonly string[];
      readonly isUnique: boolean;
      readonly isConcurrent: boolean;
      readonly isOnly: boolean;
      readonly ifNotExists: boolean;
      /** An index of that name is there already, so that IF NOT EXISTS does nothing. */
      readonly isThere: boolean;
      readonly partitions: readonly ChangedTable[];
    })
  /** `isOwned`: a constraint or a partitioned index needs it. */
  | (OfTable & {
      readonly do: "dropIndex";
      readonly name: string;
      readonly isConcurrent: boolean;
      readonly isPartitioned: boolean;
      /** Made by hand, and dropped by a statement as Prisma writes it. */
      readonly isUnasked: boolean;
    })
  | (Base & { readonly do: "reindex"; readonly table: ChangedTable | undefined; readonly name: string; readonly of: "index" | "table" | "schema" | "database"; readonly isConcurrent: boolean })
  | (OfTable & { readonly do: "createTrigger" | "dropTrigger" | "switchTrigger"; readonly name: string; readonly isAll?: boolean })
  | (OfTable & { readonly do: "changePolicy"; readonly name: string; readonly how: "create" | "alter" | "drop" })
  /** `hasPolicies`: before the statement; row-level security without any lets nobody see a row. */
  | (OfTable & { readonly do: "setRowSecurity"; readonly how: "enable" | "disable" | "force" | "noForce"; readonly hasPolicies: boolean })
  | (OfTable & { readonly do: "attachPartition"; readonly child: ChangedTable; readonly hasCheck: boolean; readonly defaultPartition: ChangedTable | undefined })
  | (OfTable & { readonly do: "detachPartition"; readonly child: ChangedTable; readonly isConcurrent: boolean })
  | (OfTable & { readonly do: "refreshView"; readonly isConcurrent: boolean; readonly hasUniqueIndex: boolean })
  /** No materialized one. By its key; where the statement names no schema, in `public`. */
  | (Base & { readonly do: "createView"; readonly view: string })
  | (OfTable & { readonly do: "truncate"; readonly isCascade: boolean; readonly reaches: readonly ChangedTable[] })
  | (OfTable & { readonly do: "rewriteTable"; readonly how: "VACUUM FULL" | "CLUSTER" | "SET LOGGED" | "SET UNLOGGED" | "SET ACCESS METHOD" | "SET TABLESPACE" })
  | (OfTable & { readonly do: "setOptions"; readonly options: ReadonlyMap<string, string> })
  /** COMMENT, ANALYZE, CREATE STATISTICS: what is said and known of it. */
  | (OfTable & { readonly do: "describe" })
  | (OfTable & { readonly do: "setReplicaIdentity"; readonly to: "default" | "full" | "nothing" | "index" })
  | (OfTable & { readonly do: "alterTable" })
  /** `isWhole`: no condition. `isWide`: none that names a value, so that it goes through the whole table. `columns`: which UPDATE sets. */
  | (OfTable & { readonly do: "write"; readonly how: "insert" | "update" | "delete"; readonly isWhole: boolean; readonly isWide: boolean; readonly columns: readonly string[] })
  | (OfTable & { readonly do: "lockTable"; readonly mode: number })
  | (Base & { readonly do: "addEnumValue"; readonly type: string; readonly value: string; readonly isPlaced: boolean; readonly isUsed: boolean })
  | (Base & { readonly do: "renameEnumValue"; readonly type: string; readonly value: string; readonly to: string })
  /** Literals of a statement that writes or defines something: values of an enum may be among them. */
  | (Base & { readonly do: "mention"; readonly literals: readonly string[] })
  | (Base & { readonly do: "addDomainCheck"; readonly domain: string; readonly isValid: boolean; readonly tables: readonly ChangedTable[] })
  | (Base & { readonly do: "drop"; readonly what: "schema" | "database"; readonly name: string; readonly isCascade: boolean; readonly holds: number })
  | (Base & { readonly do: "set"; readonly name: string; readonly value: string; readonly isLocal: boolean })
  | (Base & { readonly do: "transaction"; readonly what: "begin" | "commit" | "rollback" })
  /** Refused inside of a transaction: VACUUM, CREATE DATABASE, ALTER SYSTEM. */
  | (Base & { readonly do: "outsideTransaction"; readonly what: string })
  /** IF NOT EXISTS finds something of that name that is not what the statement says. `difference`: the first one, in words. */
  | (OfTable & { readonly do: "passOver"; readonly what: "table" | "column" | "index"; readonly name: string; readonly difference: string })
  /** What it does is known only when it runs. */
  | (Base & { readonly do: "unread"; readonly reason: string });

export type ChangeOf<D extends Change["do"]> = Extract<Change, { readonly do: D }>;

export interface StatementChange {
  readonly at: Origins;
  /** Never empty. */
  readonly changes: readonly Change[];
  /** Within a DO block, which runs in one transaction. */
  readonly isInBlock: boolean;
  /** Prisma's own comment stands above: nobody wrote it by hand. */
  readonly isGenerated?: boolean;
}

/** A statement, or commands of ALTER TABLE, that cannot run twice, though PostgreSQL has a form of it that can. */
export interface RunsOnce {
  /** Named by its first word. */
  readonly at: Origins;
  /** For people: `CREATE TABLE deal`. */
  readonly what: string;
}

/** What one file does, in order. Statements that concern no table in use are counted and nothing else. */
export interface FileChanges {
  readonly uri: string;
  readonly statements: readonly StatementChange[];
  /** How many statements the file runs. */
  readonly count: number;
  /** Named by its first word; undefined for a file that runs nothing. */
  readonly first: Origins | undefined;
  readonly last: Origins | undefined;
  readonly runsOnce: readonly RunsOnce[];
  /** A line of comment says that there is no way back: `-- irreversible: the old codes are gone`. */
  readonly isIrreversible: boolean;
  /** Tables that a DO block reads before it raises an exception, by the names it writes. */
  readonly asserted: ReadonlySet<string>;
}
