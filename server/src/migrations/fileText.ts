/** Statements as the text of a migration, guarded as what runs it needs it to be. */
import type { Sending } from "../model/migration/migration.ts";
import type { Schema } from "../model/schema.ts";
import { isAddedValue } from "./stages.ts";
import type { WrittenStatement } from "./writing.ts";

export interface FileInput {
  readonly statements: readonly WrittenStatement[];
  readonly isTogether: boolean;
  /** It asks for locks on tables that others use. */
  readonly waits: boolean;
  readonly sending: Sending;
  readonly notes: readonly string[];
}

export function fileText({ statements, isTogether, waits, sending, notes }: FileInput): string {
  const head = notes.map((note) => `-- ${oneLine(note)}\n`).join("");
  if (statements.length === 0) return `${head}-- Nothing to undo: what the rows were given stays.\n`;
  // What runs the file by statements opens no transaction for it.
  const isWrapped = sending === "each" && isTogether && (waits || statements.length > 1);
  // Behind a waiting ALTER TABLE every other query waits too. https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
  const timeout = waits && isTogether ? "-- Gives up rather than hold up everybody behind it.\nSET LOCAL lock_timeout = '5s';\n\n" : "";
  return `${head}${head === "" ? "" : "\n"}${isWrapped ? "BEGIN;\n\n" : ""}${timeout}${joined(statements)}${isWrapped ? "\nCOMMIT;\n" : ""}`;
}

export function joined(statements: readonly WrittenStatement[]): string {
  return statements.map(({ sql, heading, warning }) => `-- ${heading}\n${warning === undefined ? "" : `-- ${oneLine(warning)}\n`}${sql};\n`).join("\n");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

/** Whether a statement asks for a lock on a table that others may use. */
export function waitsFor(before: Schema, statements: readonly WrittenStatement[]): boolean {
  return before.tables.size > 0 && statements.some(({ heading, sql }) => !/^Create(?:Table|Enum|Schema|Extension|Function|Sequence)$/.test(heading) && !isAddedValue(sql));
}
