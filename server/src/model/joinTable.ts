/**
 * One table out of two layers. What a Prisma schema cannot say (checks, policies, triggers, partial indexes) comes
 * from the other layer; what it can say, it leads.
 */
import { compareFact, type Joining, mergeElement, mergeMaps, presence } from "./joining.ts";
import { truncateName } from "./names.ts";
import { formatType } from "./pgTypes.ts";
import type { Column, Element, ForeignKey, Index, IndexKey, KeyConstraint, Table } from "./schema.ts";

export function joinTable(a: Table, b: Table, joining: Joining): Table {
  const database = joining.leading === "prisma" ? b : a;
  const foreignKeys = joinForeignKeys(a, b, joining);
  const indexes = joinIndexes(a, b, joining);
  const primaryKey = joinPrimaryKey(a, b, joining);
  return {
    ...mergeElement(a, b),
    prismaName: a.prismaName ?? b.prismaName,
    doc: a.doc ?? b.doc,
    kind: database.kind,
    persistence: database.persistence,
    complete: a.complete || b.complete,
    columns: joinColumns(a, b, joining),
    primaryKey,
    uniqueConstraints: joinNamed(a.uniqueConstraints, b.uniqueConstraints, mergeElement).filter(
      (constraint) => indexes.some((index) => index.name === constraint.name),
    ),
    foreignKeys,
    checks: joinNamed(a.checks, b.checks, mergeElement),
    exclusions: joinNamed(a.exclusions, b.exclusions, mergeElement),
    indexes,
    triggers: joinNamed(a.triggers, b.triggers, mergeElement),
    policies: joinNamed(a.policies, b.policies, mergeElement),
    rowSecurity: database.rowSecurity,
    partitionBy: database.partitionBy,
    partitionOf: database.partitionOf,
    inherits: database.inherits,
  };
}

function joinColumns(a: Table, b: Table, joining: Joining): Map<string, Column> {
  const columns = mergeMaps(a.columns, b.columns, (x, y) => joinColumn(a.key, x, y, joining));
  if (!joining.isComplete) return columns;
  for (const [name, column] of columns) {
    const inLeading = a.columns.has(name);
    if (inLeading !== b.columns.has(name)) joining.note(presence(`${a.key}.${name}`, inLeading, joining, column.origins));
  }
  return columns;
}

function joinColumn(table: string, a: Column, b: Column, joining: Joining): Column {
  const subject = `${table}.${a.name}`;
  const isUnsupported = a.type.kind === "unknown";
  if (!isUnsupported) compareFact(joining, subject, "type", formatType(a.type), formatType(b.type), a.origins);
  compareFact(joining, subject, "notNull", String(a.notNull), String(b.notNull), a.origins);
  if (a.default !== undefined && b.default !== undefined) {
    compareFact(joining, subject, "default", a.default.canonical, b.default.canonical, a.origins);
  }
  return {
    ...mergeElement(a, b),
    prismaName: a.prismaName ?? b.prismaName,
    doc: a.doc ?? b.doc,
    type: isUnsupported ? b.type : a.type,
    default: a.default ?? b.default,
    clientDefault: a.clientDefault ?? b.clientDefault,
    identity: a.identity ?? b.identity,
    generated: a.generated ?? b.generated,
    collation: a.collation ?? b.collation,
  };
}

function joinPrimaryKey(a: Table, b: Table, joining: Joining): KeyConstraint | undefined {
  if (a.primaryKey === undefined || b.primaryKey === undefined) return a.primaryKey ?? b.primaryKey;
  const { primaryKey } = a;
  compareFact(joining, `${a.key}.${primaryKey.name}`, "columns", primaryKey.columns.join(", "), b.primaryKey.columns.join(", "), primaryKey.origins);
  return mergeElement(primaryKey, b.primaryKey);
}

function joinForeignKeys(a: Table, b: Table, joining: Joining): ForeignKey[] {
  const rest = new Set(b.foreignKeys);
  const joined = a.foreignKeys.map((key) => {
    const other = b.foreignKeys.find((candidate) => rest.has(candidate) && candidate.name === key.name) ?? b.foreignKeys.find((candidate) => rest.has(candidate) && hasSameEnds(key, candidate));
    if (other === undefined) {
      if (joining.isComplete) joining.note(presence(`${a.key}.${key.name}`, true, joining, key.origins));
      return key;
    }
    rest.delete(other);
    for (const fact of ["onDelete", "onUpdate"] as const) {
      compareFact(joining, `${a.key}.${key.name}`, fact, key[fact], other[fact], key.origins);
    }
    return {
      ...mergeElement(key, other),
      onDeleteSetColumns: key.onDelete === other.onDelete ? other.onDeleteSetColumns : undefined,
      match: other.match,
      deferrable: other.deferrable,
      initiallyDeferred: other.initiallyDeferred,
      validated: other.validated,
    };
  });
  for (const key of rest) {
    if (joining.isComplete) joining.note(presence(`${a.key}.${key.name}`, false, joining, key.origins));
    if (!wasGenerated(joining, key.name, a.name, key.columns, "fkey")) joined.push(key);
  }
  return joined;
}

function hasSameEnds(a: ForeignKey, b: ForeignKey): boolean {
  return a.references.key === b.references.key && a.columns.join("\0") === b.columns.join("\0");
}

function joinIndexes(a: Table, b: Table, joining: Joining): Index[] {
  const rest = new Set(b.indexes);
  const joined = a.indexes.map((index) => {
    const other = b.indexes.find((candidate) => rest.has(candidate) && candidate.name === index.name) ?? b.indexes.find((candidate) => rest.has(candidate) && isSameIndex(index, candidate));
    if (other === undefined) {
      if (joining.isComplete) joining.note(presence(`${a.key}.${index.name}`, true, joining, index.origins));
      return index;
    }
    rest.delete(other);
    compareFact(joining, `${a.key}.${index.name}`, "definition", describeIndex(index), describeIndex(other), index.origins);
    return {
      ...mergeElement(index, other),
      prismaName: index.prismaName ?? other.prismaName,
      // Prisma cannot say these, so the database's word is the only one.
      ...(joining.leading === "prisma" && isSameIndexKeys(index, other)
        ? { include: other.include, predicate: index.predicate ?? other.predicate, nullsNotDistinct: other.nullsNotDistinct }
        : {}),
      constraint: index.constraint ?? other.constraint,
      valid: index.valid && other.valid,
    };
  });
  for (const index of rest) {
    if (joining.isComplete) joining.note(presence(`${a.key}.${index.name}`, false, joining, index.origins));
    if (!isIndexLeftOut(index, a, joining)) joined.push(index);
  }
  return joined;
}

function isIndexLeftOut(index: Index, leading: Table, joining: Joining): boolean {
  if (index.primary) return leading.primaryKey !== undefined && joining.leading === "prisma";
  if (index.predicate !== undefined || index.include.length > 0 || index.constraint !== undefined) return false;
  const columns = index.keys.map((key) => key.column ?? "");
  return !columns.includes("") && wasGenerated(joining, index.name, leading.name, columns, index.unique ? "key" : "idx");
}

/**
 * Whether a name is one that Prisma generates. Prisma can say such an element, and its schema no longer does: the
 * element was written from an earlier state of it and the next migration drops it, so it does not count as there.
 * An element with a name of its own was written by hand and counts. See docs/decisions/0003-join.md.
 */
function wasGenerated(joining: Joining, name: string, table: string, columns: readonly string[], suffix: string): boolean {
  return joining.leading === "prisma" && name === truncateName(`${table}_${columns.join("_")}_${suffix}`);
}

function isSameIndex(a: Index, b: Index): boolean {
  return a.primary === b.primary && describeIndex(a) === describeIndex(b);
}

function isSameIndexKeys(a: Index, b: Index): boolean {
  return a.method === b.method && a.unique === b.unique && a.keys.map(describeKey).join() === b.keys.map(describeKey).join();
}

function describeIndex(index: Index): string {
  const keys = index.keys.map(describeKey).join(", ");
  const where = index.predicate === undefined ? "" : ` where ${index.predicate.canonical}`;
  const include = index.include.length === 0 ? "" : ` include (${index.include.join(", ")})`;
  return `${index.unique ? "unique " : ""}${index.method} (${keys})${include}${where}`;
}

function describeKey(key: IndexKey): string {
  const what = key.column ?? key.expression?.canonical ?? "";
  return [what, key.collation, key.operatorClass, key.direction, key.nulls].filter((part) => part !== undefined).join(" ");
}

function joinNamed<T extends Element>(a: readonly T[], b: readonly T[], merge: (x: T, y: T) => T): T[] {
  const byName = (elements: readonly T[]): Map<string, T> => new Map(elements.map((element) => [element.name, element]));
  return [...mergeMaps(byName(a), byName(b), merge).values()];
}
