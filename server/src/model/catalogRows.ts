/**
 * The shape of what the catalog queries return: rows of PostgreSQL's own tables, as plain JSON, still with its codes.
 * The database room fetches them, `fromCatalog` reads them; neither needs the other.
 */

/** One reading of a catalog, in one transaction: the rows of each query by its name, ordered by name, columns by position. */
export interface CatalogRows {
  readonly server: readonly ServerRow[];
  readonly namespaces: readonly NamespaceRow[];
  readonly types: readonly TypeRow[];
  readonly enums: readonly EnumRow[];
  readonly domains: readonly DomainRow[];
  readonly relations: readonly RelationRow[];
  readonly partitionKeys: readonly PartitionKeyRow[];
  readonly columns: readonly ColumnRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly sequences: readonly SequenceRow[];
  readonly routines: readonly RoutineRow[];
  readonly triggers: readonly TriggerRow[];
  readonly policies: readonly PolicyRow[];
  readonly extensions: readonly ExtensionRow[];
  readonly viewReads: readonly ViewReadRow[];
  readonly grants: readonly GrantRow[];
}

export type CatalogQueryName = keyof CatalogRows;

/** Object identifiers tie rows together and mean nothing beyond one reading. */
type Oid = number;

/** One of pg_catalog's one-letter codes, as it stands there; `fromCatalog` knows them. */
type Code = string;

export interface NamespaceRow {
  readonly name: string;
  readonly comment: string | null;
}

/** Every type but the row types of tables; `element` is set for arrays only. */
export interface TypeRow {
  readonly oid: Oid;
  readonly schema: string;
  readonly name: string;
  /** `typtype`: b, c, d, e, p, r, m. */
  readonly kind: Code;
  readonly element: Oid | null;
}

export interface EnumRow {
  readonly schema: string;
  readonly name: string;
  readonly values: readonly string[];
  readonly comment: string | null;
}

export interface DomainRow {
  readonly oid: Oid;
  readonly schema: string;
  readonly name: string;
  readonly baseType: Oid;
  readonly modifier: number;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly comment: string | null;
}

/** Tables, views and composite types. */
export interface RelationRow {
  readonly oid: Oid;
  readonly schema: string;
  readonly name: string;
  /** `relkind`: r, p, f, v, m, c. */
  readonly kind: Code;
  /** `relpersistence`: p, u, t. */
  readonly persistence: Code;
  readonly rowSecurity: boolean;
  readonly rowSecurityForced: boolean;
  /** `name=value` as `reloptions` has them. */
  readonly options: readonly string[];
  /** The query of a view. */
  readonly definition: string | null;
  /** `FOR VALUES …` or `DEFAULT`. */
  readonly partitionBound: string | null;
  /** Parents by INHERITS, or the one partitioned table it is a partition of. */
  readonly parents: readonly Oid[];
  readonly comment: string | null;
}

export interface PartitionKeyRow {
  readonly relation: Oid;
  /** `partstrat`: r, l, h. */
  readonly strategy: Code;
  /** `column` is null where the key is an expression. */
  readonly keys: readonly { readonly column: string | null; readonly operatorClass: string | null; readonly collation: string | null }[];
  /** All expressions among the keys, in order, separated by ", ". */
  readonly expressions: string | null;
}

export interface ColumnRow {
  readonly relation: Oid;
  readonly name: string;
  readonly type: Oid;
  /** `atttypmod`: -1 when there is none. */
  readonly modifier: number;
  readonly notNull: boolean;
  /** The default, or the expression of a generated column. */
  readonly expression: string | null;
  /** `attidentity`: empty, a, d. */
  readonly identity: Code;
  /** `attgenerated`: empty, s, v. */
  readonly generated: Code;
  readonly collation: string | null;
  readonly comment: string | null;
}

export interface ConstraintRow {
  /** Of a table; null for a domain's. */
  readonly relation: Oid | null;
  readonly domain: Oid | null;
  readonly name: string;
  /** `contype`: p, u, f, c, x. */
  readonly kind: Code;
  readonly columns: readonly string[];
  readonly expression: string | null;
  readonly validated: boolean;
  readonly noInherit: boolean;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly referencedSchema: string | null;
  readonly referencedTable: string | null;
  readonly referencedColumns: readonly string[];
  /** `confdeltype`, `confupdtype`: a, r, c, n, d. */
  readonly onDelete: Code;
  readonly onUpdate: Code;
  readonly onDeleteSetColumns: readonly string[] | null;
  /** `confmatchtype`: s, f. */
  readonly match: Code;
  readonly index: Oid | null;
  /** Operators of an exclusion constraint, one a key. */
  readonly operators: readonly string[];
  readonly comment: string | null;
}

export interface IndexRow {
  readonly oid: Oid;
  readonly relation: Oid;
  readonly name: string;
  readonly method: string;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly valid: boolean;
  readonly nullsNotDistinct: boolean;
  readonly predicate: string | null;
  readonly constraint: string | null;
  readonly keys: readonly IndexKeyRow[];
  readonly include: readonly string[];
  readonly comment: string | null;
}

/** Either a column or an expression. */
export interface IndexKeyRow {
  readonly column: string | null;
  readonly expression: string | null;
  /** Null when it is the default one. */
  readonly operatorClass: string | null;
  readonly collation: string | null;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface SequenceRow {
  readonly schema: string;
  readonly name: string;
  readonly type: Oid;
  /** A 64-bit number in decimal. */
  readonly increment: string;
  readonly owner: { readonly schema: string; readonly table: string; readonly column: string } | null;
  readonly comment: string | null;
}

export interface RoutineRow {
  readonly schema: string;
  readonly name: string;
  /** `prokind`: f, p, a, w. */
  readonly kind: Code;
  readonly argumentTypes: readonly Oid[];
  readonly returns: Oid | null;
  readonly language: string;
  /** `provolatile`: i, s, v. */
  readonly volatility: Code;
  readonly securityDefiner: boolean;
  /** `name=value`. */
  readonly settings: readonly string[];
  readonly comment: string | null;
  /** Of the arguments in `argumentTypes`; empty where one has none. */
  readonly argumentNames: readonly string[];
  readonly body: string | null;
  readonly isPublic: boolean;
}

export interface TriggerRow {
  readonly relation: Oid;
  readonly name: string;
  /** Bits of `tgtype`. */
  readonly type: number;
  /** `tgenabled`: O, D, R, A. */
  readonly enabled: Code;
  readonly isConstraint: boolean;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly updateOf: readonly string[];
  readonly condition: string | null;
  readonly routineSchema: string;
  readonly routineName: string;
  /** `tgargs` in hexadecimal: each argument ends with a zero byte. */
  readonly arguments: string;
  readonly comment: string | null;
}

export interface PolicyRow {
  readonly relation: Oid;
  readonly name: string;
  readonly permissive: boolean;
  /** `polcmd`: *, r, a, w, d. */
  readonly command: Code;
  /** Empty means everybody. */
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly withCheck: string | null;
  readonly comment: string | null;
}

export interface ExtensionRow {
  readonly name: string;
  readonly schema: string;
  readonly comment: string | null;
}

export interface ViewReadRow {
  readonly view: Oid;
  readonly schema: string;
  readonly name: string;
}

export interface GrantRow {
  readonly kind: "table" | "column" | "sequence" | "routine" | "schema" | "type" | "database" | "default";
  readonly schema: string;
  /** Empty for schemas and databases. */
  readonly name: string;
  /** Set for columns. */
  readonly column: string | null;
  /** Set for routines. */
  readonly argumentTypes: readonly Oid[] | null;
  /** Null is PUBLIC. */
  readonly grantee: string | null;
  readonly privileges: readonly string[];
  readonly grantable: boolean;
}

export interface ServerRow {
  /** `server_version_num`: 150018 for 15.18. */
  readonly versionNumber: number;
  readonly version: string;
  readonly database: string;
}
