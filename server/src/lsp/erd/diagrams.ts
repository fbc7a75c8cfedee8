/**
 * The diagrams that somebody looks at: made of a snapshot, told apart by revision, and kept so that half-typed text
 * takes nothing away that was there a moment ago.
 */
import type { ErdDiagram, ErdSource } from "../../../../protocol/src/erd.ts";
import { diagramOf, type DiagramOptions } from "../../erd/diagramOf.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import type { Project } from "../../workspace/projects.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { ErdStates } from "./states.ts";

/** So many are watched at most: nobody says when a panel is closed. */
const mostWatched = 12;

export class ErdDiagrams {
  readonly #states: ErdStates;
  readonly #shown = new Map<string, Shown>();
  /** What views know. */
  readonly #told = new Map<string, { readonly source: ErdSource; readonly revision: number }>();
  /** Never given twice. */
  #revision = 0;

  constructor(states: ErdStates) {
    this.#states = states;
  }

  /** What a view should show now. A diagram that says the same keeps its revision. */
  *diagram(snapshot: Snapshot, source: ErdSource): Steps<ErdDiagram> {
    const name = JSON.stringify(source);
    const before = this.#shown.get(name);
    const stamp = this.#states.stamp(source);
    if (before?.snapshot === snapshot && before.stamp === stamp) return before.diagram;
    const found = yield* projectOf(snapshot, source);
    const project = found?.project;
    const checked = found === undefined ? undefined : yield* snapshot.check(found.project);
    yield;
    if (before !== undefined && checked !== undefined && before.checked === checked && before.stamp === stamp) {
      this.#shown.set(name, { ...before, snapshot, stamp });
      return before.diagram;
    }
    const current = project !== undefined && checked !== undefined ? drawn(project, checked, this.#states.sizesOf(source)) : yield* this.#states.diagram(snapshot, source);
    // Another request may have come to the same meanwhile: what it gave out keeps its revision.
    const last = this.#shown.get(name);
    if (last?.snapshot === snapshot && last.stamp === stamp) return last.diagram;
    const reason = checked === undefined ? undefined : unreadable(checked);
    const isStale = reason !== undefined && last !== undefined && hasLost(last.good, current);
    const good = isStale ? last.good : current;
    const said: ErdDiagram = isStale ? { ...good, status: { kind: "stale", reason } } : good;
    const content = JSON.stringify(said);
    const isSame = last?.content === content;
    const diagram = isSame ? last.diagram : { ...said, revision: ++this.#revision };
    this.#shown.set(name, { snapshot, stamp, checked, good, content, diagram });
    return diagram;
  }

  /** The same for a view, which is told when there is another. */
  *give(snapshot: Snapshot, source: ErdSource): Steps<ErdDiagram> {
    const diagram = yield* this.diagram(snapshot, source);
    const name = JSON.stringify(source);
    this.#told.delete(name);
    this.#told.set(name, { source, revision: diagram.revision });
    for (const oldest of [...this.#told.keys()].slice(0, -mostWatched)) this.#told.delete(oldest);
    return diagram;
  }

  /** What diagrams that were given out are made of, where they say something else now. Says it once. */
  *changed(snapshot: Snapshot): Steps<readonly string[]> {
    const changed: { readonly name: string; readonly source: ErdSource; readonly revision: number }[] = [];
    for (const [name, { source, revision }] of [...this.#told]) {
      yield;
      const now = yield* this.diagram(snapshot, source);
      if (now.revision !== revision) changed.push({ name, source, revision: now.revision });
    }
    // Only now, for the work may have been given up on the way.
    for (const { name, source, revision } of changed) this.#told.set(name, { source, revision });
    return changed.flatMap(({ source }) => urisIn(source));
  }

  get isEmpty(): boolean {
    return this.#told.size === 0;
  }
}

function urisIn(source: ErdSource): readonly string[] {
  if (source.kind === "difference") return [...urisIn(source.before), ...urisIn(source.after)];
  return "uri" in source ? [source.uri] : [];
}

interface Shown {
  /** What `diagram` was last found to be true of. */
  readonly snapshot: Snapshot;
  /** Of what is no part of it. */
  readonly stamp: string;
  /** What it was made of, where it is that of a project. */
  readonly checked: CheckedProject | undefined;
  /** The last one that was made of text that could be read, or that had lost nothing. */
  readonly good: ErdDiagram;
  readonly content: string;
  readonly diagram: ErdDiagram;
}

/** The project that a source is about. */
export function* projectOf(snapshot: Snapshot, source: ErdSource): Steps<{ readonly project: Project } | undefined> {
  if (source.kind !== "project") return undefined;
  const projects = yield* snapshot.projects();
  const project = projects.find(({ id }) => id === source.uri) ?? (yield* snapshot.projectsOf(source.uri))[0];
  return project === undefined ? undefined : { project };
}

function drawn(project: Project, checked: CheckedProject, sizes: DiagramOptions["sizes"]): ErdDiagram {
  const reason = unreadable(checked);
  return diagramOf(checked.schema, {
    title: project.name,
    findings: checked.findings,
    ...(sizes === undefined ? {} : { sizes }),
    emptyReason: reason === undefined ? `${project.name} defines no tables yet.` : `${project.name} has no table that could be read. ${reason}`,
  });
}

/** Why not everything of the texts could be read; a whole sentence. */
function unreadable({ prismaFiles, sqlFiles }: CheckedProject): string | undefined {
  const broken = [...prismaFiles, ...sqlFiles].filter(({ problems }) => problems.length > 0);
  const [first] = broken;
  if (first === undefined) return undefined;
  const name = decodeURIComponent(first.uri.slice(first.uri.lastIndexOf("/") + 1));
  return `There is a syntax error in ${name}: ${first.problems[0]?.message ?? ""}`;
}

/** A box, a column or a relation was there and is not: as likely half typed as taken away. */
function hasLost(before: ErdDiagram, now: ErdDiagram): boolean {
  const names = new Set(namesIn(now));
  return namesIn(before).some((name) => !names.has(name));
}

function namesIn({ tables, enums, relations }: ErdDiagram): readonly string[] {
  return [
    ...tables.flatMap(({ key, columns }) => [key, ...columns.map(({ name }) => `${key}.${name}`)]),
    ...enums.map(({ key }) => key),
    ...relations.map(({ key }) => key),
  ];
}
