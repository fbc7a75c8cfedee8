/**
 * A live catalog as a schema. Pure: rows in, schema out, nothing is asked of a database. `loadSqlParser` must have been
 * awaited once: expressions are brought to their normal form by PostgreSQL's parser.
 */
import { canonicalExpression, expressionColumnsOf } from "../sql/canonical.ts";
import type {
  CatalogRows,
  ConstraintRow,
  DomainRow,
  EnumRow,
  ExtensionRow,
  GrantRow,
  NamespaceRow,
  RelationRow,
  RoutineRow,
  SequenceRow,
  ViewReadRow,
} from "./catalogRows.ts";
import {
  catalogIndex,
  catalogOrigins,
  type CatalogReader,
  catalogTable,
  catalogTrigger,
  checkConstraint,
  type PartRows,
} from "./catalogTable.ts";
import { catalogTypes } from "./catalogTypes.ts";
import { keyOf } from "./names.ts";
import { routineKey } from "./pgTypes.ts";
import type {
  CompositeType,
  Domain,
  EnumType,
  Expression,
  Extension,
  Grant,
  Namespace,
  Routine,
  Schema,
  Sequence,
  Table,
  View,
} from "./schema.ts";

export function fromCatalog(rows: CatalogRows): Schema {
  const reader = readerOf(rows);
  const partsOf = partsByRelation(rows);
  const reads = grouped(rows.viewReads, (row) => row.view);
  const domainChecks = grouped(rows.constraints, (row) => (row.kind === "c" ? row.domain : null));
  const relations = (kinds: string): RelationRow[] => rows.relations.filter((row) => kinds.includes(row.kind));
  return {
    sources: [{ layer: "catalog", uris: [], complete: true, unread: [] }],
    namespaces: new Map(rows.namespaces.map((row) => [row.name, namespace(row)])),
    tables: byKey(relations("rpf").map((row): Table => catalogTable(row, partsOf(row.oid), reader))),
    views: byKey(relations("vm").map((row) => view(row, partsOf(row.oid), reads.get(row.oid) ?? [], reader))),
    enums: byKey(rows.enums.map(enumType)),
    domains: byKey(rows.domains.map((row) => domain(row, domainChecks.get(row.oid) ?? [], reader))),
    compositeTypes: byKey(relations("c").map((row) => compositeType(row, partsOf(row.oid), reader))),
    sequences: byKey(rows.sequences.map((row) => sequence(row, reader))),
    routines: byKey(rows.routines.map((row) => routine(row, reader))),
    extensions: new Map(rows.extensions.map((row) => [row.name, extension(row)])),
    grants: rows.grants.map((row) => grant(row, reader)),
    disagreements: [],
  };
}

function readerOf(rows: CatalogRows): CatalogReader {
  const keys = new Map(rows.relations.map((row) => [row.oid, keyOf(row.schema, row.name)]));
  // The same few defaults stand on most columns of a catalog: each text is parsed once.
  const known = new Map<string, Expression>();
  return {
    typeOf: catalogTypes(rows.types),
    relationKey: (oid) => keys.get(oid) ?? String(oid),
    expression(text) {
      if (text === null) return undefined;
      let expression = known.get(text);
      if (expression === undefined) {
        expression = { text, canonical: canonicalExpression(text), columns: expressionColumnsOf(text) };
        known.set(text, expression);
      }
      return expression;
    },
  };
}

/** Groups each kind of row once, so that a table finds its own without a search. */
function partsByRelation(rows: CatalogRows): (oid: number) => PartRows {
  const columns = grouped(rows.columns, (row) => row.relation);
  const constraints = grouped(rows.constraints, (row) => row.relation);
  const indexes = grouped(rows.indexes, (row) => row.relation);
  const triggers = grouped(rows.triggers, (row) => row.relation);
  const policies = grouped(rows.policies, (row) => row.relation);
  const partitionKeys = grouped(rows.partitionKeys, (row) => row.relation);
  return (oid) => ({
    columns: columns.get(oid) ?? [],
    constraints: constraints.get(oid) ?? [],
    indexes: indexes.get(oid) ?? [],
    triggers: triggers.get(oid) ?? [],
    policies: policies.get(oid) ?? [],
    partitionKey: partitionKeys.get(oid)?.[0],
  });
}

function grouped<Row>(rows: readonly Row[], keyOfRow: (row: Row) => number | null): ReadonlyMap<number, readonly Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const key = keyOfRow(row);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function byKey<T extends { readonly key: string }>(elements: readonly T[]): ReadonlyMap<string, T> {
  return new Map(elements.map((element) => [element.key, element]));
}

function identity(row: { readonly schema: string; readonly name: string; readonly comment: string | null }) {
  return {
    name: row.name,
    schema: row.schema,
    key: keyOf(row.schema, row.name),
    origins: catalogOrigins,
    comment: row.comment ?? undefined,
  };
}

function namespace(row: NamespaceRow): Namespace {
  return { name: row.name, origins: catalogOrigins, comment: row.comment ?? undefined };
}

function view(row: RelationRow, parts: PartRows, reads: readonly ViewReadRow[], reader: CatalogReader): View {
  return {
    ...identity(row),
    prismaName: undefined,
    materialized: row.kind === "m",
    columns: parts.columns.map((each) => each.name),
    query: row.definition ?? "",
    reads: reads.map((read) => keyOf(read.schema, read.name)),
    options: assignments(row.options),
    indexes: parts.indexes.map((each) => catalogIndex(each, reader)),
    triggers: parts.triggers.map((each) => catalogTrigger(each, reader)),
  };
}

function enumType(row: EnumRow): EnumType {
  return { ...identity(row), prismaName: undefined, values: row.values };
}

function domain(row: DomainRow, checks: readonly ConstraintRow[], reader: CatalogReader): Domain {
  return {
    ...identity(row),
    baseType: reader.typeOf(row.baseType, row.modifier),
    notNull: row.notNull,
    default: reader.expression(row.default),
    checks: checks.flatMap((each) => checkConstraint(each, reader)),
  };
}

function compositeType(row: RelationRow, parts: PartRows, reader: CatalogReader): CompositeType {
  return {
    ...identity(row),
    attributes: parts.columns.map((each) => ({ name: each.name, type: reader.typeOf(each.type, each.modifier) })),
  };
}

function sequence(row: SequenceRow, reader: CatalogReader): Sequence {
  return {
    ...identity(row),
    dataType: reader.typeOf(row.type),
    increment: BigInt(row.increment),
    ownedBy: row.owner === null ? undefined : `${keyOf(row.owner.schema, row.owner.table)}.${row.owner.column}`,
  };
}

function routine(row: RoutineRow, reader: CatalogReader): Routine {
  const argumentTypes = row.argumentTypes.map((type) => reader.typeOf(type));
  return {
    ...identity(row),
    key: routineKey(row.schema, row.name, argumentTypes),
    kind: row.kind === "p" ? "procedure" : row.kind === "a" ? "aggregate" : "function",
    argumentTypes,
    argumentNames: row.argumentNames,
    returns: row.returns === null || row.kind === "p" ? undefined : reader.typeOf(row.returns),
    language: row.language,
    volatility: row.volatility === "i" ? "immutable" : row.volatility === "s" ? "stable" : "volatile",
    securityDefiner: row.securityDefiner,
    settings: assignments(row.settings),
    body: row.body ?? undefined,
    isPublic: row.isPublic,
  };
}

function extension(row: ExtensionRow): Extension {
  return { name: row.name, origins: catalogOrigins, comment: row.comment ?? undefined, schema: row.schema };
}

function grant(row: GrantRow, reader: CatalogReader): Grant {
  return {
    objectKind: row.kind,
    object: grantedObject(row, reader),
    grantee: row.grantee ?? "public",
    privileges: row.privileges,
    withGrantOption: row.grantable,
    origins: catalogOrigins,
  };
}

function grantedObject(row: GrantRow, reader: CatalogReader): string {
  if (row.argumentTypes !== null)
    return routineKey(
      row.schema,
      row.name,
      row.argumentTypes.map((type) => reader.typeOf(type)),
    );
  const object = row.name === "" ? row.schema : keyOf(row.schema, row.name);
  return row.column === null ? object : `${object}.${row.column}`;
}

/** `name=value` texts, as `reloptions` and `proconfig` hold them. */
function assignments(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const at = text.indexOf("=");
      return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
