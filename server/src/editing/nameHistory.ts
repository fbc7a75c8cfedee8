/**
 * What became of names: a migration calls a table by the name it had then. From the statements that rename, move and drop,
 * the name of today follows; everything else in a history leaves names alone.
 */
import type { Node } from "@pgsql/types";
import type { Anchor } from "../model/schema.ts";
import { namesOf } from "../sql/canonical/type.ts";
import { referencesOf } from "../sql/references.ts";
import type { SqlFile, Statement } from "../sql/syntax.ts";

/** A name that a statement renames, moves or drops. */
interface NameChange {
  /** Counts statements from the beginning of the history. */
  readonly at: number;
  /** Of the relation or type, with the schema where it is written. */
  readonly path: readonly string[];
  /** Undefined: the relation or type itself. */
  readonly column: string | undefined;
  readonly becomes: { readonly name: string } | { readonly schema: string } | "gone";
}

/** A name that is a table's, view's, sequence's or type's, and one of its columns, as they are called today. */
export interface NameToday {
  readonly path: readonly string[];
  readonly column: string | undefined;
}

const known = new WeakMap<readonly SqlFile[], NameHistory>();

/** The same for the same list. */
export function nameHistoryOf(files: readonly SqlFile[]): NameHistory {
  let history = known.get(files);
  if (history === undefined) {
    history = new NameHistory(files);
    known.set(files, history);
  }
  return history;
}

export class NameHistory {
  readonly #moments = new Map<Anchor, number>();
  readonly #ofRelations = new Map<string, NameChange[]>();
  readonly #ofColumns = new Map<string, NameChange[]>();
  readonly #passing: Set<string>;
  /** The last moment at which something was dropped, or taken back. */
  #lastLoss = -1;

  /** `files` in the order they run. */
  constructor(files: readonly SqlFile[]) {
    this.#passing = new Set(files.flatMap((file) => file.statements.flatMap(({ tree }) => (tree === undefined ? [] : passingNames(tree)))));
    for (const file of files) {
      for (const statement of file.statements) {
        this.#moments.set(statement.anchor, this.#moments.size);
        const at = this.#moments.size - 1;
        if (mayChangeNames(statement)) this.#read(statement, at);
        if (mayLose(statement)) this.#lastLoss = at;
      }
    }
  }

  /** Whether no name means anything else than today at any time, and none is hidden. */
  get isPlain(): boolean {
    return this.#ofRelations.size === 0 && this.#ofColumns.size === 0 && this.#passing.size === 0 && this.#lastLoss < 0;
  }

  /** When a statement runs, to compare with others; undefined for what is no part of the history. */
  momentOf(anchor: Anchor): number | undefined {
    return this.#moments.get(anchor);
  }

  /** What a statement's name means today; `"gone"` when a later one has dropped it. */
  today(path: readonly string[], column: string | undefined, statement: Anchor | undefined): NameToday | "gone" {
    const since = statement === undefined ? undefined : this.#moments.get(statement);
    if (since === undefined || (this.#ofRelations.size === 0 && this.#ofColumns.size === 0)) return { path, column };
    let now: NameToday = { path, column };
    // A statement that renames speaks of the old name, so it counts itself.
    for (let moment = since - 1; ; ) {
      const change = this.#next(now, moment);
      if (change === undefined) return now;
      if (change.becomes === "gone") return "gone";
      now = changed(now, change);
      moment = change.at;
    }
  }

  /** Names that something called so today may have had before. */
  formerNames(name: string): readonly string[] {
    const former = new Set<string>([name]);
    for (const later of former) {
      for (const changes of [...this.#ofRelations.values(), ...this.#ofColumns.values()]) {
        for (const { becomes, path, column } of changes)
          if (becomes !== "gone" && "name" in becomes && becomes.name === later) former.add(column ?? path.at(-1) ?? "");
      }
    }
    former.delete(name);
    return [...former];
  }

  /** Whether a statement makes something of this name that a schema does not list: a temporary table, a range type. */
  isPassing(name: string): boolean {
    return this.#passing.has(name);
  }

  /** Whether what a statement mentions may be gone without a word: DROP … CASCADE takes along what depends, ROLLBACK everything. */
  mayHaveLost(statement: Anchor): boolean {
    const at = this.#moments.get(statement);
    return at !== undefined && at <= this.#lastLoss;
  }

  #next({ path, column }: NameToday, after: number): NameChange | undefined {
    const name = path.at(-1) ?? "";
    const isOfIt = (change: NameChange): boolean => change.at > after && isSamePath(change.path, path);
    const ofRelation = this.#ofRelations.get(name)?.find(isOfIt);
    const ofColumn = column === undefined ? undefined : this.#ofColumns.get(column)?.find(isOfIt);
    if (ofRelation === undefined || ofColumn === undefined) return ofRelation ?? ofColumn;
    return ofRelation.at <= ofColumn.at ? ofRelation : ofColumn;
  }

  #read(statement: Statement, at: number): void {
    if (statement.section === "down") return;
    for (const { kind, role, path, scope, renamedTo, movedTo } of referencesOf(statement)) {
      const becomes =
        renamedTo !== undefined ? { name: renamedTo } : movedTo !== undefined ? { schema: movedTo } : role === "drops" ? "gone" : undefined;
      if (becomes === undefined) continue;
      const name = path.at(-1) ?? "";
      if (kind === "relation" || kind === "type") append(this.#ofRelations, name, { at, path, column: undefined, becomes });
      const relation = scope?.sources[0]?.relation;
      if (kind === "column" && relation !== undefined) append(this.#ofColumns, name, { at, path: relation, column: name, becomes });
    }
  }
}

/** Names of what a statement makes and a schema does not list. */
export function passingNames(tree: Node): readonly string[] {
  if ("CreateRangeStmt" in tree) {
    const name = namesOf(tree.CreateRangeStmt.typeName).at(-1) ?? "";
    // https://www.postgresql.org/docs/current/sql-createtype.html: how the multirange type is named
    return [name, name.includes("range") ? name.replace("range", "multirange") : `${name}_multirange`];
  }
  const relation =
    "CreateStmt" in tree
      ? tree.CreateStmt.relation
      : "CreateTableAsStmt" in tree
        ? tree.CreateTableAsStmt.into?.rel
        : "ViewStmt" in tree
          ? tree.ViewStmt.view
          : undefined;
  return relation?.relpersistence === "t" && relation.relname !== undefined ? [relation.relname] : [];
}

function mayLose({ tree, text }: Statement): boolean {
  if (tree === undefined) return false;
  if ("DropStmt" in tree || "DropOwnedStmt" in tree) return true;
  if ("TransactionStmt" in tree)
    return tree.TransactionStmt.kind === "TRANS_STMT_ROLLBACK" || tree.TransactionStmt.kind === "TRANS_STMT_ROLLBACK_TO";
  return ("AlterTableStmt" in tree || "DoStmt" in tree) && /\bdrop\b/i.test(text);
}

function mayChangeNames({ tree }: Statement): boolean {
  if (tree === undefined) return false;
  if ("RenameStmt" in tree || "AlterObjectSchemaStmt" in tree || "DropStmt" in tree || "DoStmt" in tree) return true;
  return (
    "AlterTableStmt" in tree &&
    (tree.AlterTableStmt.cmds ?? []).some((node) => "AlterTableCmd" in node && node.AlterTableCmd.subtype === "AT_DropColumn")
  );
}

function changed({ path, column }: NameToday, { becomes, column: ofColumn }: NameChange): NameToday {
  if (becomes === "gone") return { path, column };
  if ("schema" in becomes) return { path: [becomes.schema, path.at(-1) ?? ""], column };
  if (ofColumn !== undefined) return { path, column: becomes.name };
  return { path: [...path.slice(0, -1), becomes.name], column };
}

/** A schema that one of them leaves out may be the other's. */
function isSamePath(a: readonly string[], b: readonly string[]): boolean {
  return a.at(-1) === b.at(-1) && (a.length < 2 || b.length < 2 || a.at(-2) === b.at(-2));
}

function append(changes: Map<string, NameChange[]>, name: string, change: NameChange): void {
  const known = changes.get(name);
  if (known === undefined) changes.set(name, [change]);
  else known.push(change);
}
