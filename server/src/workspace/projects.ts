/**
 * What belongs to one database: a Prisma schema with its migration history, a history alone, or a document that stands
 * on its own. Pairing looks at places only, never at contents.
 */
import { basename, dirname } from "node:path";
import type { PrismaProject } from "../prisma/locate.ts";
import { isWithin, relativePath } from "./searching.ts";

export interface Project {
  /** Stable while the workspace has it. */
  readonly id: string;
  /** For people: `crm`, `crm-legacy/prisma`. */
  readonly name: string;
  /** The workspace folder it lies in, an absolute path; undefined for a document outside of all. */
  readonly folder: string | undefined;
  /** Where and what, for a schema that Prisma itself would find. */
  readonly prisma: PrismaProject | undefined;
  /** Prisma's version; undefined without a Prisma schema. */
  readonly major: number | undefined;
  /** URIs of the schema files, in the order Prisma reads them. */
  readonly schemaUris: readonly string[];
  readonly history: History | undefined;
}

/** SQL files in the order they run; absolute. */
export interface History {
  readonly kind: "prisma" | "supabase" | "numbered" | "schema" | "loose";
  readonly root: string;
  readonly uris: readonly string[];
  /** The files that lead back, by the URIs of their migrations. */
  readonly waysBack?: ReadonlyMap<string, string>;
}

/** Every file of a project, schema files first. */
export function urisOf(project: Project): readonly string[] {
  return [...project.schemaUris, ...(project.history?.uris ?? [])];
}

/** The history of each Prisma project, by index, and the histories that belong to none. */
export interface Pairing {
  readonly ofProject: readonly (History | undefined)[];
  readonly rest: readonly History[];
}

/**
 * Gives every Prisma project its history: the one where the project says its migrations are, else the nearest one in
 * Prisma's form beside the schema, if no other project could claim it.
 */
export function pair(projects: readonly PrismaProject[], histories: readonly History[]): Pairing {
  const taken = new Set<History>();
  const take = (history: History | undefined): History | undefined => {
    if (history !== undefined) taken.add(history);
    return history;
  };
  const stated = projects.map((project) =>
    take(histories.find((history) => isWithin(project.migrationsPath, history.root) && !taken.has(history))),
  );
  const ofProject = projects.map((project, at) => {
    const own = stated[at];
    return (
      own ??
      take(
        nearestHistory(
          project,
          projects,
          histories.filter((history) => history.kind === "prisma" && !taken.has(history)),
        ),
      )
    );
  });
  return { ofProject, rest: histories.filter((history) => !taken.has(history)) };
}

/** `a/migrations` serves `a/schema/schema.prisma`: the folder around both holds no other schema. */
function nearestHistory(project: PrismaProject, projects: readonly PrismaProject[], histories: readonly History[]): History | undefined {
  const around = (history: History): string => dirname(history.root);
  return histories
    .filter((history) => isWithin(around(history), project.schemaPath))
    .filter((history) => projects.filter((other) => isWithin(around(history), other.schemaPath)).length === 1)
    .sort((a, b) => around(b).length - around(a).length)[0];
}

/** The workspace folder's name, with the way to the project where it holds more than one. */
export function projectName(folder: string, place: string, isOnly: boolean): string {
  const way = relativePath(folder, place);
  return isOnly || way === "" ? basename(folder) : `${basename(folder)}/${way}`;
}

/** The project's history alone, up to and with one of its files: what a database is like when just that much has run. */
export function historyUpTo(project: Project, until: string): Project {
  const { history } = project;
  const uris = history?.uris.slice(0, history.uris.indexOf(until) + 1) ?? [];
  return {
    ...project,
    id: `${project.id}#${until}`,
    prisma: undefined,
    major: undefined,
    schemaUris: [],
    history: history === undefined ? undefined : { ...history, uris },
  };
}
