/**
 * The one relational model, in PostgreSQL's own terms. `fromPrisma`, `fromSql` and `fromCatalog` each build a
 * `Schema`; `join` makes one of several; everything else in the product is a view of it.
 *
 * Invariant: a schema is immutable and building one never fails. A reference to something unknown is a value
 * (a key that no map holds), never an exception.
 */
import type { Span } from "../text/span.ts";

/** A piece of a text that moves as a whole: a block of a Prisma schema, a statement of SQL. The same object for as long as its text is the same. */
export type Anchor = object;

/**
 * Where a fact was stated. `span` covers the whole element, `nameSpan` what a finding underlines. An edit elsewhere in
 * the file moves an element without changing anything about it; `Places` says where it stands at the moment.
 */
export type TextOrigin = {
  readonly kind: "prisma" | "sql";
  readonly uri: string;
  /** Spans and parts count from its beginning; from the file's where there is none. */
  readonly anchor?: Anchor | undefined;
  readonly span: Span;
  readonly nameSpan: Span;
  /**
   * Spans of named parts that a fix may want to replace. In Prisma text, where they are written:
   * - tables: `close` (the brace), `lastField`, `lastAttribute` (of the block);
   * - columns: `type` (with `[]` or `?`), `nativeType` (`@db.…`), and each other attribute by its name: `default`, `id`, `map` …;
   * - keys and indexes: `attribute`, `fields` (the list);
   * - foreign keys: `attribute` (`@relation(…)`), `type` (of the relation field), and the value of each argument by its
   *   name: `fields`, `references`, `onDelete`, `onUpdate`, `name`, `map`.
   * In SQL text: routines have `body`, what is created under a qualified name `schema`, constraints that are named `name`.
   * In both: `truncated`, a name of a table, column, constraint or index that is longer than PostgreSQL keeps.
   */
  readonly parts?: Readonly<Record<string, Span>>;
};

export type Origin =
  | TextOrigin
  | { readonly kind: "catalog" }
  /** Not written anywhere: follows from something else, such as the join table of an implicit many-to-many relation. */
  | { readonly kind: "implied"; readonly by: string };

/** Never empty; the first one is where findings are shown. */
export type Origins = readonly [Origin, ...Origin[]];

export type Layer = "prisma" | "sql" | "catalog";

/** What was read to build a layer, and how completely. Rules that report something missing consult it. */
export interface Source {
  readonly layer: Layer;
  /** In the order they were read; empty for a catalog. */
  readonly uris: readonly string[];
  /** False when something that may define objects could not be read. */
  readonly complete: boolean;
  readonly unread: readonly Unread[];
  /** Where a Prisma schema leaves relations to Prisma Client: its tables have no foreign keys then. */
  readonly emulatesRelations?: Origins | undefined;
}

/** A statement or a file that may define objects and was not understood. */
export interface Unread {
  readonly uri: string;
  readonly span: Span;
  /** For example "DO block", "EXECUTE of a computed string". */
  readonly what: string;
  readonly reason: string;
  /** Names its text mentions, folded; undefined when even that is unknown. What it does not mention it does not define. */
  readonly names?: ReadonlySet<string>;
}

export interface Schema {
  readonly sources: readonly Source[];
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** By key `schema.table`; partitioned tables, partitions and foreign tables too. */
  readonly tables: ReadonlyMap<string, Table>;
  /** Views and materialized views, by key. */
  readonly views: ReadonlyMap<string, View>;
  readonly enums: ReadonlyMap<string, EnumType>;
  readonly domains: ReadonlyMap<string, Domain>;
  readonly compositeTypes: ReadonlyMap<string, CompositeType>;
  readonly sequences: ReadonlyMap<string, Sequence>;
  /** By key `schema.name(type, type)`. */
  readonly routines: ReadonlyMap<string, Routine>;
  /** By name. */
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly grants: readonly Grant[];
  /** Where layers state different facts of the same element. Data for the drift rule, never an error. */
  readonly disagreements: readonly Disagreement[];
}

/** What every element has. `name` is the database name, folded as PostgreSQL folds it. */
export interface Element {
  readonly name: string;
  readonly origins: Origins;
  readonly comment: string | undefined;
}

export interface Namespace extends Element {}

export interface Table extends Element {
  readonly schema: string;
  /** `schema.name`. */
  readonly key: string;
  readonly prismaName: string | undefined;
  /** The `///` lines above the model, without their slashes: what Prisma knows of it and PostgreSQL does not. */
  readonly doc: string | undefined;
  readonly kind: "table" | "partitioned" | "foreign";
  readonly persistence: "permanent" | "unlogged" | "temporary";
  /** False when only changes to it were seen, never its creation: what it lacks is then unknown. */
  readonly complete: boolean;
  /** By name, in attribute order. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly primaryKey: KeyConstraint | undefined;
  /** UNIQUE constraints; a unique index without a constraint stands in `indexes` only. */
  readonly uniqueConstraints: readonly KeyConstraint[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly CheckConstraint[];
  readonly exclusions: readonly ExclusionConstraint[];
  /** Every index as pg_index has it, the ones that back constraints included. */
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
  readonly policies: readonly Policy[];
  readonly rowSecurity: { readonly enabled: boolean; readonly forced: boolean };
  readonly partitionBy: PartitionKey | undefined;
  readonly partitionOf: { readonly parent: string; readonly bound: string } | undefined;
  /** Keys of the parents by INHERITS. */
  readonly inherits: readonly string[];
}

export interface PartitionKey {
  readonly strategy: "range" | "list" | "hash";
  readonly keys: readonly IndexKey[];
}

export interface Column extends Element {
  readonly prismaName: string | undefined;
  /** The `///` lines of the field. */
  readonly doc: string | undefined;
  readonly type: PgType;
  readonly notNull: boolean;
  /** The default the database knows; a generated column has `generated` instead. */
  readonly default: Expression | undefined;
  /** A default made by Prisma Client, unknown to the database: `uuid(4)`, `uuid(7)`, `cuid()`, `ulid()`, `nanoid()`, `updatedAt`. */
  readonly clientDefault: string | undefined;
  readonly identity: "always" | "byDefault" | undefined;
  readonly generated: { readonly expression: Expression; readonly stored: boolean } | undefined;
  /** Schema-less collation name, when not the type's default. */
  readonly collation: string | undefined;
}

/** A type as a value: nobody compares type strings. See `pgTypes.ts`. */
export interface PgType {
  /** `pg_catalog` for built-in types; undefined when the reference could not be resolved. */
  readonly schema: string | undefined;
  /** PostgreSQL's internal name: `int4`, `varchar`, `timestamptz`, `bpchar`; `"char"` is `char`. */
  readonly name: string;
  /** As written: `varchar(20)` has `[20]`, `numeric(12,2)` has `[12, 2]`, `timestamp(3)` has `[3]`. */
  readonly modifiers: readonly number[];
  /** Number of `[]`; PostgreSQL stores only whether there is one. */
  readonly isArray: boolean;
  readonly kind: "base" | "enum" | "domain" | "composite" | "unknown";
}

/** An SQL expression. Equality is equality of `canonical`. */
export interface Expression {
  /** As written (or as the catalog prints it). */
  readonly text: string;
  /** Normal form in which PostgreSQL's own rewritings (casts it adds, IN to = ANY) make no difference; see `sql/canonical.ts`. */
  readonly canonical: string;
  /** Names of the columns it reads, when known. */
  readonly columns: readonly string[];
}

/** PRIMARY KEY or UNIQUE constraint; its index stands in `Table.indexes` under the same name. */
export interface KeyConstraint extends Element {
  readonly prismaName: string | undefined;
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
}

export type ReferentialAction = "noAction" | "restrict" | "cascade" | "setNull" | "setDefault";

export interface ForeignKey extends Element {
  /** Name of the Prisma relation field that owns the key. */
  readonly prismaName: string | undefined;
  readonly columns: readonly string[];
  readonly references: {
    readonly schema: string;
    readonly table: string;
    /** `schema.table`; `Schema.tables` may not have it. */
    readonly key: string;
    /** Resolved to the referenced primary key when the statement names none; empty when that is unknown. */
    readonly columns: readonly string[];
  };
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** Whether the text states ON DELETE / onDelete; undefined for a catalog, which cannot know. */
  readonly onDeleteStated: boolean | undefined;
  /** Columns of `ON DELETE SET NULL (…)`; undefined means all of `columns`. PostgreSQL 15. */
  readonly onDeleteSetColumns: readonly string[] | undefined;
  readonly match: "simple" | "full";
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly validated: boolean;
}

export interface CheckConstraint extends Element {
  readonly expression: Expression;
  readonly validated: boolean;
  readonly noInherit: boolean;
}

export interface ExclusionConstraint extends Element {
  readonly method: string;
  readonly elements: readonly { readonly key: IndexKey; readonly operator: string }[];
  readonly predicate: Expression | undefined;
}

export interface Index extends Element {
  readonly prismaName: string | undefined;
  /** `btree`, `hash`, `gin`, `gist`, `spgist`, `brin`, or an extension's. */
  readonly method: string;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly unique: boolean;
  readonly primary: boolean;
  readonly nullsNotDistinct: boolean;
  readonly predicate: Expression | undefined;
  /** Name of the constraint it backs. */
  readonly constraint: string | undefined;
  /** pg_index.indisvalid; in texts false only for an index ON ONLY a partitioned table that not every partition has attached one to. */
  readonly valid: boolean;
}

export interface IndexKey {
  /** Exactly one of `column` and `expression` is defined. */
  readonly column: string | undefined;
  readonly expression: Expression | undefined;
  /** Undefined when it is the type's default operator class. */
  readonly operatorClass: string | undefined;
  readonly collation: string | undefined;
  readonly direction: "asc" | "desc";
  readonly nulls: "first" | "last";
}

export interface Trigger extends Element {
  readonly timing: "before" | "after" | "insteadOf";
  readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
  /** Columns of UPDATE OF. */
  readonly updateOf: readonly string[];
  readonly forEach: "row" | "statement";
  readonly when: Expression | undefined;
  /** `schema.function`, without arguments. */
  readonly routine: string;
  readonly arguments: readonly string[];
  readonly enabled: "origin" | "disabled" | "replica" | "always";
  readonly isConstraint: boolean;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
}

export interface Policy extends Element {
  readonly permissive: boolean;
  readonly command: "all" | "select" | "insert" | "update" | "delete";
  /** `public` when none is named. */
  readonly roles: readonly string[];
  readonly using: Expression | undefined;
  readonly withCheck: Expression | undefined;
}

export interface View extends Element {
  readonly schema: string;
  readonly key: string;
  readonly prismaName: string | undefined;
  readonly materialized: boolean;
  /** Output columns when they could be named; types are not inferred from text. */
  readonly columns: readonly string[];
  readonly query: string;
  /** Keys of the tables and views it reads, where resolved. */
  readonly reads: readonly string[];
  /** Reloptions such as `security_invoker`. */
  readonly options: ReadonlyMap<string, string>;
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
}

export interface EnumType extends Element {
  readonly schema: string;
  readonly key: string;
  readonly prismaName: string | undefined;
  /** In sort order. */
  readonly values: readonly string[];
}

export interface Domain extends Element {
  readonly schema: string;
  readonly key: string;
  readonly baseType: PgType;
  readonly notNull: boolean;
  readonly default: Expression | undefined;
  readonly checks: readonly CheckConstraint[];
}

export interface CompositeType extends Element {
  readonly schema: string;
  readonly key: string;
  readonly attributes: readonly { readonly name: string; readonly type: PgType }[];
}

export interface Sequence extends Element {
  readonly schema: string;
  readonly key: string;
  readonly dataType: PgType;
  readonly increment: bigint;
  /** `schema.table.column` of OWNED BY, a serial or an identity column. */
  readonly ownedBy: string | undefined;
}

export interface Routine extends Element {
  readonly schema: string;
  readonly key: string;
  readonly kind: "function" | "procedure" | "aggregate";
  readonly argumentTypes: readonly PgType[];
  /** One for each of `argumentTypes`; empty where it has none. */
  readonly argumentNames: readonly string[];
  readonly returns: PgType | undefined;
  readonly language: string;
  readonly volatility: "immutable" | "stable" | "volatile";
  readonly securityDefiner: boolean;
  /** Values of SET clauses, for example `search_path`. */
  readonly settings: ReadonlyMap<string, string>;
  /**
   * The source text between the quotes, which the origin's part `body` covers where it stands there as it is; undefined
   * for what PostgreSQL keeps as a parse tree (BEGIN ATOMIC, RETURN), for aggregates, and for functions written in C.
   */
  readonly body: string | undefined;
  /** Whether PUBLIC may execute it, as everybody may unless that was revoked. Grants do not list it. */
  readonly isPublic: boolean;
}

export interface Extension extends Element {
  readonly schema: string | undefined;
}

export interface Grant {
  readonly objectKind: "table" | "column" | "sequence" | "routine" | "schema" | "type" | "database" | "default";
  /** Key of the object; `schema.table.column` for a column. */
  readonly object: string;
  readonly grantee: string;
  /** Upper case, sorted: `SELECT`, `INSERT`, `USAGE`. */
  readonly privileges: readonly string[];
  readonly withGrantOption: boolean;
  readonly origins: Origins;
}

/** Two layers state different values of one fact. The first one holds in the joined schema. */
export interface Disagreement {
  /** `schema.table`, `schema.table.column`, `schema.table.constraint`. */
  readonly subject: string;
  /** Property name, for example `type`, `notNull`, `onDelete`, or `presence`. */
  readonly fact: string;
  readonly layers: readonly [{ readonly layer: Layer; readonly value: string }, { readonly layer: Layer; readonly value: string }];
  readonly origins: Origins;
}
