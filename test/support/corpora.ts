/**
 * The corpora: real schemas and migration histories of public projects, kept outside this repository. They are found
 * through `DATABASE_ARCHITECT_CORPORA` or in `../shared/corpora`. Where they are missing the suites say so, and fail in CI.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { quoteIdentifier } from "../../server/src/model/names.ts";

export interface Corpus {
  readonly id: string;
  readonly kind: "prisma" | "sql-migrations" | "sql-schema";
  /** Absolute paths of the Prisma schema, in one or several files. */
  readonly schemaFiles: readonly string[];
  /** Paths below `folder`, in the order they are applied. */
  readonly sqlFiles: readonly string[];
  readonly folder: string;
  /** SQL file with what the history expects to exist before it starts, as Supabase provides it; an absolute path. */
  readonly prelude: string | undefined;
  /** Further SQL to run before the first file; may be empty. */
  readonly setup: string;
  /** Placeholders of the project's own tool, and what stands for them. */
  readonly template: readonly { readonly pattern: RegExp; readonly replacement: string }[];
  /** Ground truth of the applied files, from an independent query; see `truthOf`. */
  readonly truthFile: string;
  /** SQL that the schema engine derives from the Prisma schema; absolute path, undefined when there is none. */
  readonly derivedSql: string | undefined;
}

const repository = fileURLToPath(new URL("../../", import.meta.url));

export const corporaFolder: string = resolve(repository, process.env["DATABASE_ARCHITECT_CORPORA"] ?? "../shared/corpora");

/** SQL file that creates the roles which histories grant to; roles belong to the server, not to a schema. */
export const rolesFile: string = join(corporaFolder, "prelude_roles.sql");

/** Every corpus of the manifest; only those named in `CORPUS` (comma-separated ids) when that is set. */
export function corpora(): readonly Corpus[] {
  const file = join(corporaFolder, "manifest.json");
  if (!existsSync(file)) throw new Error(missingText());
  const entries = v.parse(manifest, JSON.parse(readFileSync(file, "utf8")), { message: `${file} has an unexpected shape.` });
  const wanted = wantedIds();
  return entries.map(corpus).filter((each) => wanted === undefined || wanted.has(each.id));
}

/** Ids named in `CORPUS`; undefined when all are wanted. Fixtures and samples go by their file or folder name. */
export function wantedIds(): ReadonlySet<string> | undefined {
  const ids = process.env["CORPUS"];
  return ids === undefined || ids === "" ? undefined : new Set(ids.split(",").map((id) => id.trim()));
}

/** Declares the tests of a suite over the corpora. Without the folder it declares one that fails, so that nobody believes they ran. */
export function forEachCorpus(declare: (corpus: Corpus) => void): void {
  if (existsSync(join(corporaFolder, "manifest.json"))) {
    for (const each of corpora()) declare(each);
    return;
  }
  it("finds the corpora", () => {
    throw new Error(missingText());
  });
}

function missingText(): string {
  return `The corpora are not at ${corporaFolder}. Set DATABASE_ARCHITECT_CORPORA to the folder that holds manifest.json.`;
}

const manifest = v.array(
  v.object({
    id: v.string(),
    kind: v.picklist(["prisma", "sql-migrations", "sql-schema"]),
    schema_files: v.array(v.string()),
    sql_files: v.array(v.string()),
    supabase: v.optional(v.union([v.boolean(), v.literal("roles")])),
    template: v.optional(v.record(v.string(), v.string())),
    search_path: v.optional(v.string()),
    extdb: v.optional(v.array(v.string())),
    extin: v.optional(v.string()),
    schemas: v.optional(v.array(v.string())),
  }),
);

type Entry = v.InferOutput<typeof manifest>[number];

function corpus(entry: Entry): Corpus {
  const folder = join(corporaFolder, entry.id);
  const derived = join(folder, "derived", "from-schema.sql");
  return {
    id: entry.id,
    kind: entry.kind,
    folder,
    schemaFiles: entry.schema_files.map((file) => join(folder, file)),
    sqlFiles: entry.sql_files,
    prelude: entry.supabase === true ? join(corporaFolder, "prelude_supabase.sql") : undefined,
    setup: setupOf(entry),
    template: Object.entries(entry.template ?? {}).map(([pattern, replacement]) => ({ pattern: new RegExp(pattern, "g"), replacement })),
    truthFile: join(corporaFolder, "truth", `${entry.id}.json`),
    derivedSql: existsSync(derived) ? derived : undefined,
  };
}

/** Schemas that a placeholder names are expected to exist, as are the ones the manifest lists. */
function setupOf(entry: Entry): string {
  const schemas = [...(entry.schemas ?? []), ...Object.values(entry.template ?? {})];
  const extensionSchema = entry.extin ?? "public";
  // As Supabase sets it for its own databases.
  const searchPath = entry.search_path ?? (entry.supabase === true ? '"$user", public, extensions' : undefined);
  return [
    ...schemas.map((schema) => `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)};`),
    ...(entry.extdb ?? []).map(
      (name) => `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} SCHEMA ${quoteIdentifier(extensionSchema)};`,
    ),
    ...(searchPath === undefined ? [] : [`SET search_path = ${searchPath};`]),
  ].join("\n");
}
