/**
 * The corpora: real schemas and migration histories of public projects, kept outside this repository. They are found
 * through `DATABASE_ARCHITECT_CORPORA` or in `../shared/corpora`. Where they are missing the suites say so, and fail in CI.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";

export interface Corpus {
  readonly id: string;
  readonly kind: "prisma" | "sql-migrations" | "sql-schema";
  /** Absolute paths of the Prisma schema, in one or several files. */
  readonly schemaFiles: readonly string[];
  /** Paths below `folder`, in the order they are applied. */
  readonly sqlFiles: readonly string[];
  readonly folder: string;
  /** What must exist before the first file. */
  readonly preludes: readonly Prelude[];
  /** Files with `-- +goose Up` and `Down` sections; only Up is applied. */
  readonly goose: boolean;
  /** Placeholders of the project's own tool, and what stands for them. */
  readonly template: readonly { readonly pattern: RegExp; readonly replacement: string }[];
  /** `search_path` the files expect, when not the server's default. */
  readonly searchPath: string | undefined;
  /** Extensions created in advance and the schema they are put into. */
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  /** Schemas created in advance. */
  readonly schemas: readonly string[];
  /** Ground truth of the applied files, from an independent query; see `truthOf`. */
  readonly truthFile: string;
  /** SQL that the schema engine derives from the Prisma schema; absolute path, undefined when there is none. */
  readonly derivedSql: string | undefined;
}

export interface Prelude {
  readonly name: "roles" | "supabase";
  readonly file: string;
}

const repository = fileURLToPath(new URL("../../", import.meta.url));

export const corporaFolder: string = resolve(repository, process.env["DATABASE_ARCHITECT_CORPORA"] ?? "../shared/corpora");

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

/**
 * Declares the tests of a suite over the corpora. Without the folder it declares one test instead: pending and loud on a
 * developer's machine, failing where `CI` is set, so that nobody believes they ran.
 */
export function forEachCorpus(declare: (corpus: Corpus) => void): void {
  if (existsSync(join(corporaFolder, "manifest.json"))) {
    for (const each of corpora()) declare(each);
    return;
  }
  it(`NOT RUN: ${missingText()}`, function () {
    if (process.env["CI"] !== undefined && process.env["CI"] !== "") throw new Error(missingText());
    console.warn(`\n  !!! ${missingText()}\n`);
    this.skip();
  });
}

function missingText(): string {
  return `the corpora are not at ${corporaFolder}. Set DATABASE_ARCHITECT_CORPORA to the folder that holds manifest.json.`;
}

const manifest = v.array(
  v.object({
    id: v.string(),
    kind: v.picklist(["prisma", "sql-migrations", "sql-schema"]),
    schema_files: v.array(v.string()),
    sql_files: v.array(v.string()),
    supabase: v.optional(v.union([v.boolean(), v.literal("roles")])),
    goose: v.optional(v.boolean()),
    template: v.optional(v.record(v.string(), v.string())),
    search_path: v.optional(v.string()),
    extdb: v.optional(v.array(v.string())),
    extin: v.optional(v.string()),
    schemas: v.optional(v.array(v.string())),
  }),
);

function corpus(entry: v.InferOutput<typeof manifest>[number]): Corpus {
  const folder = join(corporaFolder, entry.id);
  const derived = join(folder, "derived", "from-schema.sql");
  const roles: Prelude = { name: "roles", file: join(corporaFolder, "prelude_roles.sql") };
  const supabase: Prelude = { name: "supabase", file: join(corporaFolder, "prelude_supabase.sql") };
  return {
    id: entry.id,
    kind: entry.kind,
    folder,
    schemaFiles: entry.schema_files.map((file) => join(folder, file)),
    sqlFiles: entry.sql_files,
    preludes: entry.supabase === true ? [roles, supabase] : [roles],
    goose: entry.goose ?? false,
    template: Object.entries(entry.template ?? {}).map(([pattern, replacement]) => ({ pattern: new RegExp(pattern, "g"), replacement })),
    searchPath: entry.search_path,
    extensions: (entry.extdb ?? []).map((name) => ({ name, schema: entry.extin ?? "public" })),
    schemas: entry.schemas ?? [],
    truthFile: join(corporaFolder, "truth", `${entry.id}.json`),
    derivedSql: existsSync(derived) ? derived : undefined,
  };
}
