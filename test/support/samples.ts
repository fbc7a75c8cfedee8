/** The sample projects under `examples`, as texts: schema files, migrations in order, queries. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SchemaFile } from "./schemaEngine.ts";

export interface Sample {
  readonly name: string;
  readonly folder: string;
  readonly schema: readonly SchemaFile[];
  readonly migrations: readonly SampleFile[];
  readonly queries: readonly SampleFile[];
}

export interface SampleFile {
  /** Folder of a migration, file of a query. */
  readonly name: string;
  readonly text: string;
}

export const crm = readSample("crm", "prisma/schema");
export const crmLegacy = readSample("crm-legacy", "prisma/schema.prisma");

function readSample(name: string, schema: string): Sample {
  const folder = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const migrations = join(folder, "prisma", "migrations");
  return {
    name,
    folder,
    schema: prismaFiles(join(folder, schema)).map((path) => ({ uri: path, text: readFileSync(path, "utf8") })),
    migrations: names(migrations)
      .filter((entry) => statSync(join(migrations, entry)).isDirectory())
      .map((entry) => ({ name: entry, text: readFileSync(join(migrations, entry, "migration.sql"), "utf8") })),
    queries: names(join(folder, "queries")).map((entry) => ({ name: entry, text: readFileSync(join(folder, "queries", entry), "utf8") })),
  };
}

function prismaFiles(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return names(path).map((entry) => join(path, entry));
}

function names(folder: string): readonly string[] {
  return readdirSync(folder).sort();
}
