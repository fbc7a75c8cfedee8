/**
 * DDL as a schema: the statements of a history, folded in order as PostgreSQL would run them. For a history that
 * PostgreSQL accepts the result equals its catalog afterwards; test/truth holds that. Never throws: what PostgreSQL would
 * refuse is a problem, what cannot be read off the text is noted in the schema's source.
 */
import type { SqlFile } from "../sql/syntax.ts";
import type { Problem } from "../text/problem.ts";
import type { FileChanges } from "./changes.ts";
import { Context } from "./fold/context.ts";
import { foldHistory, notesOf } from "./fold/history.ts";
import { type Folded, type FoldSome, refold } from "./fold/refold.ts";
import { toSchema } from "./fold/toSchema.ts";
import { isEqual } from "./isEqual.ts";
import type { Schema } from "./schema.ts";

export interface FromSqlOptions {
  /** The schema that every database has; `public` unless said otherwise. */
  readonly defaultSchema?: string;
  /** What the session's search path is when a file begins; the default schema unless said otherwise. */
  readonly searchPath?: readonly string[];
  /** Schemas whose objects something else makes, such as `auth` on Supabase: what they lack is no problem. */
  readonly externalSchemas?: readonly string[];
  /** The files whose changes are wanted, by URI; all of them unless said: a migration that ran long ago concerns nobody. */
  readonly changesIn?: ReadonlySet<string> | undefined;
}

export interface FoldedSql extends Folded {
  readonly options: FromSqlOptions;
  /** By file: what PostgreSQL would refuse or does not find when the history runs. */
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
  /** By file, in the order in which they run: what each does to what earlier ones made. */
  readonly changes: ReadonlyMap<string, FileChanges>;
}

/** The schema a history leaves behind; `loadSqlParser()` must have been awaited. */
export function fromSql(files: readonly SqlFile[], options: FromSqlOptions = {}): Schema {
  return foldSql(files, options).schema;
}

/** `previous`: the same history before an edit; then it costs what the edit concerns, if the options are the same. */
export function foldSql(files: readonly SqlFile[], options: FromSqlOptions = {}, previous?: FoldedSql): FoldedSql {
  const { defaultSchema = "public", externalSchemas = [], searchPath = [defaultSchema] } = options;
  const fold: FoldSome = (history, wanted) => {
    const ctx = new Context(defaultSchema, searchPath, externalSchemas);
    ctx.changesIn = options.changesIn;
    const outcomes = foldHistory(history, ctx, wanted);
    return { schema: toSchema(ctx.catalog), outcomes };
  };
  const folded = (previous !== undefined && isEqual(previous.options, options) ? refold(previous, files, fold) : undefined) ?? fold(files);
  const { problems, unread, changes } = notesOf(files, folded.outcomes, options.changesIn);
  const source = { layer: "sql", uris: files.map((file) => file.uri), complete: unread.length === 0, unread } as const;
  return { files, options, schema: { ...folded.schema, sources: [source] }, outcomes: folded.outcomes, problems, changes };
}
