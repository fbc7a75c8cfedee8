/** What is to be said of a file of a history as a whole, beside what its statements do: read off its trees and its comments. */
import type { Node } from "@pgsql/types";
import type { SqlFile, Statement } from "../../../sql/syntax.ts";
import type { FileChanges, RunsOnce, StatementChange } from "../../changes.ts";
import { isMarkedIrreversible } from "../../irreversible.ts";
import type { Origins } from "../../schema.ts";
import { mentionedNames } from "../mentionedNames.ts";
import { pathOf } from "../read/nodes.ts";
import { withMentions } from "./mentions.ts";

/** `statements`: those that run. */
export function fileChanges({ uri, text }: SqlFile, statements: readonly Statement[], changes: readonly StatementChange[]): FileChanges {
  const [first, last] = [statements[0], statements.at(-1)];
  return {
    uri,
    statements: withMentions(statements, uri, generated(statements, changes)),
    count: statements.length,
    first: first === undefined ? undefined : wholeAt(first, uri),
    last: last === undefined ? undefined : wholeAt(last, uri),
    runsOnce: statements.flatMap((statement) => runsOnceIn(statement, uri) ?? []),
    isIrreversible: isMarkedIrreversible(text),
    asserted: new Set(statements.flatMap(({ tree, text: own }) => (tree !== undefined && "DoStmt" in tree && /\braise\s+exception\b/i.test(own) ? [...mentionedNames(own)] : []))),
  };
}

/** Of a file that nobody asks about. */
export function unaskedChanges({ uri }: SqlFile, count: number): FileChanges {
  return { uri, statements: [], count, first: undefined, last: undefined, runsOnce: [], isIrreversible: false, asserted: new Set() };
}

/** Prisma's comments: `-- DropIndex`. */
const prismaComment = /(?:^|\n)\s*(?:Add|Alter|Create|Drop|Redefine|Rename)[A-Z]\w*\s*$/;

const generatedOnes = new WeakMap<StatementChange, StatementChange>();

/** A comment may come and go while its statement stays what it is. */
function generated(statements: readonly Statement[], changes: readonly StatementChange[]): readonly StatementChange[] {
  const anchors = new Set<object | undefined>(statements.filter(({ leadingComment }) => leadingComment !== undefined && prismaComment.test(leadingComment)).map(({ anchor }) => anchor));
  if (anchors.size === 0) return changes;
  return changes.map((change) => {
    const [origin] = change.at;
    if (!anchors.has(origin.kind === "sql" ? origin.anchor : undefined)) return change;
    let marked = generatedOnes.get(change);
    if (marked === undefined) generatedOnes.set(change, (marked = { ...change, isGenerated: true }));
    return marked;
  });
}

function wholeAt({ anchor, text }: Statement, uri: string): Origins {
  const nameSpan = { start: 0, end: /^\w*/.exec(text)?.[0].length ?? 0 };
  return [{ kind: "sql", uri, anchor, span: { start: 0, end: text.length }, nameSpan }];
}

const known = new WeakMap<object, { readonly uri: string; readonly once: RunsOnce | undefined }>();

/** The same object while the statement says the same. */
function runsOnceIn(statement: Statement, uri: string): RunsOnce | undefined {
  const kept = known.get(statement.anchor);
  if (kept?.uri === uri) return kept.once;
  const what = statement.tree === undefined ? undefined : onceOf(statement.tree);
  const once = what === undefined ? undefined : { at: wholeAt(statement, uri), what };
  known.set(statement.anchor, { uri, once });
  return once;
}

/** What PostgreSQL refuses the second time, where IF EXISTS or IF NOT EXISTS would let it pass. */
function onceOf(tree: Node): string | undefined {
  if ("CreateStmt" in tree) return unless(tree.CreateStmt.if_not_exists, `CREATE TABLE ${tree.CreateStmt.relation?.relname}`);
  if ("IndexStmt" in tree) {
    const { idxname, concurrent = false, if_not_exists: isSafe } = tree.IndexStmt;
    // After a failed run, IF NOT EXISTS would take an invalid index for done.
    return concurrent || idxname === undefined ? undefined : unless(isSafe, `CREATE INDEX ${idxname}`);
  }
  if ("CreateSeqStmt" in tree) return unless(tree.CreateSeqStmt.if_not_exists, `CREATE SEQUENCE ${tree.CreateSeqStmt.sequence?.relname}`);
  if ("CreateSchemaStmt" in tree) {
    const { schemaname = "", if_not_exists: isSafe, schemaElts = [] } = tree.CreateSchemaStmt;
    // With what the schema is to hold, PostgreSQL takes no IF NOT EXISTS.
    return schemaElts.length > 0 || schemaname === "" ? undefined : unless(isSafe, `CREATE SCHEMA ${schemaname}`);
  }
  if ("CreateExtensionStmt" in tree) return unless(tree.CreateExtensionStmt.if_not_exists, `CREATE EXTENSION ${tree.CreateExtensionStmt.extname}`);
  if ("CreateTableAsStmt" in tree) {
    const { into, if_not_exists: isSafe, objtype } = tree.CreateTableAsStmt;
    return unless(isSafe, `CREATE ${objtype === "OBJECT_MATVIEW" ? "MATERIALIZED VIEW" : "TABLE"} ${into?.rel?.relname}`);
  }
  if ("DropStmt" in tree) {
    const { removeType = "", objects = [], missing_ok: isSafe } = tree.DropStmt;
    const kind = dropped[removeType];
    const [object] = objects;
    return kind === undefined || object === undefined ? undefined : unless(isSafe, `DROP ${kind} ${nameOf(object)}`);
  }
  if ("AlterEnumStmt" in tree) {
    const { oldVal, newVal, skipIfNewValExists } = tree.AlterEnumStmt;
    return oldVal === undefined ? unless(skipIfNewValExists, `ADD VALUE ${newVal}`) : undefined;
  }
  if (!("AlterTableStmt" in tree)) return undefined;
  for (const node of tree.AlterTableStmt.cmds ?? []) {
    if (!("AlterTableCmd" in node) || node.AlterTableCmd.missing_ok === true) continue;
    const { subtype, name = "", def } = node.AlterTableCmd;
    if (subtype === "AT_AddColumn" && def !== undefined && "ColumnDef" in def) return `ADD COLUMN ${def.ColumnDef.colname}`;
    if (subtype === "AT_DropColumn") return `DROP COLUMN ${name}`;
    if (subtype === "AT_DropConstraint") return `DROP CONSTRAINT ${name}`;
  }
  return undefined;
}

function unless(isSafe: boolean | undefined, what: string): string | undefined {
  return isSafe === true ? undefined : what;
}

function nameOf(object: Node): string {
  return ("ObjectWithArgs" in object ? pathOf({ List: { items: object.ObjectWithArgs.objname ?? [] } }) : pathOf(object)).at(-1) ?? "";
}

const dropped: Readonly<Record<string, string>> = {
  OBJECT_TABLE: "TABLE",
  OBJECT_INDEX: "INDEX",
  OBJECT_VIEW: "VIEW",
  OBJECT_MATVIEW: "MATERIALIZED VIEW",
  OBJECT_SEQUENCE: "SEQUENCE",
  OBJECT_TYPE: "TYPE",
  OBJECT_DOMAIN: "DOMAIN",
  OBJECT_SCHEMA: "SCHEMA",
  OBJECT_FUNCTION: "FUNCTION",
  OBJECT_TRIGGER: "TRIGGER",
  OBJECT_POLICY: "POLICY",
  OBJECT_EXTENSION: "EXTENSION",
};
