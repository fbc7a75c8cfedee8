/** Finds the projects of a workspace: Prisma's, the histories', and which of them belong together. */
import { basename, dirname, join } from "node:path";
import type { Settings } from "../../../protocol/src/settings.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import { locatePrismaProjects, type PrismaProject, type ProjectProblem } from "../prisma/locate.ts";
import { locateHistories } from "../sql/locate.ts";
import type { FileHost } from "../text/fileHost.ts";
import { behindOpen, type Disk } from "./disk.ts";
import { type History, pair, type Project, projectName, urisOf } from "./projects.ts";
import { search } from "./searching.ts";
import type { Steps } from "./steps.ts";

export interface Discovery {
  /** In the order of workspace folders, then of paths. */
  readonly projects: readonly Project[];
  /** The projects that a file belongs to, by its URI. */
  readonly byUri: ReadonlyMap<string, readonly Project[]>;
  /** URIs of files of projects for other databases than PostgreSQL: nothing is said about them. */
  readonly foreign: ReadonlySet<string>;
  /** What a person should know: whole sentences. */
  readonly notices: readonly string[];
  /** Of files that say where a project's parts are. */
  readonly problems: readonly ProjectProblem[];
}

/** The beginning of a file tells whether it defines a schema. */
const peekLength = 65_536;

/** `roots` are absolute paths of workspace folders; `open` the texts of open documents by absolute path. */
export function* discover(
  disk: Disk,
  open: ReadonlyMap<string, string>,
  roots: readonly string[],
  settingsOf: (folder: string) => Settings,
): Steps<Discovery> {
  const host = behindOpen(open, disk);
  const projects: Project[] = [];
  const notices: string[] = [];
  const problems: ProjectProblem[] = [];
  for (const root of roots) {
    const settings = settingsOf(root);
    if (!settings.enable) continue;
    const searched = yield* search(disk, root);
    notices.push(...searched.notices);
    const located = locatePrismaProjects(host, [root]);
    yield;
    const histories = locateHistories(searched.sql, (path) => peek(host, join(root, path)), {
      include: settings.migrations,
      exclude: settings.exclude,
    }).map((history): History => ({
      kind: history.kind,
      root: join(root, history.root),
      uris: history.files.map((file) => uriOfPath(join(root, file))),
    }));
    yield;
    problems.push(...located.flatMap((project) => project.problems));
    projects.push(...projectsOf(root, located, histories).filter((project) => !projects.some((known) => known.id === project.id)));
  }
  const byUri = new Map<string, Project[]>();
  for (const project of projects) {
    for (const uri of urisOf(project)) byUri.set(uri, [...(byUri.get(uri) ?? []), project]);
  }
  disk.keepTexts(new Set([...byUri.keys()].flatMap((uri) => pathOfUri(uri) ?? [])));
  return { projects, byUri, foreign: new Set(), notices, problems };
}

function projectsOf(root: string, located: readonly PrismaProject[], histories: readonly History[]): readonly Project[] {
  const { ofProject, rest } = pair(located, histories);
  const isOnly = located.length + rest.length === 1;
  return [
    ...located.map((prisma, at): Project => {
      const place = basename(prisma.schemaPath) === "schema.prisma" ? dirname(prisma.schemaPath) : prisma.schemaPath;
      return {
        id: uriOfPath(prisma.schemaPath),
        name: projectName(root, place, isOnly),
        folder: root,
        major: prisma.major,
        prisma,
        schemaUris: prisma.schemaFiles.map(uriOfPath),
        history: ofProject[at],
      };
    }),
    ...rest.map((history): Project => ({
      id: history.kind === "schema" || history.kind === "loose" ? (history.uris[0] ?? uriOfPath(history.root)) : uriOfPath(history.root),
      name: projectName(root, history.root, isOnly),
      folder: root,
      major: undefined,
      prisma: undefined,
      schemaUris: [],
      history,
    })),
  ];
}

function peek(host: FileHost, path: string): string | undefined {
  const read = host.readText(path);
  return read.ok ? read.text.slice(0, peekLength) : undefined;
}
