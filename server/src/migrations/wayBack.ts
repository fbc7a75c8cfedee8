/**
 * The way back of a migration that somebody else has written: what it renamed is called as before, and what else differs is
 * as it was. What cannot be undone is said, and so is what is lost.
 */
import { changeText, differences } from "../model/diff.ts";
import type { FileChanges } from "../model/changes.ts";
import { foldSql, type FromSqlOptions } from "../model/fromSql.ts";
import type { Sending } from "../model/migration/migration.ts";
import { quoteIdentifier } from "../model/names.ts";
import { parseSql } from "../sql/parse.ts";
import type { SqlFile } from "../sql/syntax.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { named } from "./definitions.ts";
import { fileText, joined, waitsFor } from "./fileText.ts";
import { historyTexts } from "./historyTexts.ts";
import { backAtOnce, scriptBetween } from "./script.ts";
import { inPhases, type WrittenStatement } from "./writing.ts";

export interface WayBack {
  readonly text: string;
  /** What stays other than it was, and why. The text is not the way back unless this is empty. */
  readonly gaps: readonly string[];
  /** What the rows lose on the way. */
  readonly losses: readonly string[];
  /** What rows must be like for the way back to be taken; PostgreSQL refuses it otherwise. */
  readonly conditions: readonly string[];
}

/** `loadSqlParser()` must have been awaited. `earlier`: the history before it, in order. */
export function wayBackOf(migration: SqlFile, earlier: readonly SqlFile[], foldOptions: FromSqlOptions, sending: Sending): WayBack {
  const fold = (...files: readonly SqlFile[]): ReturnType<typeof foldSql> => foldSql([...earlier, ...files], { ...foldOptions, changesIn: new Set([migration.uri]) });
  const before = fold().schema;
  const after = fold(migration);
  const changes = after.changes.get(migration.uri);
  const renames = renamesBack(changes);
  const file = parseSql("renames.sql", joined(renames));
  const renamed = renames.length === 0 ? after : fold(migration, file);
  const isTaken = (renamed.problems.get(file.uri) ?? []).length === 0;
  const script = scriptBetween(isTaken ? renamed.schema : after.schema, before, historyTexts(earlier), backAtOnce);
  const statements = [...(isTaken ? renames : []), ...inPhases(script.statements)];
  const undone = fold(migration, parseSql("down.sql", joined(statements))).schema;
  const unread = after.schema.sources.flatMap((source) => ("unread" in source ? source.unread : [])).length - before.sources.flatMap((source) => ("unread" in source ? source.unread : [])).length;
  const gaps = [
    ...script.gaps,
    ...differences(undone, before).map((change) => `Stays different: ${changeText(change)}.`),
    ...beyondModel(migration, unread),
  ];
  const losses = [...lostRows(changes), ...script.risks.filter(({ kind }) => kind === "loses data").map(({ message }) => message)];
  const conditions = script.risks.filter(({ kind }) => kind === "fails on rows").map(({ message }) => message);
  const notes = [...losses.map((loss) => `Rows: ${loss}`), ...gaps];
  const text = fileText({ statements, isTogether: true, waits: waitsFor(after.schema, statements), sending, notes });
  return { text, gaps, losses, conditions };
}

/** The last one first. */
function renamesBack(changes: FileChanges | undefined): readonly WrittenStatement[] {
  const line = (sql: string): WrittenStatement => ({ sql, heading: "Rename", warning: undefined, phase: "schemas", stage: "expand" });
  const statements = (changes?.statements ?? []).flatMap((statement) =>
    statement.changes.flatMap((change): readonly string[] => {
      switch (change.do) {
        case "renameTable":
          return [`ALTER TABLE ${named({ schema: change.table.schema, name: change.to })} RENAME TO ${quoteIdentifier(change.table.name)}`];
        case "renameColumn":
          return [`ALTER TABLE ${named(change.table)} RENAME COLUMN ${quoteIdentifier(change.to)} TO ${quoteIdentifier(change.column)}`];
        case "setSchema":
          return [`ALTER TABLE ${named({ schema: change.to, name: change.table.name })} SET SCHEMA ${quoteIdentifier(change.table.schema)}`];
        case "renameEnumValue": {
          const at = change.type.indexOf(".");
          return [`ALTER TYPE ${named({ schema: change.type.slice(0, at), name: change.type.slice(at + 1) })} RENAME VALUE ${quoteLiteral(change.to)} TO ${quoteLiteral(change.value)}`];
        }
        default:
          return [];
      }
    }),
  );
  return statements.reverse().map(line);
}

/** Rows that it wrote are not undone by any statement about the schema. */
function lostRows(changes: FileChanges | undefined): readonly string[] {
  const written = new Set((changes?.statements ?? []).flatMap((statement) => statement.changes.flatMap((change) => (change.do === "write" ? [`${change.how === "insert" ? "rows inserted into" : change.how === "update" ? "rows changed in" : "rows deleted from"} ${change.table.key}`] : change.do === "truncate" ? [`all rows of ${change.table.key}`] : []))));
  return [...written].map((what) => `${what} stay as the migration left them.`);
}

/** Statements about what the model does not hold. */
const beyond =
  /^\s*(?:do\b|call\b|select\b(?!\s+(?:pg_catalog\.)?set_config)|with\b|execute\b|copy\b|reassign\b|security\s+label|import\b|cluster\b|(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:event\s+trigger|publication|subscription|rule|aggregate|operator|cast|(?:default\s+)?conversion|collation|server|foreign|statistics|text\s+search|tablespace|role|user|group|database|system|(?:trusted\s+)?(?:procedural\s+)?language|transform|access\s+method)\b|alter\s+(?:default\s+privileges|sequence|view|materialized|function|procedure|routine|index|extension|trigger|domain|schema)\b|(?:grant|revoke)\b)/i;
/** Parts of statements about tables and columns that the model does not hold. */
const beyondTable =
  /\b(?:set\s+storage|set\s+compression|set\s+statistics|(?:re)?set\s*\(|owner\s+to|replica\s+identity|cluster\s+on|set\s+without|tablespace|set\s+access|inherit|attach\s+partition|detach\s+partition|(?:enable|disable)\s+(?:always\s+|replica\s+)?(?:trigger|rule))\b/i;

function beyondModel({ statements }: SqlFile, unread: number): readonly string[] {
  const found = statements.filter(({ kind, text, section }) => section === "up" && kind === "sql" && (beyond.test(text) || beyondTable.test(text.replaceAll(/'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$/g, "''"))));
  const sentences = found.map(({ text }) => `What this did may be more than what is undone: ${text.replaceAll(/\s+/g, " ").slice(0, 80)}`);
  return unread > 0 ? [...sentences, "A part of the migration cannot be read off its text."] : sentences;
}
