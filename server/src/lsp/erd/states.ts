/**
 * States of a schema other than the project as the editor has it: after a migration, in a git revision, in a live
 * database. What git and databases have is read before it is asked for; a revision once for each commit.
 */
import { dirname } from "node:path";
import type { ErdDiagram, ErdSource, ErdState } from "../../../../protocol/src/erd.ts";
import type { Connections } from "../../connections/connections.ts";
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
type DatabaseState = Extract<ErdState, { readonly kind: "database" }>;
type Sizes = ReadonlyMap<string, { readonly bytes: number; readonly rows: number }>;
type Log = (what: string, error: unknown) => void;

export type StatedSchema =
  | { readonly ok: true; readonly schema: Schema; /** "crm", "crm at main". */ readonly title: string; /** "main". */ readonly name: string }
  /** A whole sentence. */
  | { readonly ok: false; readonly reason: string };

export class ErdStates {
  readonly #log: Log;
  /** By URI and revision, as it was last read. */
  readonly #revisions = new Map<string, { readonly commit: string; readonly stated: StatedSchema }>();
  /** By id of the connection, as it was last read. */
  readonly #databases = new Map<string, { readonly readAt: number; readonly stated: StatedSchema }>();
  readonly #sizes = new Map<string, { readonly readAt: number; readonly sizes: Sizes }>();
  readonly #connections: Connections;

  constructor(log: Log, connections: Connections) {
    this.#log = log;
    this.#connections = connections;
  }

  /** Whether git or a database must be asked before a diagram is made of this. */
  isOutside(source: ErdSource): boolean {
    return revisionsIn(source).length > 0 || databasesIn(source).length > 0 || measuredBy(source).length > 0;
  }

  /** Reads what of a source is no part of the workspace: branches move, and databases are changed by others. */
  async read(snapshot: Snapshot, source: ErdSource): Promise<void> {
    for (const { connection } of databasesIn(source)) this.#databases.set(connection, await this.#database(connection));
    for (const connection of measuredBy(source)) await this.#measure(connection);
    for (const state of revisionsIn(source)) {
      const project = await finishInSlices(projectAt(snapshot, state.uri), () => false);
      this.#revisions.set(nameOf(state), await this.#revision(state, project));
    }
  }

  /** Another one when something that is no part of the workspace says something else. */
  stamp(source: ErdSource): string {
    const commits = revisionsIn(source).map((state) => this.#revisions.get(nameOf(state))?.commit ?? "");
    const catalogs = databasesIn(source).map(({ connection }) => this.#databases.get(connection)?.readAt ?? 0);
    const sizes = measuredBy(source).map((connection) => this.#sizes.get(connection)?.readAt ?? 0);
    return [...commits, ...catalogs, ...sizes].join();
  }

  /** How large the tables of a diagram are; undefined where no database is asked. */
  sizesOf(source: ErdSource): Sizes | undefined {
    const [connection] = measuredBy(source);
    return connection === undefined ? undefined : this.#sizes.get(connection)?.sizes;
  }

  *diagram(snapshot: Snapshot, source: ErdSource): Steps<ErdDiagram> {
    if (source.kind !== "difference") {
      const stated = yield* this.schema(snapshot, source);
      if (!stated.ok) return emptyDiagram(stated.reason, false);
      const sizes = this.sizesOf(source);
      return diagramOf(stated.schema, { title: stated.title, emptyReason: `There is no table in ${stated.name}.`, ...(sizes === undefined ? {} : { sizes }) });
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
        return this.#databases.get(state.connection)?.stated ?? { ok: false, reason: "The database has not been read." };
    }
  }

  async #database(connection: string): Promise<{ readonly readAt: number; readonly stated: StatedSchema }> {
    const live = await this.#connections.schema(connection, AbortSignal.timeout(databaseMilliseconds));
    if (!live.ok) return { readAt: Date.now(), stated: { ok: false, reason: live.hint === undefined ? live.reason : `${live.reason} ${live.hint}` } };
    const { name } = live.profile;
    return { readAt: live.readAt.getTime(), stated: { ok: true, schema: live.schema, title: name, name } };
  }

  /** Sizes are told as they were a moment ago, and left out where the database does not answer. */
  async #measure(connection: string): Promise<void> {
    const known = this.#sizes.get(connection);
    if (known !== undefined && Date.now() - known.readAt < freshMilliseconds) return;
    const measured = await this.#connections.sizes(connection, AbortSignal.timeout(databaseMilliseconds));
    if (!measured.ok) this.#log("the sizes of tables", new Error(measured.reason));
    this.#sizes.set(connection, { readAt: Date.now(), sizes: measured.ok ? measured.sizes : new Map() });
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
export function migrationName(uri: string): string {
  const parts = decodeURIComponent(uri).split("/");
  return (parts.at(-1) === "migration.sql" ? parts.at(-2) : parts.at(-1)) ?? uri;
}

/** Milliseconds that a database may take to say what it holds. */
const databaseMilliseconds = 60_000;
/** Milliseconds for which sizes are not asked for again: an edit of the schema changes none of them. */
const freshMilliseconds = 60_000;

function statesIn(source: ErdSource): readonly ErdState[] {
  return source.kind === "difference" ? [source.before, source.after] : [source];
}

function revisionsIn(source: ErdSource): readonly RevisionState[] {
  return statesIn(source).filter((state) => state.kind === "revision");
}

function databasesIn(source: ErdSource): readonly DatabaseState[] {
  return statesIn(source).filter((state) => state.kind === "database");
}

/** Connections whose sizes are drawn: of what is shown by itself, not of differences. */
function measuredBy(source: ErdSource): readonly string[] {
  if (source.kind === "database") return [source.connection];
  return source.kind === "project" && source.sizesOf !== undefined ? [source.sizesOf] : [];
}

function nameOf({ uri, revision }: RevisionState): string {
  return `${uri}\n${revision}`;
}

function emptyDiagram(reason: string, isDifference: boolean): ErdDiagram {
  return { revision: 0, title: "", status: { kind: "empty", reason }, tables: [], enums: [], relations: [], groups: [], isDifference };
}
