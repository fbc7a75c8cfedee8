/**
 * What a history has done to one table, statement by statement, under whatever names the table had. Pure: it reads the
 * changes that the fold notes.
 */
import type { Change, FileChanges, StatementChange } from "../model/changes.ts";
import { formatType } from "../model/pgTypes.ts";
import type { Origin, Origins, Schema, TextOrigin } from "../model/schema.ts";

export interface TimelineStep {
  readonly uri: string;
  /** Of the statement. */
  readonly at: Origins;
  /** What it did, a line each; never empty. */
  readonly changes: readonly string[];
}

/**
 * The oldest first. `changes`: of every file of the history, which ends with `schema`. `key`: `schema.name`, as the table
 * is called in the end, or was called last.
 */
export function timelineOf(changes: ReadonlyMap<string, FileChanges>, schema: Schema, key: string): readonly TimelineStep[] {
  const steps: TimelineStep[] = [];
  let name = key;
  const statements = [...changes.values()].flatMap(({ uri, statements: all }) => all.map((statement) => ({ uri, statement })));
  for (const { uri, statement } of statements.reverse()) {
    name = nameBefore(statement, name);
    const words = statement.changes.flatMap((change) => (isOn(change, name) ? (wordsFor(change) ?? []) : []));
    if (words.length > 0) steps.push({ uri, at: statement.at, changes: [...new Set(words)] });
    // What stood under this name before was another table.
    if (statement.changes.some((change) => change.do === "createTable" && change.table.key === name)) break;
  }
  // A table that nobody waits for is made without a note.
  const origin = schema.tables.get(key)?.origins.find(isTextOrigin);
  if (origin !== undefined && steps.at(-1)?.changes[0] !== created) steps.push({ uri: origin.uri, at: [origin], changes: [created] });
  return steps.reverse();
}

const created = "created";

/** What the table that is called `key` after the statement was called before it. */
function nameBefore({ changes }: StatementChange, key: string): string {
  for (const change of changes) {
    if (change.do === "renameTable" && `${change.table.schema}.${change.to}` === key) return change.table.key;
    if (change.do === "setSchema" && `${change.to}.${change.table.name}` === key) return change.table.key;
  }
  return key;
}

function isOn(change: Change, key: string): boolean {
  if (change.do === "attachPartition" || change.do === "detachPartition") return change.table.key === key || change.child.key === key;
  return "table" in change && change.table?.key === key;
}

/** Undefined for what leaves no trace. */
function wordsFor(change: Change): string | undefined {
  switch (change.do) {
    case "createTable":
      return change.partitionOf === undefined ? created : `created as a partition of ${change.partitionOf.name}`;
    case "dropTable":
      return "dropped";
    case "renameTable":
      return `renamed to ${change.to}`;
    case "setSchema":
      return `moved to schema ${change.to}`;
    case "addColumn":
      return `column ${change.column} ${formatType(change.type)} added${change.isNotNull ? ", required" : ""}`;
    case "dropColumn":
      return `column ${change.column} dropped`;
    case "renameColumn":
      return `column ${change.column} renamed to ${change.to}`;
    case "setType":
      return `column ${change.column}: ${formatType(change.from)} became ${formatType(change.to)}`;
    case "setNotNull":
      return `column ${change.column} required`;
    case "dropNotNull":
      return `column ${change.column} may be null`;
    case "alterColumn":
      return `column ${change.column}: default or storage changed`;
    case "addIdentity":
      return `column ${change.column} counts up by itself`;
    case "addConstraint":
      return `${constraintWords[change.kind]}${onColumns(change.columns)}${change.references === undefined ? "" : ` to ${change.references.name}`} added${change.isValid ? "" : ", not valid as yet"}`;
    case "validateConstraint":
      return `constraint ${change.name} validated`;
    case "dropConstraint":
      return `constraint ${change.name} dropped`;
    case "alterConstraint":
      return `constraint ${change.name} changed`;
    case "createIndex":
      return `${change.isUnique ? "unique index" : "index"}${change.name === undefined ? "" : ` ${change.name}`}${onColumns(change.columns)} added`;
    case "dropIndex":
      return `index ${change.name} dropped`;
    case "createTrigger":
      return `trigger ${change.name} added`;
    case "dropTrigger":
      return `trigger ${change.name} dropped`;
    case "switchTrigger":
      return `trigger ${change.name} switched`;
    case "changePolicy":
      return `policy ${change.name} ${{ create: "added", alter: "changed", drop: "dropped" }[change.how]}`;
    case "setRowSecurity":
      return `row-level security ${{ enable: "on", disable: "off", force: "on for the owner too", noForce: "off for the owner" }[change.how]}`;
    case "attachPartition":
      return `partition ${change.child.name} attached`;
    case "detachPartition":
      return `partition ${change.child.name} detached`;
    case "rewriteTable":
      return change.how;
    case "setOptions":
      return `options ${[...change.options].map(([option, value]) => `${option} = ${value}`).join(", ")}`;
    case "setReplicaIdentity":
      return `replica identity ${change.to}`;
    case "truncate":
      return "emptied";
    case "write":
      return `${{ insert: "rows inserted", update: "rows updated", delete: "rows deleted" }[change.how]}${change.isWhole && change.how !== "insert" ? ", all of them" : ""}`;
    default:
      return undefined;
  }
}

const constraintWords = { primary: "primary key", unique: "unique constraint", check: "check", foreign: "foreign key", exclusion: "exclusion constraint", notNull: "not-null constraint" } as const;

function onColumns(columns: readonly string[]): string {
  return columns.length === 0 ? "" : ` (${columns.join(", ")})`;
}

function isTextOrigin(origin: Origin): origin is TextOrigin {
  return origin.kind === "sql";
}
