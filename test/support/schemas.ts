/** Texts of tests as schemas: one Prisma or SQL file each, or an example of a rule. */
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../server/src/model/fromSql.ts";
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

/** `loadSqlParser()` must have been awaited. */
export function parseSqlText(text: string): ParsedText {
  const file = parseSql(sqlUri, text);
  const schema = fromSql([file]);
  return { uri: sqlUri, schema, places: new Places([file]), problems: file.problems };
}
