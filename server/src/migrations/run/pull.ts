/**
 * The schema of a database as text: a Prisma schema, by Prisma's own engine over a connection that can only read, or SQL, by
 * the writer of migrations. Writes no file.
 */
import { DatabaseError } from "../../database/databaseError.ts";
import type { Schema } from "../../model/schema.ts";
import type { SchemaEngine } from "../../prisma/schemaEngine.ts";
import { scriptBetween } from "../script.ts";
import { inPhases } from "../writing.ts";
import { comparable } from "./drift.ts";
import { liveSchema } from "./facts.ts";
import { type Answer, databaseReason, foldOptionsFor, type RunContext, schemaOf, withTarget } from "./runContext.ts";

export interface PulledFile {
  /** As it was given. */
  readonly path: string;
  readonly text: string;
}

export interface PulledPrisma {
  readonly files: readonly PulledFile[];
  /** What Prisma says of it; what it cannot express stays in the database. */
  readonly warnings: string | undefined;
}

/** `files`: the schema as it is, of which names, comments and order are kept; none for a new one. */
export function pullPrisma(context: RunContext, engine: SchemaEngine, files: readonly PulledFile[]): Promise<Answer<PulledPrisma>> {
  const known = files.length === 0 ? [{ path: "schema.prisma", text: newSchema }] : files;
  return withTarget(context, async ({ session }) => {
    await session.send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const schema = schemaOf(context);
    const namespaces = namespacesOf(known);
    const pulled = await engine.introspect(
      known.map(({ path, text }) => [path, text] as const),
      {
        schema,
        namespaces,
        async query(sql, values) {
          try {
            return { ok: true, table: await session.table(sql, values) };
          } catch (error) {
            return { ok: false, reason: error instanceof DatabaseError ? databaseReason(error) : String(error) };
          }
        },
      },
    );
    if (!pulled.ok) return { ok: false, reason: `The schema was not read: ${pulled.reason}` };
    const texts = new Map(known.map(({ path, text }) => [path, text]));
    return { ok: true, value: { files: pulled.files.map(([path, text]) => ({ path, text: withDatasourceOf(text, texts.get(path)) })), warnings: pulled.warnings } };
  });
}

/** SQL that makes an empty database like it. What the model holds in part only is said. */
export async function pullSql(context: RunContext): Promise<Answer<{ readonly text: string; readonly gaps: readonly string[] }>> {
  return withTarget(context, async ({ store }) => {
    const external = foldOptionsFor(context).externalSchemas ?? [];
    const live: Schema = comparable(await liveSchema(context), store, external);
    const { statements, gaps } = scriptBetween(emptyDatabase(), live, () => undefined);
    return { ok: true, value: { text: inPhases(statements).map(({ sql }) => `${sql.replace(/;?\s*$/, "")};\n`).join("\n"), gaps } };
  });
}

/** As a server makes it. */
export function emptyDatabase(): Schema {
  return { sources: [], namespaces: new Map(), tables: new Map(), views: new Map(), enums: new Map(), domains: new Map(), compositeTypes: new Map(), sequences: new Map(), routines: new Map(), extensions: new Map(), grants: [], disagreements: [] };
}

const newSchema = `datasource db {
  provider = "postgresql"
}

generator client {
  provider = "prisma-client"
  output   = "../generated/prisma"
}
`;

const datasource = /^[ \t]*datasource[ \t]+\w+[ \t]*\{[^}]*\}/m;

const datasourceWithComment = /(?:^[ \t]*\/\/[^\n]*\n)*^[ \t]*datasource[ \t]+\w+[ \t]*\{[^}]*\}/m;

/** The engine does not see the address in the datasource, and must not lose it; nor the comment above, which often is the file's. */
function withDatasourceOf(text: string, before: string | undefined): string {
  const block = before === undefined ? undefined : datasourceWithComment.exec(before)?.[0];
  return block === undefined ? text : text.replace(datasource, () => block);
}

/** `schemas = ["public", "sales"]` of the datasource. */
function namespacesOf(files: readonly PulledFile[]): readonly string[] | undefined {
  for (const { text } of files) {
    const list = /^[ \t]*schemas[ \t]*=[ \t]*\[([^\]]*)\]/m.exec(datasource.exec(text)?.[0] ?? "")?.[1];
    if (list !== undefined) return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name]) => name ?? "");
  }
  return undefined;
}
