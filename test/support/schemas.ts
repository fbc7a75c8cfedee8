/** Texts of tests as schemas: one Prisma or SQL file each, or an example of a rule. */
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import type { FileChanges } from "../../server/src/model/changes.ts";
import { foldSql, fromSql } from "../../server/src/model/fromSql.ts";
import { join } from "../../server/src/model/join.ts";
import { Places } from "../../server/src/model/places.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { parseSql } from "../../server/src/sql/parse.ts";
import type { Problem } from "../../server/src/text/problem.ts";

export const prismaUri = "file:///workspace/schema.prisma";
export const sqlUri = "file:///workspace/schema.sql";

export interface ParsedText {
  readonly uri: string;
  readonly schema: Schema;
  readonly places: Places;
  readonly problems: readonly Problem[];
}

export function parsePrismaText(text: string): ParsedText {
  const file = parsePrisma(prismaUri, text);
  return { uri: prismaUri, schema: fromPrisma([file]), places: new Places([file]), problems: file.problems };
}

/** A Prisma schema over the history behind it; both must be free of problems. `loadSqlParser()` must have been awaited. */
export function parseJoined(text: string, history: string): ParsedText {
  const prisma = parsePrisma(prismaUri, text);
  const sql = parseSql(sqlUri, history);
  const schema = join([fromPrisma([prisma]), fromSql([sql])]);
  return { uri: prismaUri, schema, places: new Places([prisma, sql]), problems: [...prisma.problems, ...sql.problems] };
}

export const migrationUri = "file:///workspace/migrations/2_change/migration.sql";

export interface ParsedMigration extends ParsedText {
  /** Of the migration itself. */
  readonly changes: FileChanges;
}

/** A migration behind the history, and before those that a fix adds. `loadSqlParser()` must have been awaited. */
export function parseMigration(text: string, history: string, later: readonly string[] = []): ParsedMigration {
  const files = [
    parseSql("file:///workspace/migrations/1_before/migration.sql", history),
    parseSql(migrationUri, text),
    ...later.map((one, at) => parseSql(`file:///workspace/migrations/${at + 3}_later/migration.sql`, one)),
  ];
  const { schema, changes } = foldSql(files);
  const own = changes.get(migrationUri);
  if (own === undefined) throw new Error("The fold has no changes of the migration.");
  return { uri: migrationUri, schema, places: new Places(files), problems: files.flatMap((file) => file.problems), changes: own };
}

/** `loadSqlParser()` must have been awaited. */
export function parseSqlText(text: string): ParsedText {
  const file = parseSql(sqlUri, text);
  const schema = fromSql([file]);
  return { uri: sqlUri, schema, places: new Places([file]), problems: file.problems };
}
