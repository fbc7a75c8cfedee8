/**
 * Which SQL files of a workspace define a schema, and in which order they run. Looks at names first and opens as few
 * files as it can; a folder of queries is no history.
 */
import { globMatcher } from "../text/glob.ts";
import { declaredTogether } from "./declared.ts";
import { byVersion, type Versioned, versionOf } from "./versions.ts";

export interface SqlHistory {
  readonly kind: "prisma" | "supabase" | "numbered" | "schema" | "loose";
  /** The folder that holds it, `/`-separated as in the paths given; empty for the top. */
  readonly root: string;
  /** In the order they run. */
  readonly files: readonly string[];
}

export interface SqlLocateSettings {
  /** Globs of files that define the schema, each glob a history of its own; empty means: find them. */
  readonly include: readonly string[];
  /** Globs of files and folders to leave alone. */
  readonly exclude: readonly string[];
}

/**
 * The histories among `paths`, which are relative and `/`-separated; `peek` gives the beginning of a file, or undefined
 * when it cannot be read.
 */
export function locateHistories(
  paths: readonly string[],
  peek: (path: string) => string | undefined,
  settings: SqlLocateSettings,
): SqlHistory[] {
  const isExcluded = globMatcher(settings.exclude);
  const files = paths.filter((path) => path.toLowerCase().endsWith(".sql") && !isExcluded(path)).sort();
  return settings.include.length > 0 ? stated(files, settings.include) : new Search(files, peek).histories();
}

function stated(files: readonly string[], globs: readonly string[]): SqlHistory[] {
  const taken = new Set<string>();
  return globs.flatMap((glob): SqlHistory[] => {
    const matches = globMatcher([glob]);
    const own = files.filter((path) => matches(path) && !taken.has(path));
    for (const path of own) taken.add(path);
    const [first] = own;
    if (first === undefined) return [];
    if (own.length === 1) return [{ kind: "schema", root: folderOf(first), files: own }];
    const inFolders = own.filter((path) => nameOf(path) === "migration.sql");
    if (inFolders.length > 0) return [{ kind: "prisma", root: folderOf(folderOf(first)), files: inFolders }];
    const versioned = own.flatMap((path) => versionOf(path) ?? []);
    return [{ kind: "numbered", root: commonFolder(own), files: versioned.length > 0 ? inOrder(versioned) : own }];
  });
}

class Search {
  readonly #peek: (path: string) => string | undefined;
  readonly #found: SqlHistory[] = [];
  #rest: readonly string[];

  constructor(files: readonly string[], peek: (path: string) => string | undefined) {
    this.#rest = files;
    this.#peek = peek;
  }

  histories(): SqlHistory[] {
    this.#takePrisma();
    this.#takeSupabase();
    this.#takeVersionFolders();
    this.#takeNumbered();
    this.#takeSchemas();
    return this.#found.sort((a, b) => (a.root < b.root ? -1 : a.root > b.root ? 1 : 0));
  }

  /** `migrations/<name>/migration.sql`, in the order of names; whatever else lies in those folders is no part of it. */
  #takePrisma(): void {
    const steps = this.#rest.filter((path) => nameOf(path) === "migration.sql" && isMigrationFolder(folderOf(path)));
    for (const [root, files] of grouped(steps, (path) => folderOf(folderOf(path))))
      this.#take({ kind: "prisma", root, files }, (folder) => isWithin(root, folder));
  }

  #takeSupabase(): void {
    const steps = this.#rest.filter((path) => /(?:^|\/)supabase\/migrations\/[^/]+$/.test(path));
    for (const [root, files] of grouped(steps, folderOf)) {
      const versioned = files.flatMap((path) => versionOf(path) ?? []);
      // Seeds, tests and the declared schemas, from which the migrations are made, lie beside them.
      if (versioned.length > 0)
        this.#take({ kind: "supabase", root, files: inOrder(versioned) }, (folder) => isWithin(folderOf(root), folder));
    }
  }

  /** `migrations/<version>_name/up.sql`, as diesel and Hasura have it. */
  #takeVersionFolders(): void {
    const steps = this.#rest.filter((path) => nameOf(path) === "up.sql" && /^\d/.test(nameOf(folderOf(path))));
    for (const [root, files] of grouped(steps, (path) => folderOf(folderOf(path)))) {
      const versioned = files.flatMap((path) => {
        const version = versionOf(`${folderOf(path)}.sql`);
        return version === undefined ? [] : [{ ...version, path }];
      });
      this.#take({ kind: "numbered", root, files: inOrder(versioned) }, (folder) => isWithin(root, folder));
    }
  }

  #takeNumbered(): void {
    for (const [root, files] of grouped(this.#rest, folderOf)) {
      const versioned = files.flatMap((path) => versionOf(path) ?? []);
      if (versioned.length === 0 || !this.#isMostlyDefinitions(versioned)) continue;
      const kind = this.#some(versioned, usesSupabase) ? "supabase" : "numbered";
      this.#take({ kind, root, files: inOrder(versioned) }, (folder) => folder === root);
    }
  }

  /** What is left and creates tables, file by file or several together. A dump that a tool keeps beside its migrations says the same again. */
  #takeSchemas(): void {
    const isDump = (path: string): boolean => schemaName.test(nameOf(path)) && this.#found.some((history) => isWithin(folderOf(path), history.root));
    const defining = this.#rest.filter((path) => !isDump(path) && this.#some([{ path }], isDefinition));
    const creating = new Set(defining.filter((path) => this.#some([{ path }], createsTable)));
    if (creating.size > 0 && defining.length > 1) {
      const files = defining.map((path) => ({ path, text: this.#peek(path) ?? "" }));
      for (const group of declaredTogether(files)) {
        this.#found.push({ kind: "schema", root: commonFolder(group), files: group });
        for (const path of group) creating.delete(path);
      }
    }
    for (const path of creating) this.#found.push({ kind: schemaName.test(nameOf(path)) ? "schema" : "loose", root: folderOf(path), files: [path] });
  }

  /** Numbered queries may make a view or a table in passing; of migrations, few change rows alone. */
  #isMostlyDefinitions(files: readonly { readonly path: string }[]): boolean {
    return files.filter((file) => this.#some([file], isDefinition)).length * 3 >= files.length;
  }

  #some(files: readonly { readonly path: string }[], pattern: RegExp): boolean {
    return files.some(({ path }) => {
      const text = this.#peek(path);
      return text !== undefined && pattern.test(text) && !otherDialect.test(text);
    });
  }

  /** Other files in the folders of `isTerritory` belong to the history without being part of it. */
  #take(history: SqlHistory, isTerritory: (folder: string) => boolean): void {
    this.#found.push(history);
    this.#rest = this.#rest.filter((path) => !isTerritory(folderOf(path)));
  }
}

const schemaName = /^(?:.*[_.-])?(?:schema|structure|ddl|tables|init|baseline)\.sql$/i;
const definition = "(?:table|type|schema|extension|index|view|materialized\\s+view|function|procedure|trigger|policy|domain|sequence)";
/** At the beginning of a line: prose about DDL in comments does not count. */
const isDefinition = new RegExp(
  `^[ \\t]*(?:create|alter|drop)\\s+(?:or\\s+replace\\s+|unique\\s+|unlogged\\s+|foreign\\s+)*${definition}\\b`,
  "im",
);
const createsTable = /^[ \t]*create\s+(?:unlogged\s+|foreign\s+)?table\b/im;
/** What only Supabase has: migrations made for it may lie in any folder. */
const usesSupabase = /\bauth\.(?:users\b|uid\s*\(|jwt\s*\(|role\s*\()/i;
/** MySQL, SQLite and SQL Server. */
const otherDialect = /\b(?:auto_?increment|engine\s*=\s*\w+)\b|create\s+table\s+(?:if\s+not\s+exists\s+)?[`[]|^\s*go\s*$/im;

/** Prisma's own names begin with digits; people put any names in a folder called `migrations`. */
function isMigrationFolder(folder: string): boolean {
  return /^\d/.test(nameOf(folder)) || nameOf(folderOf(folder)) === "migrations";
}

function inOrder(versioned: readonly Versioned[]): string[] {
  return [...versioned].sort(byVersion).map((one) => one.path);
}

function grouped(paths: readonly string[], by: (path: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const group = groups.get(by(path));
    if (group === undefined) groups.set(by(path), [path]);
    else group.push(path);
  }
  return groups;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether `folder` is `outer` or lies in it. */
function isWithin(outer: string, folder: string): boolean {
  return outer === "" || folder === outer || folder.startsWith(`${outer}/`);
}

function commonFolder(paths: readonly string[]): string {
  let common = folderOf(paths[0] ?? "");
  for (const path of paths) while (!isWithin(common, folderOf(path))) common = folderOf(common);
  return common;
}
