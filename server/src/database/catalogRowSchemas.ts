/** Checks what a server sent for the catalog queries: rows of an unexpected shape go no further. */
import * as v from "valibot";
import type { CatalogRows } from "../model/catalogRows.ts";

const code = v.string();
const oid = v.number();
const names = v.array(v.string());
const optionalText = v.nullable(v.string());

const namespaceRow = v.object({ name: v.string(), comment: optionalText });

const typeRow = v.object({
  oid,
  schema: v.string(),
  name: v.string(),
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

const relationRow = v.object({
  oid,
  schema: v.string(),
  name: v.string(),
  kind: code,
  persistence: code,
  rowSecurity: v.boolean(),
  rowSecurityForced: v.boolean(),
  options: names,
  definition: optionalText,
  partitionBound: optionalText,
  parents: v.array(oid),
  comment: optionalText,
});

const partitionKeyRow = v.object({
  relation: oid,
  strategy: code,
  keys: v.array(v.object({ column: optionalText, operatorClass: optionalText, collation: optionalText })),
  expressions: optionalText,
});

const columnRow = v.object({
  relation: oid,
  name: v.string(),
  type: oid,
  modifier: v.number(),
  notNull: v.boolean(),
  expression: optionalText,
  identity: code,
  generated: code,
  collation: optionalText,
  comment: optionalText,
});

const constraintRow = v.object({
  relation: v.nullable(oid),
  domain: v.nullable(oid),
  name: v.string(),
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
  onDelete: code,
  onUpdate: code,
  onDeleteSetColumns: v.nullable(names),
  match: code,
  index: v.nullable(oid),
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
  increment: v.string(),
  owner: v.nullable(v.object({ schema: v.string(), table: v.string(), column: v.string() })),
  comment: optionalText,
});

const routineRow = v.object({
  schema: v.string(),
  name: v.string(),
  kind: code,
  argumentTypes: v.array(oid),
  returns: v.nullable(oid),
  language: v.string(),
  volatility: code,
  securityDefiner: v.boolean(),
  settings: names,
  comment: optionalText,
  argumentNames: v.array(v.string()),
  body: optionalText,
  isPublic: v.boolean(),
});

const triggerRow = v.object({
  relation: oid,
  name: v.string(),
  type: v.number(),
  enabled: code,
  isConstraint: v.boolean(),
  deferrable: v.boolean(),
  initiallyDeferred: v.boolean(),
  updateOf: names,
  condition: optionalText,
  routineSchema: v.string(),
  routineName: v.string(),
  arguments: v.string(),
  comment: optionalText,
});

const policyRow = v.object({
  relation: oid,
  name: v.string(),
  permissive: v.boolean(),
  command: code,
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
  name: v.string(),
  column: optionalText,
  argumentTypes: v.nullable(v.array(oid)),
  grantee: optionalText,
  privileges: names,
  grantable: v.boolean(),
});

const serverRow = v.object({
  versionNumber: v.number(),
  version: v.string(),
  database: v.string(),
});

export const catalogRowsSchema: v.GenericSchema<unknown, CatalogRows> = v.object({
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
