/**
 * States of a schema other than the project as the editor has it: after a migration, in a git revision. What git has is
 * read before it is asked for, and once for each commit.
 */
import { dirname } from "node:path";
import type { ErdDiagram, ErdSource, ErdState } from "../../../../protocol/src/erd.ts";
import { diagramOf } from "../../erd/diagramOf.ts";
import { differenceDiagram } from "../../erd/differenceDiagram.ts";
import { join } from "../../model/join.ts";
import type { Schema } from "../../model/schema.ts";
import { pathOfUri } from "../../prisma/fileUris.ts";
import { historyUpTo, type Project, urisOf } from "../../workspace/projects.ts";
import { filesAtRevision } from "../../workspace/revisionFiles.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { finishInSlices, type Steps } from "../../workspace/steps.ts";
import { ownUri, Workspace } from "../../workspace/workspace.ts";

type RevisionState = Extract<ErdState, { readonly kind: "revision" }>;
type Log = (what: string, error: unknown) => void;

export type StatedSchema =
  | { readonly ok: true; readonly schema: Schema; /** "crm", "crm at main". */ readonly title: string; /** "main". */ readonly name: string }
  /** A whole sentence. */
  | { readonly ok: false; readonly reason: string };

export class ErdStates {
  readonly #log: Log;
  /** By URI and revision, as it was last read. */
  readonly #revisions = new Map<string, { readonly commit: string; readonly stated: StatedSchema }>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Whether git must be asked before a diagram is made of this. */
  needsGit(source: ErdSource): boolean {
    return revisionsIn(source).length > 0;
  }

  /** Reads the revisions of a source: branches move. */
  async read(snapshot: Snapshot, source: ErdSource): Promise<void> {
    for (const state of revisionsIn(source)) {
      const project = await finishInSlices(projectAt(snapshot, state.uri), () => false);
      this.#revisions.set(nameOf(state), await this.#revision(state, project));
    }
  }

  /** Another one when something that is no part of the workspace says something else. */
  stamp(source: ErdSource): string {
    return revisionsIn(source)
      .map((state) => this.#revisions.get(nameOf(state))?.commit ?? "")
      .join();
  }

  *diagram(snapshot: Snapshot, source: ErdSource): Steps<ErdDiagram> {
    if (source.kind !== "difference") {
      const stated = yield* this.schema(snapshot, source);
      return stated.ok ? diagramOf(stated.schema, { title: stated.title }) : emptyDiagram(stated.reason, false);
    }
    const before = yield* this.schema(snapshot, source.before);
    if (!before.ok) return emptyDiagram(before.reason, true);
    const after = yield* this.schema(snapshot, source.after);
    if (!after.ok) return emptyDiagram(after.reason, true);
    yield;
    return differenceDiagram(before.schema, after.schema, { title: `${before.title} against ${after.name}`, emptyReason: `There is no table in ${before.name}, nor in ${after.name}.` });
  }

  *schema(snapshot: Snapshot, state: ErdState): Steps<StatedSchema> {
    switch (state.kind) {
      case "project": {
        const project = yield* projectAt(snapshot, state.uri);
        if (project === undefined) return { ok: false, reason: "The schema of this diagram is no longer there." };
        return { ok: true, schema: (yield* snapshot.check(project)).schema, title: project.name, name: "the files as they are" };
      }
      case "history":
        return yield* historySchema(snapshot, state);
      case "revision":
        return this.#revisions.get(nameOf(state))?.stated ?? { ok: false, reason: `The revision ${state.revision} has not been read.` };
      case "database":
        return { ok: false, reason: `There is no connection ${JSON.stringify(state.connection)}.` };
    }
  }

  async #revision(state: RevisionState, project: Project | undefined): Promise<{ readonly commit: string; readonly stated: StatedSchema }> {
    const path = pathOfUri(ownUri(state.uri));
    const folder = project?.folder ?? (path === undefined ? undefined : dirname(path));
    if (folder === undefined || project === undefined) return { commit: "", stated: { ok: false, reason: "The schema of this diagram is no longer there." } };
    const files = await filesAtRevision(state.revision, folder);
    if (!files.ok) return { commit: "", stated: { ok: false, reason: files.reason } };
    const known = this.#revisions.get(nameOf(state));
    if (known?.commit === files.commit) return known;
    const workspace = new Workspace(files.host, this.#log);
    workspace.applyChange({ kind: "roots", roots: [folder], top: folder });
    const snapshot = workspace.snapshot();
    const steps = schemaThen(snapshot, project);
    const schema = await finishInSlices(steps, () => false);
    return { commit: files.commit, stated: { ok: true, schema, title: `${project.name}: ${state.revision}`, name: state.revision } };
  }
}

/** The project that a file or folder belongs to. */
export function* projectAt(snapshot: Snapshot, uri: string): Steps<Project | undefined> {
  const own = ownUri(uri);
  const projects = yield* snapshot.projects();
  const folder = own.endsWith("/") ? own : `${own}/`;
  return projects.find(({ id }) => id === own) ?? (yield* snapshot.projectsOf(own))[0] ?? projects.find((project) => urisOf(project).some((one) => one.startsWith(folder)));
}

/** Of a project as it was then; of one that was not there yet, nothing. */
function* schemaThen(snapshot: Snapshot, project: Project): Steps<Schema> {
  const projects = yield* snapshot.projects();
  const then = projects.find(({ id }) => id === project.id) ?? projects.find(({ name }) => name === project.name) ?? (projects.length === 1 ? projects[0] : undefined);
  return then === undefined ? join([]) : (yield* snapshot.check(then)).schema;
}

function* historySchema(snapshot: Snapshot, { uri, until }: Extract<ErdState, { readonly kind: "history" }>): Steps<StatedSchema> {
  const project = yield* projectAt(snapshot, uri);
  const uris = project?.history?.uris ?? [];
  const last = until === undefined ? uris.at(-1) : uris.find((one) => one === ownUri(until));
  if (project === undefined || last === undefined) return { ok: false, reason: "This migration is no longer there." };
  const { schema } = yield* snapshot.check(historyUpTo(project, last));
  const name = migrationName(last);
  return { ok: true, schema, title: `${project.name}: ${name}`, name };
}

/** The folder's name where Prisma calls every file the same. */
function migrationName(uri: string): string {
  const parts = decodeURIComponent(uri).split("/");
  return (parts.at(-1) === "migration.sql" ? parts.at(-2) : parts.at(-1)) ?? uri;
}

function revisionsIn(source: ErdSource): readonly RevisionState[] {
  const states = source.kind === "difference" ? [source.before, source.after] : [source];
  return states.filter((state) => state.kind === "revision");
}

function nameOf({ uri, revision }: RevisionState): string {
  return `${uri}\n${revision}`;
}

function emptyDiagram(reason: string, isDifference: boolean): ErdDiagram {
  return { revision: 0, title: "", status: { kind: "empty", reason }, tables: [], enums: [], relations: [], groups: [], isDifference };
}
