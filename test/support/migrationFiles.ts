/** Migrations made of texts, as the reader of a history would have them. */
import { checksumOf } from "../../server/src/migrations/checksum.ts";
import type { MigrationFile } from "../../server/src/migrations/history.ts";
import type { Sending } from "../../server/src/model/migration/migration.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import type { SqlFile } from "../../server/src/sql/syntax.ts";

/** `down`: the text of its way back. */
export function migrationFile(file: SqlFile, name: string, sending: Sending, down?: string): MigrationFile {
  const path = `/histories/${name}/migration.sql`;
  const base = { name, path, uri: file.uri, text: file.text, checksum: checksumOf(file.text), sending, file };
  if (down === undefined) return { ...base, down: undefined };
  const parsed = parseSql(`${file.uri}.down.sql`, down);
  return { ...base, down: { path: `/histories/${name}/down.sql`, file: parsed, statements: parsed.statements.filter(({ kind }) => kind === "sql") } };
}
