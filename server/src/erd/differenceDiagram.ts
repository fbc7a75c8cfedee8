/**
 * The difference between two schemas as one diagram: everything of both, each box, column, enum and relation marked as
 * added, removed or changed, with what changed in words. Pure; independent of the order of input.
 */
import type { ErdChange, ErdChanged, ErdColumn, ErdDiagram, ErdEnum, ErdRelation, ErdTable } from "../../../protocol/src/erd.ts";
import { diff, type ElementChange } from "../model/diff.ts";
import type { Column, ForeignKey, Schema, Table } from "../model/schema.ts";
import { facetText } from "./changeWords.ts";
import { diagramOf, type DiagramOptions } from "./diagramOf.ts";

export function differenceDiagram(before: Schema, after: Schema, options: DiagramOptions): ErdDiagram {
  const changes = new ChangesOf(diff(before, after));
  const old = diagramOf(before, options);
  const whole = diagramOf(union(before, after), options);
  const oldTables = new Map(old.tables.map((table) => [table.key, table]));
  const oldRelations = new Map(old.relations.map((relation) => [relation.key, relation]));
  const newRelations = new Map(diagramOf(after, options).relations.map((relation) => [relation.key, relation]));
  return {
    ...whole,
    isDifference: true,
    tables: whole.tables.map((table) => markedTable(table, oldTables.get(table.key), changes)),
    enums: whole.enums.map((each) => markedEnum(each, changes)),
    relations: whole.relations.map((relation) => markedRelation(relation, oldRelations.get(relation.key), newRelations.get(relation.key), changes)),
  };
}

/** What changed, and what it is tied to: of a large schema a part that can be seen at once. */
export function onlyChanges(diagram: ErdDiagram, nothing = "Nothing differs."): ErdDiagram {
  const changed = new Set([...diagram.tables, ...diagram.enums].filter(({ change }) => change !== undefined).map(({ key }) => key));
  for (const { change, from, to } of diagram.relations) if (change !== undefined) changed.add(from.table).add(to.table);
  const kept = new Set(changed);
  for (const { from, to } of diagram.relations) {
    if (changed.has(from.table)) kept.add(to.table);
    if (changed.has(to.table)) kept.add(from.table);
  }
  const tables = diagram.tables.filter(({ key }) => kept.has(key));
  const enums = diagram.enums.filter(({ key }) => kept.has(key));
  const groups = new Set([...tables, ...enums].map(({ group }) => group));
  return {
    ...diagram,
    status: kept.size === 0 ? { kind: "empty", reason: nothing } : diagram.status,
    tables,
    enums,
    relations: diagram.relations.filter(({ from, to }) => kept.has(from.table) && kept.has(to.table)),
    groups: diagram.groups.filter(({ key }) => groups.has(key)),
  };
}

/** Both schemas as one, the later leading. */
function union(before: Schema, after: Schema): Schema {
  const tables = new Map(after.tables);
  for (const [key, old] of before.tables) {
    const now = tables.get(key);
    tables.set(key, now === undefined ? old : { ...now, columns: joinedColumns(old.columns, now.columns), foreignKeys: joinedKeys(old, now) });
  }
  return {
    ...after,
    tables,
    views: new Map([...before.views, ...after.views]),
    enums: new Map([...before.enums, ...after.enums]),
  };
}

/** In the later order; a column that is gone stands behind the one that it stood behind. */
function joinedColumns(before: ReadonlyMap<string, Column>, after: ReadonlyMap<string, Column>): ReadonlyMap<string, Column> {
  const gone = new Map<string | undefined, Column[]>();
  let lastKept: string | undefined;
  for (const column of before.values()) {
    if (after.has(column.name)) lastKept = column.name;
    else gone.set(lastKept, [...(gone.get(lastKept) ?? []), column]);
  }
  const inOrder = [...(gone.get(undefined) ?? []), ...[...after.values()].flatMap((column) => [column, ...(gone.get(column.name) ?? [])])];
  return new Map(inOrder.map((column) => [column.name, column]));
}

function joinedKeys(before: Table, after: Table): readonly ForeignKey[] {
  const names = new Set(after.foreignKeys.map(({ name }) => name));
  return [...after.foreignKeys, ...before.foreignKeys.filter(({ name }) => !names.has(name))];
}

class ChangesOf {
  readonly #byId = new Map<string, ElementChange>();
  readonly #parts = new Map<string, ElementChange[]>();

  constructor(changes: readonly ElementChange[]) {
    for (const change of changes) {
      this.#byId.set(`${change.kind} ${change.subject}`, change);
      if (change.on === undefined) continue;
      const known = this.#parts.get(change.on);
      if (known === undefined) this.#parts.set(change.on, [change]);
      else known.push(change);
    }
  }

  of(kind: ElementChange["kind"], subject: string): ElementChange | undefined {
    return this.#byId.get(`${kind} ${subject}`);
  }

  /** Of what the table or view holds. */
  on(key: string): readonly ElementChange[] {
    return this.#parts.get(key) ?? [];
  }
}

function markedTable(table: ErdTable, old: ErdTable | undefined, changes: ChangesOf): ErdTable {
  const own = changes.of(table.kind === "table" ? "table" : "view", table.key);
  const oldColumns = new Map(old?.columns.map((column) => [column.name, column]));
  if (own?.what === "added" || own?.what === "removed") {
    const columns = own.what === "removed" && old !== undefined ? old.columns : table.columns;
    return { ...table, columns, ...marked(own.what), accessibleName: `${table.accessibleName}, ${own.what}` };
  }
  const parts = changes.on(table.key);
  if (own === undefined && parts.length === 0) return table;
  const columns = table.columns.map((column) => markedColumn(column, oldColumns.get(column.name), changes.of("column", `${table.key}.${column.name}`)));
  const words = [...facetsOf(own), ...parts.filter(isToldOfTable).flatMap(partWords)];
  return { ...table, columns, ...marked("changed", words), accessibleName: `${table.accessibleName}, changed` };
}

/** Columns and foreign keys are marked themselves; an index that backs a constraint is told with the constraint. */
function isToldOfTable({ kind, before, after }: ElementChange): boolean {
  const element = after ?? before;
  if (element?.kind === "index" && element.value.constraint !== undefined) return false;
  return kind !== "column" && kind !== "foreign key";
}

function partWords(change: ElementChange): readonly string[] {
  const name = (change.after ?? change.before)?.value;
  const what = `${change.kind} ${name !== undefined && "name" in name ? name.name : change.subject}`;
  return change.what === "changed" ? facetsOf(change).map((words) => `${what}: ${words}`) : [`${what} ${change.what}`];
}

function markedColumn(column: ErdColumn, old: ErdColumn | undefined, change: ElementChange | undefined): ErdColumn {
  if (change === undefined) return column;
  if (change.what === "removed") return { ...(old ?? column), ...marked("removed") };
  return { ...column, ...marked(change.what, facetsOf(change)) };
}

function markedEnum(each: ErdEnum, changes: ChangesOf): ErdEnum {
  const change = changes.of("enum", each.key);
  return change === undefined ? each : { ...each, ...marked(change.what, enumWords(change)), accessibleName: `${each.accessibleName}, ${change.what}` };
}

function enumWords(change: ElementChange): readonly string[] {
  if (change.what !== "changed" || change.before.kind !== "enum" || change.after.kind !== "enum") return [];
  const [old, now] = [change.before.value.values, change.after.value.values];
  const added = now.filter((value) => !old.includes(value)).map((value) => `value ${value} added`);
  const removed = old.filter((value) => !now.includes(value)).map((value) => `value ${value} removed`);
  const others = facetsOf(change).filter((words) => !words.startsWith("values:"));
  return [...(added.length + removed.length === 0 && others.length === 0 ? ["values in another order"] : [...added, ...removed]), ...others];
}

function markedRelation(relation: ErdRelation, old: ErdRelation | undefined, now: ErdRelation | undefined, changes: ChangesOf): ErdRelation {
  const shown = now ?? old ?? relation;
  if (old === undefined) return { ...shown, ...marked("added"), accessibleName: `${shown.accessibleName}, added` };
  if (now === undefined) return { ...shown, ...marked("removed"), accessibleName: `${shown.accessibleName}, removed` };
  const words = [...facetsOf(changes.of("foreign key", relation.key)), ...endWords(old, now)];
  return words.length === 0 ? shown : { ...shown, ...marked("changed", words), accessibleName: `${shown.accessibleName}, changed` };
}

/** What a relation means may change by a column, a key or an index. */
function endWords(old: ErdRelation, now: ErdRelation): readonly string[] {
  const words: string[] = [];
  if (old.hasIndex !== now.hasIndex) words.push(now.hasIndex ? "index added" : "index removed");
  if (old.from.cardinality !== now.from.cardinality) words.push(`from ${old.from.cardinality} to ${now.from.cardinality}`);
  if (old.to.optional !== now.to.optional) words.push(now.to.optional ? "optional now" : "required now");
  return words;
}

function facetsOf(change: ElementChange | undefined): readonly string[] {
  return change?.what === "changed" ? change.facets.map(facetText) : [];
}

function marked(change: ErdChange, changes: readonly string[] = []): ErdChanged {
  return changes.length === 0 ? { change } : { change, changes };
}
