/**
 * The shape of what the catalog queries return: rows of PostgreSQL's own tables, as plain JSON, still with its codes.
 * The database room parses query results into them, `fromCatalog` reads them; neither needs the other.
 */
import * as v from "valibot";

/** pg_catalog's one-letter codes are kept as they are; `fromCatalog` knows them. */
const code = v.string();
/** Object identifiers tie rows together and mean nothing beyond one reading. */
const oid = v.number();
const names = v.array(v.string());
const optionalText = v.nullable(v.string());

const namespaceRow = v.object({ name: v.string(), comment: optionalText });

/** Every type but the row types of tables; `element` is set for arrays only. */
const typeRow = v.object({
  oid,
  schema: v.string(),
  name: v.string(),
  /** `typtype`: b, c, d, e, p, r, m. */
  kind: code,
  element: v.nullable(oid),
});

const enumRow = v.object({ schema: v.string(), name: v.string(), values: names, comment: optionalText });

const domainRow = v.object({
  oid,
  schema: v.string(),
  name: v.string(),
  baseType: oid,
  modifier: v.number(),
  notNull: v.boolean(),
  default: optionalText,
  comment: optionalText,
});

/** Tables, views, sequences and composite types. */
const relationRow = v.object({
  oid,
  schema: v.string(),
  name: v.string(),
  /** `relkind`: r, p, f, v, m, c. */
  kind: code,
  /** `relpersistence`: p, u, t. */
  persistence: code,
  rowSecurity: v.boolean(),
  rowSecurityForced: v.boolean(),
  /** `name=value` as `reloptions` has them. */
  options: names,
  /** The query of a view. */
  definition: optionalText,
  /** `FOR VALUES …` or `DEFAULT`. */
  partitionBound: optionalText,
  /** Parents by INHERITS, or the one partitioned table it is a partition of. */
  parents: v.array(oid),
  comment: optionalText,
});

const partitionKeyRow = v.object({
  relation: oid,
  /** `partstrat`: r, l, h. */
  strategy: code,
  keys: v.array(
    v.object({ column: optionalText, operatorClass: optionalText, collation: optionalText }),
  ),
  /** All expressions among the keys, in order, separated by ", ". */
  expressions: optionalText,
});

const columnRow = v.object({
  relation: oid,
  name: v.string(),
  type: oid,
  /** `atttypmod`: -1 when there is none. */
  modifier: v.number(),
  notNull: v.boolean(),
  /** The default, or the expression of a generated column. */
  expression: optionalText,
  /** `attidentity`: empty, a, d. */
  identity: code,
  /** `attgenerated`: empty, s, v. */
  generated: code,
  collation: optionalText,
  comment: optionalText,
});

const constraintRow = v.object({
  /** Of a table; null for a domain's. */
  relation: v.nullable(oid),
  domain: v.nullable(oid),
  name: v.string(),
  /** `contype`: p, u, f, c, x. */
  kind: code,
  columns: names,
  expression: optionalText,
  validated: v.boolean(),
  noInherit: v.boolean(),
  deferrable: v.boolean(),
  initiallyDeferred: v.boolean(),
  referencedSchema: optionalText,
  referencedTable: optionalText,
  referencedColumns: names,
  /** `confdeltype`, `confupdtype`: a, r, c, n, d. */
  onDelete: code,
  onUpdate: code,
  onDeleteSetColumns: v.nullable(names),
  /** `confmatchtype`: s, f. */
  match: code,
  index: v.nullable(oid),
  /** Operators of an exclusion constraint, one a key. */
  operators: names,
  comment: optionalText,
});

const indexRow = v.object({
  oid,
  relation: oid,
  name: v.string(),
  method: v.string(),
  unique: v.boolean(),
  primary: v.boolean(),
  valid: v.boolean(),
  nullsNotDistinct: v.boolean(),
  predicate: optionalText,
  constraint: optionalText,
  keys: v.array(
    v.object({
      column: optionalText,
      expression: optionalText,
      operatorClass: optionalText,
      collation: optionalText,
      descending: v.boolean(),
      nullsFirst: v.boolean(),
    }),
  ),
  include: names,
  comment: optionalText,
});

const sequenceRow = v.object({
  schema: v.string(),
  name: v.string(),
  type: oid,
  /** A 64-bit number in decimal. */
  increment: v.string(),
  owner: v.nullable(v.object({ schema: v.string(), table: v.string(), column: v.string() })),
  comment: optionalText,
});

const routineRow = v.object({
  schema: v.string(),
  name: v.string(),
  /** `prokind`: f, p, a, w. */
  kind: code,
  argumentTypes: v.array(oid),
  returns: v.nullable(oid),
  language: v.string(),
  /** `provolatile`: i, s, v. */
  volatility: code,
  securityDefiner: v.boolean(),
  /** `name=value`. */
  settings: names,
  comment: optionalText,
});

const triggerRow = v.object({
  relation: oid,
  name: v.string(),
  /** Bits of `tgtype`. */
  type: v.number(),
  /** `tgenabled`: O, D, R, A. */
  enabled: code,
  isConstraint: v.boolean(),
  deferrable: v.boolean(),
  initiallyDeferred: v.boolean(),
  updateOf: names,
  condition: optionalText,
  routineSchema: v.string(),
  routineName: v.string(),
  /** `tgargs` in hexadecimal: each argument ends with a zero byte. */
  arguments: v.string(),
  comment: optionalText,
});

const policyRow = v.object({
  relation: oid,
  name: v.string(),
  permissive: v.boolean(),
  /** `polcmd`: *, r, a, w, d. */
  command: code,
  /** Empty means everybody. */
  roles: names,
  using: optionalText,
  withCheck: optionalText,
  comment: optionalText,
});

const extensionRow = v.object({ name: v.string(), schema: v.string(), comment: optionalText });

const viewReadRow = v.object({ view: oid, schema: v.string(), name: v.string() });

const grantRow = v.object({
  kind: v.picklist(["table", "column", "sequence", "routine", "schema", "type", "database", "default"]),
  schema: v.string(),
  /** Empty for schemas and databases. */
  name: v.string(),
  /** Set for columns. */
  column: optionalText,
  /** Set for routines. */
  argumentTypes: v.nullable(v.array(oid)),
  /** Null is PUBLIC. */
  grantee: optionalText,
  privileges: names,
  grantable: v.boolean(),
});

const serverRow = v.object({
  /** `server_version_num`: 150018 for 15.18. */
  versionNumber: v.number(),
  version: v.string(),
  database: v.string(),
});

/** One reading of a catalog, in one transaction: the rows of each query by its name, ordered by name, columns by position. */
export const catalogRows = v.object({
  server: v.array(serverRow),
  namespaces: v.array(namespaceRow),
  types: v.array(typeRow),
  enums: v.array(enumRow),
  domains: v.array(domainRow),
  relations: v.array(relationRow),
  partitionKeys: v.array(partitionKeyRow),
  columns: v.array(columnRow),
  constraints: v.array(constraintRow),
  indexes: v.array(indexRow),
  sequences: v.array(sequenceRow),
  routines: v.array(routineRow),
  triggers: v.array(triggerRow),
  policies: v.array(policyRow),
  extensions: v.array(extensionRow),
  viewReads: v.array(viewReadRow),
  grants: v.array(grantRow),
});

export type CatalogRows = v.InferOutput<typeof catalogRows>;

export type CatalogQueryName = keyof CatalogRows;

export type CatalogRow<Name extends CatalogQueryName> = CatalogRows[Name][number];
