/**
 * What PostgreSQL does when one row is deleted, along the foreign keys: which rows go with it, which lose their reference,
 * what refuses. Worked out for a row that everything refers to: each other table has one row, which refers to all it can,
 * and where the table refers to itself there is a second row below the one that is deleted.
 *
 * The actions run in rounds: those of the deleted row, then those of all rows that these have changed, and so on. NO ACTION
 * and RESTRICT are such actions too, so they refuse only what no earlier round has taken away; only a deferred key waits
 * for the end of the transaction. test/truth/deleteEffects.test.ts holds this to a real PostgreSQL.
 * https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
 */
import { parentOf, type Reference } from "./queries.ts";
import type { ForeignKey, ReferentialAction, Schema, Table } from "./schema.ts";

export interface DeleteEffects {
  /** Nearest first, then by table and key; a table that is reached in several ways has several. */
  readonly effects: readonly DeleteEffect[];
  /** Keys that refuse nothing here, because another way takes their rows before; rows that go no other way would be refused. */
  readonly spared: readonly Reference[];
}

export interface DeleteEffect extends Reference {
  /** `table` has rows that refer by `foreignKey`; this happens to them, or to the DELETE because of them. */
  readonly effect: "deleted" | "nulled" | "defaulted" | "blocked";
  /** The round: 1 for what refers to the deleted row itself. */
  readonly distance: number;
  /** Where it is blocked. */
  readonly reason?: BlockReason;
}

export type BlockReason =
  /** A row refers by it, and it says NO ACTION or RESTRICT. */
  | "referred"
  /** The same, when the transaction ends. */
  | "deferred"
  /** Another key takes the row away in the same round: the one that was made first is first. */
  | "order"
  /** Other keys empty columns of the row, and PostgreSQL looks at all references of a row that is changed twice: what this one leads to may be gone then, and the row not yet freed of it. */
  | "changedTwice"
  /** A column that is to become null must not. */
  | "notNull";

export function deleteEffects(schema: Schema, tableKey: string): DeleteEffects {
  return new Deletion(schema, tableKey).run();
}

/** What became of a row, and in which round; columns that are null from a round on. */
interface Row {
  readonly table: Table;
  deletedIn: number | undefined;
  readonly nulledIn: Map<string, number>;
  /** The rounds in which it was changed, in order. */
  readonly changedIn: number[];
}

/** A row whose own references react in a round: it is gone, or some of its columns have changed. */
interface Event {
  readonly row: Row;
  readonly changed: ReadonlySet<string> | undefined;
}

interface Check extends Reference {
  readonly row: Row;
  readonly round: number;
  readonly reason: Exclude<BlockReason, "order" | "changedTwice">;
}

class Deletion {
  readonly #root: string;
  readonly #references: ReadonlyMap<string, readonly Reference[]>;
  readonly #rows = new Map<string, Row>();
  /** Below the deleted row, in the same table. */
  readonly #below: Row | undefined;
  readonly #effects = new Map<string, DeleteEffect>();
  readonly #checks: Check[] = [];

  constructor(schema: Schema, root: string) {
    this.#root = root;
    this.#references = referencesByTarget(schema);
    const table = schema.tables.get(root);
    if (table === undefined) return;
    this.#below = newRow(table);
    this.#rows.set(root, { ...newRow(table), deletedIn: 0 });
  }

  run(): DeleteEffects {
    const root = this.#rows.get(this.#root);
    let events: readonly Event[] = root === undefined ? [] : [{ row: root, changed: undefined }];
    for (let round = 1; events.length > 0; round++) events = this.#round(events, round);
    const spared: Reference[] = [];
    for (const check of this.#checks) this.#settle(check, spared);
    for (const row of this.#rows.values()) this.#checkAgain(row);
    const effects = [...this.#effects.values()].sort((a, b) => a.distance - b.distance || compareReferences(a, b));
    return { effects, spared: unique(spared).sort(compareReferences) };
  }

  #round(events: readonly Event[], round: number): readonly Event[] {
    const next: Event[] = [];
    for (const { row, changed } of events) {
      for (const reference of this.#references.get(row.table.key) ?? []) {
        const { foreignKey } = reference;
        if (changed !== undefined && !foreignKey.references.columns.some((column) => changed.has(column))) continue;
        const action = changed === undefined ? foreignKey.onDelete : foreignKey.onUpdate;
        const event = this.#act(reference, action, changed, row, round);
        // Nothing refers to the row below.
        if (event !== undefined && event.row !== this.#below) next.push(event);
      }
    }
    return next;
  }

  /** What one key does about a row that it refers to. */
  #act(reference: Reference, action: ReferentialAction, changed: ReadonlySet<string> | undefined, parent: Row, round: number): Event | undefined {
    const { table, foreignKey } = reference;
    const row = this.#rowOf(reference, parent);
    if (action === "noAction" || action === "restrict") {
      this.#checks.push({ ...reference, row, round, reason: action === "noAction" && foreignKey.initiallyDeferred ? "deferred" : "referred" });
      return undefined;
    }
    if (row.deletedIn !== undefined && row.deletedIn < round) return undefined;
    if (isNull(row, foreignKey, round - 1)) return undefined;
    if (action === "cascade" && changed === undefined) {
      this.#tell({ ...reference, effect: "deleted", distance: round });
      if (row.deletedIn !== undefined) return undefined;
      row.deletedIn = round;
      return { row, changed: undefined };
    }
    const columns = changedColumns(foreignKey, action, changed);
    // A default that is a value refers to some row, or is refused; nobody can know.
    const nulls = action === "setDefault" ? columns.filter((name) => defaultIsNull(table, name)) : columns;
    if (nulls.some((name) => table.columns.get(name)?.notNull === true || table.primaryKey?.columns.includes(name) === true)) {
      this.#checks.push({ ...reference, row, round, reason: "notNull" });
      return undefined;
    }
    this.#tell({ ...reference, effect: action === "setDefault" ? "defaulted" : "nulled", distance: round });
    const news = new Set(columns.filter((name) => !row.nulledIn.has(name)));
    for (const name of columns) if (!row.nulledIn.has(name)) row.nulledIn.set(name, round);
    if (news.size === 0) return undefined;
    row.changedIn.push(round);
    return { row, changed: news };
  }

  /** Refuses unless the row is gone, or refers no more, when the key looks. */
  #settle({ row, round, reason, table, foreignKey }: Check, spared: Reference[]): void {
    const gone = Math.min(row.deletedIn ?? never, nulledIn(row, foreignKey));
    if (reason === "deferred" ? gone < never : gone < round) spared.push({ table, foreignKey });
    else this.#tell({ table, foreignKey, effect: "blocked", distance: round, reason: gone === round && reason !== "deferred" ? "order" : reason });
  }

  /** The second change of a row in a transaction has its references looked at a round later, even those that it leaves alone. */
  #checkAgain(row: Row): void {
    const [, ...again] = row.changedIn;
    for (const foreignKey of row.table.foreignKeys) {
      const goneIn = this.#rows.get(foreignKey.references.key)?.deletedIn ?? never;
      const freedIn = Math.min(row.deletedIn ?? never, nulledIn(row, foreignKey));
      const round = again.find((changed) => changed < freedIn && goneIn <= changed + 1);
      if (round === undefined || foreignKey.initiallyDeferred || foreignKey.references.key === row.table.key) continue;
      this.#tell({ table: row.table, foreignKey, effect: "blocked", distance: round + 1, reason: "changedTwice" });
    }
  }

  #rowOf({ table }: Reference, parent: Row): Row {
    if (table.key === this.#root && parent.table.key === this.#root && this.#below !== undefined) return this.#below;
    let row = this.#rows.get(table.key);
    if (row === undefined) {
      row = newRow(table);
      this.#rows.set(table.key, row);
    }
    return row;
  }

  /** Once for each key, and what refuses over what does not. */
  #tell(effect: DeleteEffect): void {
    const id = `${effect.table.key}\0${effect.foreignKey.name}`;
    const known = this.#effects.get(id);
    if (known === undefined || (known.effect !== "blocked" && effect.effect === "blocked")) this.#effects.set(id, effect);
  }
}

/** Later than every round. */
const never = Number.POSITIVE_INFINITY;

function newRow(table: Table): Row {
  return { table, deletedIn: undefined, nulledIn: new Map(), changedIn: [] };
}

/** Keys of partitions that repeat a key of their parent are left out: its rows are theirs. */
function referencesByTarget(schema: Schema): ReadonlyMap<string, readonly Reference[]> {
  const found = new Map<string, Reference[]>();
  for (const table of schema.tables.values()) {
    const parent = parentOf(schema, table);
    for (const foreignKey of table.foreignKeys) {
      const target = schema.tables.get(foreignKey.references.key);
      const isCopy = parent?.foreignKeys.some((key) => key.columns.join("\0") === foreignKey.columns.join("\0")) === true;
      if (isCopy || target === undefined) continue;
      const known = found.get(target.key);
      if (known === undefined) found.set(target.key, [{ table, foreignKey }]);
      else known.push({ table, foreignKey });
    }
  }
  return found;
}

/** Of the referring row. ON UPDATE CASCADE copies a null; MATCH SIMPLE lets the other columns be. */
function changedColumns({ columns, references, onDeleteSetColumns }: ForeignKey, action: ReferentialAction, changed: ReadonlySet<string> | undefined): readonly string[] {
  if (changed === undefined) return onDeleteSetColumns ?? columns;
  return action === "cascade" ? columns.filter((_, i) => changed.has(references.columns[i] ?? "")) : columns;
}

function defaultIsNull(table: Table, column: string): boolean {
  const value = table.columns.get(column)?.default;
  return value === undefined || value.canonical.toLowerCase() === "null";
}

/** Whether a column of the key is null since that round at the latest: the row refers to nothing then. */
function isNull(row: Row, key: ForeignKey, round: number): boolean {
  return nulledIn(row, key) <= round;
}

function nulledIn(row: Row, { columns }: ForeignKey): number {
  return Math.min(...columns.map((name) => row.nulledIn.get(name) ?? never));
}

function unique(references: readonly Reference[]): Reference[] {
  return [...new Map(references.map((reference) => [`${reference.table.key}\0${reference.foreignKey.name}`, reference])).values()];
}

function compareReferences(a: Reference, b: Reference): number {
  return compareText(a.table.key, b.table.key) || compareText(a.foreignKey.name, b.foreignKey.name);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
