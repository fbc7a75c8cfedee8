/**
 * Whether two tables say the same, origins included. All tables of a history are compared after every edit, so the
 * elements that there are many of are compared property by property, in code that the engine can compile to loads and
 * compares; `test/unit/model/sharing.test.ts` holds that none is forgotten.
 */
import { isEqual } from "./isEqual.ts";
import type { Column, Element, ForeignKey, Index, IndexKey, KeyConstraint, Table } from "./schema.ts";

export function areEqualTables(a: Table, b: Table): boolean {
  return (
    a === b ||
    (areEqualElements(a, b) &&
      a.schema === b.schema &&
      a.key === b.key &&
      a.prismaName === b.prismaName &&
      a.doc === b.doc &&
      a.kind === b.kind &&
      a.persistence === b.persistence &&
      a.complete === b.complete &&
      areEqualColumns(a.columns, b.columns) &&
      areEqualOptional(a.primaryKey, b.primaryKey, areEqualKeys) &&
      areEqualLists(a.uniqueConstraints, b.uniqueConstraints, areEqualKeys) &&
      areEqualLists(a.foreignKeys, b.foreignKeys, areEqualForeignKeys) &&
      areEqualLists(a.indexes, b.indexes, areEqualIndexes) &&
      a.rowSecurity.enabled === b.rowSecurity.enabled &&
      a.rowSecurity.forced === b.rowSecurity.forced &&
      isEqual(a.checks, b.checks) &&
      isEqual(a.exclusions, b.exclusions) &&
      isEqual(a.triggers, b.triggers) &&
      isEqual(a.policies, b.policies) &&
      isEqual(a.partitionBy, b.partitionBy) &&
      isEqual(a.partitionOf, b.partitionOf) &&
      areEqualNames(a.inherits, b.inherits))
  );
}

function areEqualElements(a: Element, b: Element): boolean {
  return a.name === b.name && a.comment === b.comment && (a.origins === b.origins || isEqual(a.origins, b.origins));
}

function areEqualColumns(a: ReadonlyMap<string, Column>, b: ReadonlyMap<string, Column>): boolean {
  if (a.size !== b.size) return false;
  const others = b.values();
  for (const column of a.values()) {
    const other = others.next().value;
    if (other === undefined || !areEqualColumn(column, other)) return false;
  }
  return true;
}

/** Columns stand under their own names, so that these agree where the columns do. */
function areEqualColumn(a: Column, b: Column): boolean {
  return (
    areEqualElements(a, b) &&
    a.prismaName === b.prismaName &&
    a.doc === b.doc &&
    (a.type === b.type || isEqual(a.type, b.type)) &&
    a.notNull === b.notNull &&
    (a.default === b.default || isEqual(a.default, b.default)) &&
    a.clientDefault === b.clientDefault &&
    a.identity === b.identity &&
    (a.generated === b.generated || isEqual(a.generated, b.generated)) &&
    a.collation === b.collation
  );
}

function areEqualKeys(a: KeyConstraint, b: KeyConstraint): boolean {
  return (
    areEqualElements(a, b) &&
    a.prismaName === b.prismaName &&
    areEqualNames(a.columns, b.columns) &&
    areEqualNames(a.include, b.include) &&
    a.nullsNotDistinct === b.nullsNotDistinct &&
    a.deferrable === b.deferrable &&
    a.initiallyDeferred === b.initiallyDeferred
  );
}

function areEqualForeignKeys(a: ForeignKey, b: ForeignKey): boolean {
  return (
    areEqualElements(a, b) &&
    a.prismaName === b.prismaName &&
    areEqualNames(a.columns, b.columns) &&
    a.references.schema === b.references.schema &&
    a.references.table === b.references.table &&
    a.references.key === b.references.key &&
    areEqualNames(a.references.columns, b.references.columns) &&
    a.onDelete === b.onDelete &&
    a.onUpdate === b.onUpdate &&
    a.onDeleteStated === b.onDeleteStated &&
    areEqualOptional(a.onDeleteSetColumns, b.onDeleteSetColumns, areEqualNames) &&
    a.match === b.match &&
    a.deferrable === b.deferrable &&
    a.initiallyDeferred === b.initiallyDeferred &&
    a.validated === b.validated
  );
}

function areEqualIndexes(a: Index, b: Index): boolean {
  return (
    areEqualElements(a, b) &&
    a.prismaName === b.prismaName &&
    a.method === b.method &&
    areEqualLists(a.keys, b.keys, areEqualIndexKeys) &&
    areEqualNames(a.include, b.include) &&
    a.unique === b.unique &&
    a.primary === b.primary &&
    a.nullsNotDistinct === b.nullsNotDistinct &&
    (a.predicate === b.predicate || isEqual(a.predicate, b.predicate)) &&
    a.constraint === b.constraint &&
    a.valid === b.valid
  );
}

function areEqualIndexKeys(a: IndexKey, b: IndexKey): boolean {
  return (
    a.column === b.column &&
    (a.expression === b.expression || isEqual(a.expression, b.expression)) &&
    a.operatorClass === b.operatorClass &&
    a.collation === b.collation &&
    a.direction === b.direction &&
    a.nulls === b.nulls
  );
}

function areEqualLists<T>(a: readonly T[], b: readonly T[], areEqual: (a: T, b: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const item = a[i];
    const other = b[i];
    if (item === undefined || other === undefined || !areEqual(item, other)) return false;
  }
  return true;
}

function areEqualNames(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function areEqualOptional<T>(a: T | undefined, b: T | undefined, areEqual: (a: T, b: T) => boolean): boolean {
  return a === b || (a !== undefined && b !== undefined && areEqual(a, b));
}
