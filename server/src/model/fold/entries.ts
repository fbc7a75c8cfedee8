/**
 * The entries of the catalog while a history is folded over it: mutable, and referring to each other as PostgreSQL's refer
 * by OID. A rename changes one name and everything that refers to it follows; nothing is looked up twice.
 *
 * Invariant: an entry that was dropped has `isDropped` and stands in no map; references to it may outlive it.
 */
import type { Index, Origins, PgType, Policy, ReferentialAction, Routine, Trigger } from "../schema.ts";
import type { RareMap, RareSet } from "./rare.ts";
import type { ExpressionSpec } from "./read/expressionSpec.ts";

export interface Entry {
  name: string;
  origins: Origins;
  comment: string | undefined;
  isDropped: boolean;
}

/** What has an owner, who needs no grants, and privileges for others. */
export interface Owned {
  /** The role a history runs as is not stated in it: until OWNER TO says otherwise it is taken to be `postgres`. */
  ownerRole: string;
  readonly acl: Acl;
}

/** Privileges by grantee; the value of a privilege tells whether it may be granted on. */
export type Acl = RareMap<string, { readonly privileges: Map<string, boolean>; origins: Origins }>;

/** What expressions and columns can refer to, with the tables and domains that do, or once did. */
interface Used {
  readonly usedBy: RareSet<TableEntry | TypeEntry>;
}

export interface NamespaceEntry extends Entry, Owned {
  readonly kind: "namespace";
  readonly relations: Map<string, Relation>;
  readonly types: Map<string, TypeEntry>;
  readonly routines: Map<string, RoutineEntry[]>;
  /** How many constraints of its tables and domains have the name: generated names avoid them. */
  readonly constraintNames: Map<string, number>;
  /** Tables that only references name. */
  readonly phantoms: RareMap<string, TableEntry>;
  /** Made by something outside the history. */
  isExternal: boolean;
  /** The schema every new database has. */
  readonly isInitial: boolean;
}

export type Relation = TableEntry | ViewEntry | IndexEntry | SequenceEntry;

/** A type in use. `type` is final for built-in types; for others it gives modifiers and array-ness. */
export interface TypeUse {
  readonly entry: TypeEntry | undefined;
  readonly type: PgType;
}

export interface TypeEntry extends Entry, Owned, Used {
  readonly kind: "type";
  namespace: NamespaceEntry;
  form: "enum" | "domain" | "composite" | "row" | "range" | "base";
  /** Of an enum, in sort order. */
  values: EnumValueEntry[];
  /** Of a domain. */
  base: TypeUse | undefined;
  isNotNull: boolean;
  default: ExpressionEntry | undefined;
  readonly checks: CheckEntry[];
  /** Of a composite type. */
  attributes: { name: string; type: TypeUse }[];
  /** Of a table's row type. */
  readonly relation: TableEntry | ViewEntry | undefined;
  readonly extension: ExtensionEntry | undefined;
}

/** A value of an enum; expressions that mention it follow when it is renamed. */
export interface EnumValueEntry {
  readonly kind: "enumValue";
  name: string;
}

export interface ColumnEntry extends Entry {
  readonly kind: "column";
  type: TypeUse;
  isNotNull: boolean;
  /** What PostgreSQL 18 calls its NOT NULL constraint, where that is stated. */
  notNullName: string | undefined;
  default: ExpressionEntry | undefined;
  identity: "always" | "byDefault" | undefined;
  generated: { readonly expression: ExpressionEntry; readonly isStored: boolean } | undefined;
  collation: string | undefined;
  /** Stated for this table, not only inherited. */
  isLocal: boolean;
  /** From how many parents it is inherited. */
  inherited: number;
  /** Those that ever were OWNED BY it; `SequenceEntry.owner` tells which still are. */
  sequences: readonly SequenceEntry[];
  acl: Acl | undefined;
}

export interface TableEntry extends Entry, Owned {
  readonly kind: "table";
  namespace: NamespaceEntry;
  form: "table" | "partitioned" | "foreign";
  persistence: "permanent" | "unlogged" | "temporary";
  isComplete: boolean;
  /** Known only because something refers to it; no part of the schema. */
  isPhantom: boolean;
  columns: Map<string, ColumnEntry>;
  /** Columns of an incomplete table that something refers to. */
  readonly supposed: RareMap<string, ColumnEntry>;
  /** Row type as a column type or argument, once used. */
  rowType: TypeEntry | undefined;
  hasColumnGrants: boolean;
  readonly constraints: Map<string, ConstraintEntry>;
  readonly indexes: Set<IndexEntry>;
  readonly triggers: RareMap<string, TriggerEntry>;
  readonly policies: RareMap<string, PolicyEntry>;
  isRowSecurityEnabled: boolean;
  isRowSecurityForced: boolean;
  partitionKey: { readonly strategy: "range" | "list" | "hash"; readonly keys: readonly IndexKeyEntry[] } | undefined;
  partitionOf: { readonly parent: TableEntry; readonly bound: string } | undefined;
  inherits: TableEntry[];
  /** Partitions and tables that inherit from it. */
  readonly children: RareSet<TableEntry>;
  /** Foreign keys that point here, its own included. */
  readonly referencedBy: RareSet<ForeignKeyEntry>;
  readonly readers: RareSet<Reader>;
}

/** What reads relations by query: dropping a relation or a column under it needs CASCADE. */
export type Reader = ViewEntry | PolicyEntry | RoutineEntry;

export interface ViewEntry extends Entry, Owned {
  readonly kind: "view";
  namespace: NamespaceEntry;
  readonly isMaterialized: boolean;
  columns: Map<string, ColumnEntry>;
  query: string;
  reads: QueryReads;
  readonly options: Map<string, string>;
  readonly indexes: Set<IndexEntry>;
  readonly triggers: RareMap<string, TriggerEntry>;
  readonly readers: RareSet<Reader>;
  rowType: TypeEntry | undefined;
  hasColumnGrants: boolean;
}

/** What a query refers to. */
export interface QueryReads {
  readonly relations: ReadonlySet<TableEntry | ViewEntry>;
  readonly columns: ReadonlySet<ColumnEntry>;
  readonly routines: ReadonlySet<RoutineEntry>;
  readonly types: ReadonlySet<TypeEntry>;
}

export type ConstraintEntry = KeyEntry | ForeignKeyEntry | CheckEntry | ExclusionEntry;

export interface KeyEntry extends Entry {
  readonly kind: "primary" | "unique";
  readonly table: TableEntry;
  readonly index: IndexEntry;
  deferrable: boolean;
  initiallyDeferred: boolean;
}

export interface ForeignKeyEntry extends Entry {
  readonly kind: "foreign";
  readonly table: TableEntry;
  readonly columns: readonly ColumnEntry[];
  readonly target: TableEntry;
  /** Empty when the target's primary key is unknown. */
  readonly targetColumns: readonly ColumnEntry[];
  /** The unique index of the target that it rests on, where known. */
  readonly targetIndex: IndexEntry | undefined;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly onDeleteStated: boolean;
  readonly onDeleteSetColumns: readonly ColumnEntry[] | undefined;
  readonly match: "simple" | "full";
  deferrable: boolean;
  initiallyDeferred: boolean;
  isValidated: boolean;
  /** The key of the partitioned table that it is a partition's share of. */
  parent: ForeignKeyEntry | undefined;
  /** PostgreSQL's bookkeeping for a partitioned target: it takes a name and is otherwise nobody's business. */
  readonly isInternal: boolean;
}

export interface CheckEntry extends Entry {
  readonly kind: "check";
  readonly table: TableEntry | undefined;
  expression: ExpressionEntry;
  isValidated: boolean;
  readonly noInherit: boolean;
  isLocal: boolean;
  inherited: number;
}

export interface ExclusionEntry extends Entry {
  readonly kind: "exclusion";
  readonly table: TableEntry;
  readonly index: IndexEntry;
  readonly operators: readonly string[];
  deferrable: boolean;
  initiallyDeferred: boolean;
}

export interface IndexEntry extends Entry {
  readonly kind: "index";
  namespace: NamespaceEntry;
  readonly table: TableEntry | ViewEntry;
  readonly method: Index["method"];
  readonly keys: readonly IndexKeyEntry[];
  readonly include: readonly ColumnEntry[];
  /** What its own columns are called, included ones too: partitions name their copies after them. A rename of a column leaves them. */
  readonly nameParts: readonly string[];
  readonly isUnique: boolean;
  isPrimary: boolean;
  readonly nullsNotDistinct: boolean;
  readonly predicate: ExpressionEntry | undefined;
  constraint: KeyEntry | ExclusionEntry | undefined;
  /** The index of the partitioned table that it is attached to. */
  parent: IndexEntry | undefined;
  isValid: boolean;
  /** By a statement that Prisma would not have written so: it puts every name into quotes, and says no more than it must. */
  isByHand: boolean;
}

export interface IndexKeyEntry {
  readonly column: ColumnEntry | undefined;
  readonly expression: ExpressionEntry | undefined;
  readonly operatorClass: string | undefined;
  readonly collation: string | undefined;
  readonly isDescending: boolean;
  readonly nulls: "first" | "last";
}

export interface TriggerEntry extends Entry {
  readonly kind: "trigger";
  readonly table: TableEntry | ViewEntry;
  readonly facts: Pick<Trigger, "timing" | "events" | "forEach" | "arguments" | "isConstraint" | "deferrable" | "initiallyDeferred">;
  readonly updateOf: readonly ColumnEntry[];
  readonly when: ExpressionEntry | undefined;
  readonly routine: RoutineEntry | undefined;
  /** `schema.function` of a routine that the history does not define. */
  readonly routineKey: string;
  enabled: Trigger["enabled"];
  parent: TriggerEntry | undefined;
}

export interface PolicyEntry extends Entry {
  readonly kind: "policy";
  readonly table: TableEntry;
  readonly permissive: boolean;
  readonly command: Policy["command"];
  roles: readonly string[];
  using: ExpressionEntry | undefined;
  withCheck: ExpressionEntry | undefined;
}

export interface SequenceEntry extends Entry, Owned, Used {
  readonly kind: "sequence";
  namespace: NamespaceEntry;
  dataType: PgType;
  increment: bigint;
  owner: { readonly table: TableEntry; readonly column: ColumnEntry } | undefined;
  isIdentity: boolean;
}

export interface RoutineEntry extends Entry, Owned, Used {
  readonly kind: "routine";
  namespace: NamespaceEntry;
  form: Routine["kind"];
  /** The types that make up its signature: IN, INOUT and VARIADIC. */
  argumentTypes: readonly TypeUse[];
  /** One for each of them. */
  argumentNames: readonly string[];
  /** What a query over it yields; undefined where that is not stated. */
  outputs: readonly { readonly name: string; readonly type: TypeUse | undefined }[];
  returns: TypeUse | undefined;
  language: string;
  volatility: Routine["volatility"];
  securityDefiner: boolean;
  settings: Map<string, string>;
  /** Those that call it, or once did. */
  readonly triggers: TriggerEntry[];
  /** As written between the quotes. */
  body: string;
}

export interface ExtensionEntry extends Entry {
  readonly kind: "extension";
  namespace: NamespaceEntry;
  readonly types: TypeEntry[];
}

/** An expression and what its names stand for. */
export interface ExpressionEntry {
  readonly spec: ExpressionSpec;
  readonly uses: readonly ExpressionUse[];
}

export interface ExpressionUse {
  readonly target: ColumnEntry | RoutineEntry | TypeEntry | Relation | EnumValueEntry;
  /** Where the name stands, as a byte offset in the statement's tree. */
  readonly location: number | undefined;
  readonly path: readonly string[];
}

export interface DefaultAcl {
  /** Whose new objects. */
  readonly role: string;
  /** Undefined for those that hold everywhere. */
  readonly schema: string | undefined;
  readonly objects: "tables" | "sequences" | "functions" | "types" | "schemas";
  readonly acl: Acl;
}
