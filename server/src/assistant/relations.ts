/** Tables and views by the names assistants give them: of the database or of Prisma, with or without their schema. */
import { doubtAboutName } from "../model/queries.ts";
import type { Table, View } from "../model/schema.ts";
import { nearestName } from "../text/nearestName.ts";
import { short } from "./json.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";
import type { Project } from "../workspace/projects.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";

export interface FoundRelation {
  readonly relation: Table | View;
  readonly project: Project;
  readonly checked: CheckedProject;
}

export interface GivenRelation {
  readonly name: string;
  readonly schema?: string | undefined;
  readonly project?: string | undefined;
}

export type FoundRelations = { readonly ok: true; readonly found: readonly FoundRelation[] } | { readonly ok: false; readonly reason: string };

/** All that the name may mean; never none. */
export function* relationsNamed(given: GivenRelation, snapshot: Snapshot): Steps<FoundRelations> {
  const projects = yield* snapshot.projects();
  const wanted = projects.filter(({ name }) => given.project === undefined || name === given.project);
  if (projects.length === 0) return { ok: false, reason: "There is no Prisma schema and no SQL migration here, so there are no tables." };
  if (wanted.length === 0) return { ok: false, reason: `There is no project ${JSON.stringify(given.project)}. The projects are ${listed(projects.map(({ name }) => name))}.` };
  const all: FoundRelation[] = [];
  for (const project of wanted) {
    const checked = yield* snapshot.check(project);
    for (const relations of [checked.schema.tables, checked.schema.views]) for (const relation of relations.values()) all.push({ relation, project, checked });
  }
  const inSchema = all.filter(({ relation }) => given.schema === undefined || relation.schema === given.schema);
  const name = unquoted(given.name);
  for (const test of [isNamed, isNamedInAnyCase]) {
    const found = inSchema.filter(({ relation }) => test(relation, name));
    if (found.length > 0) return { ok: true, found };
  }
  const unread = yield* doubtAbout(name, wanted, snapshot);
  const doubt = unread === undefined ? "" : ` It may be defined in what was not read: ${JSON.stringify(short(unread))}`;
  return { ok: false, reason: `${unknown(given, name, all, inSchema)}${doubt}` };
}

/** Why the projects may have a table of this name all the same. */
function* doubtAbout(name: string, projects: readonly Project[], snapshot: Snapshot): Steps<string | undefined> {
  for (const project of projects) {
    const doubt = doubtAboutName((yield* snapshot.check(project)).schema, name.split(".").at(-1) ?? name);
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

/** `public.accounts in crm`. */
export function describedRelation({ relation, project }: FoundRelation): string {
  return `${JSON.stringify(relation.key)} in the project ${JSON.stringify(project.name)}`;
}

function isNamed({ name, key, prismaName }: Table | View, wanted: string): boolean {
  return name === wanted || key === wanted || prismaName === wanted;
}

function isNamedInAnyCase({ name, key, prismaName }: Table | View, wanted: string): boolean {
  const lower = wanted.toLowerCase();
  return name.toLowerCase() === lower || key.toLowerCase() === lower || prismaName?.toLowerCase() === lower;
}

/** `public."Order"` is `public.Order`: some write names as SQL does. */
function unquoted(name: string): string {
  return name.trim().replaceAll(/"((?:[^"]|"")+)"/g, (_, inside: string) => inside.replaceAll('""', '"'));
}

const mostNames = 20;

function unknown({ schema }: GivenRelation, name: string, all: readonly FoundRelation[], inSchema: readonly FoundRelation[]): string {
  const what = `There is no table or view ${JSON.stringify(name)}${schema === undefined ? "" : ` in the schema ${JSON.stringify(schema)}`}.`;
  if (all.length === 0) return `${what} The project has no tables.`;
  if (inSchema.length === 0) return `${what} The schemas are ${listed(all.map(({ relation }) => relation.schema))}.`;
  const names = [...new Set(inSchema.flatMap(({ relation }) => [relation.name, ...(relation.prismaName === undefined ? [] : [relation.prismaName])]))];
  const near = nearNames(name, names);
  if (near.length > 0) return `${what} Near to it are ${listed(near)}.`;
  return `${what} There are ${listed(inSchema.map(({ relation }) => relation.name))}.`;
}

/** The nearest first, then those that hold the name or are held by it. */
function nearNames(name: string, names: readonly string[]): readonly string[] {
  const lower = name.toLowerCase().split(".").at(-1) ?? "";
  const nearest = nearestName(lower, names);
  const kin = names.filter((other) => other.length > 2 && lower.length > 2 && (other.toLowerCase().includes(lower) || lower.includes(other.toLowerCase())));
  return [...new Set([...(nearest === undefined ? [] : [nearest]), ...kin])].slice(0, 8);
}

function listed(names: readonly string[]): string {
  const all = [...new Set(names)];
  const rest = all.length > mostNames ? ` and ${all.length - mostNames} more` : "";
  return `${all.slice(0, mostNames).map((name) => JSON.stringify(name)).join(", ")}${rest}`;
}
