/** Finds the projects of a workspace: Prisma's, the histories', and which of them belong together. */
import { basename, dirname, join } from "node:path";
import { configurationFile, type Settings } from "../../../protocol/src/settings.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import { locatePrismaProjects, type PrismaProject, type ProjectProblem } from "../prisma/locate.ts";
import { downPaths } from "../sql/downPaths.ts";
import { locateHistories } from "../sql/locate.ts";
import { otherDatabases } from "../sql/otherDatabases.ts";
import type { FileHost } from "../text/fileHost.ts";
import { globMatcher } from "../text/glob.ts";
import type { Disk } from "./disk.ts";
import { type History, pair, type Project, projectName, urisOf } from "./projects.ts";
import { isWithin, relativePath, search } from "./searching.ts";
import { statedSchemas } from "./statedSchemas.ts";
import type { Steps } from "./steps.ts";
import { behindOpen, without } from "./views.ts";

export interface Discovery {
  /** In the order of workspace folders, then of paths. */
  readonly projects: readonly Project[];
  /** The projects that a file belongs to, by its URI. */
  readonly byUri: ReadonlyMap<string, readonly Project[]>;
  /** URIs of SQL files that no project has: queries, scripts, seeds. */
  readonly queries: readonly string[];
  /** URIs of files of projects for other databases than PostgreSQL: nothing is said about them. */
  readonly foreign: ReadonlySet<string>;
  /** Absolute paths of the configuration files, in the workspace folders and above them as far as they may be. */
  readonly configurations: readonly string[];
  /** What a person should know: whole sentences. */
  readonly notices: readonly string[];
  /** Of files that say where a project's parts are. */
  readonly problems: readonly ProjectProblem[];
}

/** The beginning of a file tells whether it defines a schema. */
const peekLength = 65_536;

export interface Surroundings {
  /** Texts of open documents, by absolute path. */
  readonly open: ReadonlyMap<string, string>;
  /** Absolute paths of workspace folders. */
  readonly roots: readonly string[];
  /** Up to here configuration files count, though the folders begin further down. */
  readonly top: string | undefined;
  settingsOf(folder: string): Settings;
}

export function* discover(disk: Disk, { open, roots, top, settingsOf }: Surroundings): Steps<Discovery> {
  const files = behindOpen(open, disk);
  const found: FolderDiscovery[] = [];
  for (const root of roots) {
    const settings = settingsOf(root);
    if (settings.enable) found.push(yield* discoverIn(disk, files, [...open.keys()], root, settings));
  }
  const above = roots.flatMap((root) => foldersAbove(root, top)).map((folder) => join(folder, configurationFile));
  const configurations = [
    ...new Set([...above.filter((path) => files.stat(path) === "file"), ...found.flatMap((folder) => folder.configurations)]),
  ];
  const projects = uniqueBy(
    found.flatMap((folder) => folder.projects),
    (project) => project.id,
  );
  const byUri = new Map<string, Project[]>();
  for (const project of projects) for (const uri of urisOf(project)) byUri.set(uri, [...(byUri.get(uri) ?? []), project]);
  disk.keepTexts(new Set([...[...byUri.keys()].flatMap((uri) => pathOfUri(uri) ?? []), ...configurations]));
  return {
    projects,
    byUri,
    queries: [...new Set(found.flatMap((folder) => folder.sql))].filter((uri) => !byUri.has(uri)),
    configurations,
    foreign: new Set(found.flatMap((folder) => folder.foreign).filter((uri) => !byUri.has(uri))),
    notices: found.flatMap((folder) => folder.notices),
    problems: uniqueBy(
      found.flatMap((folder) => folder.problems),
      (problem) => JSON.stringify(problem),
    ),
  };
}

interface FolderDiscovery {
  readonly projects: readonly Project[];
  /** URIs of all SQL files. */
  readonly sql: readonly string[];
  readonly foreign: readonly string[];
  readonly configurations: readonly string[];
  readonly notices: readonly string[];
  readonly problems: readonly ProjectProblem[];
}

/** The folders between `root`, which is left out, and `top`; none when `top` is not above. */
function foldersAbove(root: string, top: string | undefined): readonly string[] {
  if (top === undefined || !isWithin(top, root)) return [];
  const folders: string[] = [];
  for (let folder = root; folder !== top; ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** `open` are the absolute paths of open documents: one may not be saved yet. */
function* discoverIn(disk: Disk, files: FileHost, open: readonly string[], root: string, settings: Settings): Steps<FolderDiscovery> {
  const host = without(globMatcher(settings.exclude), root, files);
  const searched = yield* search(host, root, () => disk.isExhausted);
  const all = locatePrismaProjects(host, [root]);
  const schemas = settings.schemas.map((schema) => relativePath(root, join(root, schema)));
  const located = schemas.length === 0 ? all : statedSchemas(all, schemas, root, searched.prisma);
  yield;
  const stated = globMatcher(settings.migrations);
  const others = otherDatabases(searched.sql.filter((path) => settings.migrations.length === 0 || !stated(path)));
  const histories = locateHistories(searched.sql.filter((path) => !others.has(path)), (path) => peek(host, join(root, path)), {
    include: settings.migrations,
    exclude: settings.exclude,
  });
  yield;
  const sql = new Set(searched.sql.map((path) => join(root, path)));
  const { ofProject, rest } = pair(
    located,
    histories.map((history) => absolute(history, root, sql)),
  );
  const isOnly = located.length + rest.length === 1;
  const paired = located.map((prisma, at) => ofPrisma(prisma, ofProject[at], root, isOnly));
  const foreign = paired.filter((project) => isForeign(project.prisma));
  return {
    projects: [
      ...paired.filter((project) => !isForeign(project.prisma) && project.schemaUris.length > 0),
      ...rest.map((history) => ofHistory(history, root, isOnly)),
    ],
    sql: searched.sql.filter((path) => !others.has(path)).map((path) => uriOfPath(join(root, path))),
    foreign: [...foreign.flatMap(urisOf), ...[...others.keys()].map((path) => uriOfPath(join(root, path)))],
    configurations: [
      ...searched.configurations.map((path) => join(root, path)),
      ...open.filter((path) => basename(path) === configurationFile && isWithin(root, path) && host.stat(path) === "file"),
    ],
    notices: [
      ...searched.notices,
      ...missing(schemas, searched.prisma),
      ...foreign.map(({ name, prisma }) => `${name} is for ${prisma?.provider ?? "another database"}; only PostgreSQL is checked.`),
      ...new Set([...others.values()].map(({ name, path }) => `${path} is for ${name}; only PostgreSQL is checked.`)),
    ],
    problems: located.flatMap((project) => project.problems),
  };
}

function missing(schemas: readonly string[], files: readonly string[]): readonly string[] {
  const unmatched = schemas.filter((schema) => !files.some(globMatcher([schema])));
  return unmatched.map((schema) => `The setting databaseArchitect.schemas names ${schema}, and no Prisma schema is there.`);
}

function ofPrisma(prisma: PrismaProject, history: History | undefined, folder: string, isOnly: boolean): Project {
  const place = basename(prisma.schemaPath) === "schema.prisma" ? dirname(prisma.schemaPath) : prisma.schemaPath;
  return {
    id: uriOfPath(prisma.schemaPath),
    name: projectName(folder, place, isOnly),
    folder,
    major: prisma.major,
    prisma,
    schemaUris: prisma.schemaFiles.map(uriOfPath),
    history,
  };
}

function ofHistory(history: History, folder: string, isOnly: boolean): Project {
  const isDeclared = history.kind === "schema" || history.kind === "loose";
  // Their order changes with what they say, and folders may hold each other.
  const first = isDeclared ? history.uris.toSorted()[0] : undefined;
  return {
    id: first ?? uriOfPath(history.root),
    name: projectName(folder, first !== undefined && history.uris.length === 1 ? (pathOfUri(first) ?? history.root) : history.root, isOnly),
    folder,
    major: undefined,
    prisma: undefined,
    schemaUris: [],
    history,
  };
}

/** `sql`: absolute paths of all SQL files. */
function absolute({ kind, root, files }: ReturnType<typeof locateHistories>[number], folder: string, sql: ReadonlySet<string>): History {
  const paths = files.map((file) => join(folder, file));
  const waysBack = paths.flatMap((path) => {
    const back = downPaths(path).find((candidate) => sql.has(candidate));
    return back === undefined ? [] : [[uriOfPath(path), uriOfPath(back)] as const];
  });
  return { kind, root: join(folder, root), uris: paths.map(uriOfPath), waysBack: new Map(waysBack) };
}

/** A datasource that names no provider is being typed. */
function isForeign(prisma: PrismaProject | undefined): boolean {
  return prisma?.provider !== undefined && prisma.provider !== "postgresql" && prisma.provider !== "postgres";
}

function peek(host: FileHost, path: string): string | undefined {
  const read = host.readText(path);
  return read.ok ? read.text.slice(0, peekLength) : undefined;
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): readonly T[] {
  return [...new Map(values.toReversed().map((value) => [key(value), value])).values()].reverse();
}
