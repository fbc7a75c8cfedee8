/**
 * Finds the Prisma projects of a workspace and says what each consists of, as Prisma 5, 6 and 7 would find it, without
 * running any of its code.
 */
import { basename, dirname, join } from "node:path";
import type { FileHost } from "../text/fileHost.ts";
import type { Problem } from "../text/problem.ts";
import { span } from "../text/span.ts";
import type { Datasource } from "./datasource.ts";
import { readDatasource } from "./datasource.ts";
import { uriOfPath } from "./fileUris.ts";
import { isPrismaFrom, nearestPackage, prismaMajor } from "./prismaVersion.ts";
import type { ConfigPath, PrismaConfig } from "./readConfig.ts";
import { readPrismaConfig } from "./readConfig.ts";
import { isInside, WorkspaceFolder } from "./workspaceFolder.ts";

export interface PrismaProject {
  /** The folder whose package.json or prisma.config rules the project; absolute path. */
  readonly root: string;
  /** The schema file or folder; absolute path. Where `schemaFiles` is empty, the file that should have named it. */
  readonly schemaPath: string;
  /** Absolute paths in the order Prisma reads them; empty when `problems` say why none can be used. */
  readonly schemaFiles: readonly string[];
  /** Of the installed or declared Prisma version; 7 when nothing tells. */
  readonly major: number;
  /** Since 7.4, a migration that says CONCURRENTLY is run statement by statement, not all at once. */
  readonly splitsMigrations: boolean;
  /** `postgresql`, `mysql` …; undefined when there is no datasource. */
  readonly provider: string | undefined;
  readonly relationMode: "foreignKeys" | "prisma";
  /** Absolute path; it need not exist. */
  readonly migrationsPath: string;
  readonly configFile: string | undefined;
  /** What could not be used, and where the text is that says so. */
  readonly problems: readonly ProjectProblem[];
}

export interface ProjectProblem extends Problem {
  readonly uri: string;
}

/**
 * The projects below the workspace folders `roots` (absolute paths), sorted by schema path. Whatever leads out of a
 * workspace folder is refused with a problem. A `.prisma` file that no project claims is a project of its own, or with
 * the others of its folder when one of them holds the datasource.
 */
export function locatePrismaProjects(host: FileHost, roots: readonly string[]): readonly PrismaProject[] {
  const projects = roots.flatMap((root) => new Search(host, root).run());
  const byPath = new Map<string, PrismaProject>();
  // Workspace folders may contain each other.
  for (const project of projects) if (!byPath.has(project.schemaPath)) byPath.set(project.schemaPath, project);
  return [...byPath.values()].sort((a, b) => (a.schemaPath < b.schemaPath ? -1 : 1));
}

const extensions = ["js", "ts", "mjs", "cjs", "mts", "cts"];
/** Names of config files in the order in which Prisma 7.10 takes them; `prisma7` stands beside a Prisma 8 in the same folder. */
const configNames = ["prisma7.config", ".config/prisma7", "prisma.config", "prisma.config/index", ".config/prisma", ".config/prisma.config"].flatMap((name) =>
  extensions.map((extension) => `${name}.${extension}`),
);

class Search {
  readonly #host: FileHost;
  readonly #folder: WorkspaceFolder;
  readonly #projects: PrismaProject[] = [];
  readonly #claimed = new Set<string>();

  constructor(host: FileHost, root: string) {
    this.#host = host;
    this.#folder = new WorkspaceFolder(host, root);
  }

  run(): readonly PrismaProject[] {
    const loose: string[] = [];
    const folders: { readonly path: string; readonly names: ReadonlySet<string> }[] = [];
    for (const { path, entries } of this.#folder.folders()) {
      folders.push({ path, names: new Set(entries.map((entry) => entry.name)) });
      for (const { name, kind } of entries) if (kind === "file" && name.endsWith(".prisma")) loose.push(join(path, name));
    }
    for (const { path, names } of folders) this.#addProject(path, names);
    this.#addLoose(loose.filter((file) => !this.#claimed.has(file) && this.#folder.reach(dirname(file), basename(file)).ok));
    return this.#projects;
  }

  /** The project that Prisma finds when it is started in `root`, a folder with entries of these names. */
  #addProject(root: string, names: ReadonlySet<string>): void {
    const configFile = configNames
      .filter((name) => names.has(name.split("/", 1)[0] ?? name))
      .map((name) => join(root, name))
      .find((path) => this.#host.stat(path) === "file" && this.#folder.reach(root, path).ok);
    if (configFile === undefined && !names.has("package.json")) return;
    const config = configFile === undefined ? undefined : this.#readConfig(configFile);
    const isOf7 = configFile !== undefined && basename(configFile).startsWith("prisma7");
    const major = isOf7 ? 7 : prismaMajor(this.#host, root, this.#folder.path);
    const problems = config === undefined || configFile === undefined ? [] : located(config.problems, configFile);
    const candidate = { root, major, configFile, config, problems };
    if (config?.isPrisma8 === true || (major ?? 7) >= 8) this.#addPrisma8(candidate);
    else this.#addSchema(candidate);
  }

  #readConfig(path: string): PrismaConfig | undefined {
    const file = this.#host.readText(path);
    if (file.ok) return readPrismaConfig(path, file.text);
    const problem = { span: span(0, 0), message: `This Prisma configuration cannot be read (${file.reason}).`, severity: "warning", code: "prisma-config" } as const;
    return { schema: undefined, migrations: undefined, contract: undefined, isPrisma8: false, addresses: new Map(), problems: [problem] };
  }

  #addSchema(project: Candidate): void {
    const { root, config, configFile, problems } = project;
    const stated = this.#statedSchema(project);
    const schemaPath = stated === undefined ? this.#usualSchema(root, project.major) : stated.path;
    if (schemaPath === undefined) {
      if (configFile === undefined && problems.length === 0) return;
      const file = stated?.file ?? configFile ?? root;
      if (problems.length === 0) problems.push(problemAt(file, span(0, 0), "This configuration names no schema, and there is neither schema.prisma nor prisma/schema.prisma beside it."));
      this.#projects.push(this.#project(project, file, []));
      return;
    }
    const kind = this.#host.stat(schemaPath);
    const files = kind === "folder" ? this.#folder.prismaFiles(schemaPath) : kind === "file" ? [schemaPath] : [];
    if (files.length === 0) {
      const what = kind === "folder" ? "holds no .prisma file" : "does not exist";
      problems.push(problemAt(stated?.file ?? configFile ?? schemaPath, stated?.span ?? span(0, 0), `The schema ${schemaPath} ${what}.`));
    }
    // Two configurations may share a schema; the one nearest to the workspace folder's root was there first.
    if (files.length > 0 && files.every((file) => this.#claimed.has(file)) && config?.schema === undefined) return;
    for (const file of files) this.#claimed.add(file);
    this.#projects.push(this.#project(project, files.length === 0 ? (stated?.file ?? configFile ?? schemaPath) : schemaPath, files));
  }

  /** Where a config or a package.json says the schema is; without a path when that may not be used. */
  #statedSchema({ root, major, config, configFile, problems }: Candidate): StatedSchema | undefined {
    if (config?.schema !== undefined && configFile !== undefined) return this.#reach(configFile, config.schema, "schema", problems);
    const packageFile = nearestPackage(this.#host, root, root);
    // Prisma 7 no longer looks into package.json.
    if (packageFile?.schema === undefined || (major ?? 6) >= 7) return undefined;
    const text = packageFile.schema;
    return this.#reach(packageFile.file, { text, span: this.#stringIn(packageFile.file, text) }, "schema", problems);
  }

  #reach(file: string, stated: ConfigPath, name: string, problems: ProjectProblem[]): StatedSchema {
    const reached = this.#folder.reach(dirname(file), stated.text);
    if (reached.ok) return { file, span: stated.span, path: reached.path };
    problems.push(problemAt(file, stated.span, `The path of "${name}", ${JSON.stringify(stated.text)}, is not used: ${reached.reason}.`));
    return { file, span: stated.span, path: undefined };
  }

  #usualSchema(root: string, major: number | undefined): string | undefined {
    const files = [join(root, "schema.prisma"), join(root, "prisma", "schema.prisma")];
    const file = files.find((path) => this.#host.stat(path) === "file" && this.#folder.reach(root, path).ok);
    if (file !== undefined) return file;
    const folder = join(root, "prisma", "schema");
    const isUsual = (major ?? 6) < 7 && this.#host.stat(folder) === "folder" && this.#folder.reach(root, folder).ok;
    return isUsual && this.#folder.prismaFiles(folder).length > 0 ? folder : undefined;
  }

  #addPrisma8(project: Candidate): void {
    const { root, config, configFile, problems } = project;
    const file = configFile ?? join(root, "package.json");
    const schemas = [config?.contract?.text, "schema.prisma", "prisma/schema.prisma", "prisma/contract.prisma"].flatMap((text) => {
      const reached = text === undefined ? undefined : this.#folder.reach(dirname(file), text);
      return reached?.ok === true && this.#host.stat(reached.path) === "file" ? [reached.path] : [];
    });
    // Below a package.json that names Prisma 8, every other one belongs to it too; most have no schema.
    if (schemas.length === 0 && config?.isPrisma8 !== true) return;
    for (const schema of schemas) this.#claimed.add(schema);
    const message = "This project uses Prisma 8, whose schema is read by Prisma's own tools. Database Architect reads Prisma 5 to 7 and leaves it alone.";
    problems.push({ ...problemAt(file, config?.contract?.span ?? span(0, 0), message), severity: "information", code: "prisma-8" });
    this.#projects.push({ ...this.#project(project, file, []), major: 8 });
  }

  #addLoose(files: readonly string[]): void {
    for (const group of groupBySchema(files, (file) => readDatasource(this.#host, file) !== undefined)) {
      const first = group.files[0] ?? group.folder;
      const packageFile = nearestPackage(this.#host, dirname(first), this.#folder.path);
      const root = packageFile === undefined ? dirname(first) : dirname(packageFile.file);
      const major = prismaMajor(this.#host, dirname(first), this.#folder.path);
      const candidate: Candidate = { root, major, configFile: undefined, config: undefined, problems: [] };
      this.#projects.push(this.#project(candidate, group.files.length === 1 ? first : group.folder, group.files));
    }
  }

  #project(candidate: Candidate, schemaPath: string, schemaFiles: readonly string[]): PrismaProject {
    const { root, config, configFile, problems } = candidate;
    const { datasource, file } = this.#datasourceOf(schemaFiles);
    // A connection URL in the schema is how Prisma 6 and before wanted it, and an error since.
    const major = candidate.major ?? (datasource?.hasUrl === true ? 6 : 7);
    const stated = config?.migrations === undefined || configFile === undefined ? undefined : this.#reach(configFile, config.migrations, "migrations.path", problems);
    return {
      root,
      schemaPath,
      schemaFiles,
      major,
      splitsMigrations: isPrismaFrom(7, 4, this.#host, root, this.#folder.path),
      provider: datasource?.provider,
      relationMode: datasource?.relationMode ?? "foreignKeys",
      migrationsPath: stated?.path ?? join(migrationsParent(root, schemaPath, schemaFiles, major < 7 ? file : undefined), "migrations"),
      configFile,
      problems,
    };
  }

  /** The datasource of a schema and the file it stands in. */
  #datasourceOf(schemaFiles: readonly string[]): { readonly datasource?: Datasource; readonly file?: string } {
    for (const file of schemaFiles) {
      const datasource = readDatasource(this.#host, file);
      if (datasource !== undefined) return { datasource, file };
    }
    return {};
  }

  /** Where a JSON file says `text`. */
  #stringIn(file: string, text: string): Problem["span"] {
    const read = this.#host.readText(file);
    const written = JSON.stringify(text);
    const at = read.ok ? read.text.indexOf(written) : -1;
    return at < 0 ? span(0, 0) : span(at, at + written.length);
  }
}

/** Prisma 5 and 6 keep migrations beside the file with the datasource, Prisma 7 in the schema's folder. */
function migrationsParent(root: string, schemaPath: string, schemaFiles: readonly string[], datasourceFile: string | undefined): string {
  if (datasourceFile !== undefined) return dirname(datasourceFile);
  if (schemaFiles.length === 0) return join(root, "prisma");
  return schemaFiles[0] === schemaPath ? dirname(schemaPath) : schemaPath;
}

interface Candidate {
  readonly root: string;
  /** Undefined when nothing tells. */
  readonly major: number | undefined;
  readonly configFile: string | undefined;
  readonly config: PrismaConfig | undefined;
  readonly problems: ProjectProblem[];
}

interface StatedSchema {
  /** The file that states it, and where. */
  readonly file: string;
  readonly span: Problem["span"];
  readonly path: string | undefined;
}

/**
 * Loose files as schemas: a file with a datasource takes those without one that lie in or below its folder and are not
 * nearer to another; where two in one folder have a datasource, and for what is left, every file is a schema of its own.
 */
function groupBySchema(files: readonly string[], hasDatasource: (file: string) => boolean): { readonly folder: string; readonly files: readonly string[] }[] {
  const heads = new Map<string, string[]>();
  const others: string[] = [];
  for (const file of files) {
    if (!hasDatasource(file)) others.push(file);
    else heads.set(dirname(file), [...(heads.get(dirname(file)) ?? []), file]);
  }
  const folders = [...heads].filter(([, inFolder]) => inFolder.length === 1).map(([folder]) => folder).sort((a, b) => b.length - a.length);
  const groups = new Map<string, string[]>(folders.map((folder) => [folder, [...(heads.get(folder) ?? [])]]));
  const single: string[] = [...heads.values()].filter((inFolder) => inFolder.length > 1).flat();
  for (const file of others) {
    const folder = folders.find((candidate) => isInside(candidate, file));
    if (folder === undefined) single.push(file);
    else groups.get(folder)?.push(file);
  }
  return [
    ...[...groups].map(([folder, inGroup]) => ({ folder, files: inGroup.sort() })),
    ...single.map((file) => ({ folder: dirname(file), files: [file] })),
  ];
}

function located(problems: readonly Problem[], file: string): ProjectProblem[] {
  return problems.map((problem) => ({ ...problem, uri: uriOfPath(file) }));
}

function problemAt(file: string, at: Problem["span"], message: string): ProjectProblem {
  return { uri: uriOfPath(file), span: at, message, severity: "warning", code: "prisma-project" };
}
