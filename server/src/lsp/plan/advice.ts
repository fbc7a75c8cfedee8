/** Indexes for a statement, tried where it is explained; kept by their names until somebody has one written. */
import type { WorkspaceEdit } from "vscode-languageserver/node";
import type { AdviceItem, PlanAdvice } from "../../../../protocol/src/plan.ts";
import type { AdvisedIndex, AdvicePlace, OtherQuery } from "../../advice/advise.ts";
import type { IndexIntent } from "../../edits/intents/indexIntent.ts";
import type { FileHost } from "../../text/fileHost.ts";
import { queryCompilerWorker, scratchAssets } from "../../workspace/assets.ts";
import { editsOf } from "../../workspace/fixes.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import type { HandlerContext } from "../handling.ts";
import { workspaceEditOf } from "../toEdit.ts";
import { nearestProjectOf } from "./subjects.ts";

type Written = { readonly ok: true; readonly label: string; readonly edit: WorkspaceEdit } | { readonly ok: false; readonly reason: string };

const mostKept = 60;
/** Of the workspace, that may gain as well. */
const mostQueries = 200;

export class PlanAdvices {
  readonly #kept = new Map<string, IndexIntent>();

  async advise(
    query: { readonly text: string; readonly values: readonly (string | null)[] | undefined },
    project: CheckedProject,
    place: AdvicePlace,
    options: { readonly otherQueries: readonly OtherQuery[]; readonly signal: AbortSignal; progress(message: string): void },
  ): Promise<PlanAdvice> {
    const { advise } = await import("../../advice/advise.ts");
    const result = await advise({
      query: query.text,
      values: query.values,
      schema: project.schema,
      place,
      otherQueries: options.otherQueries,
      signal: options.signal,
      onProgress: (done, of) => options.progress(`Trying indexes, ${done} of ${of}`),
    });
    if (!result.ok) return { state: "ready", items: [], message: result.reason };
    const { items, evidence, notes, tried } = result.advice;
    for (const { id, intent } of items) this.#keep(id, intent);
    const message = items.length === 0 ? [`${tried} ${tried === 1 ? "index was" : "indexes were"} tried; none makes this query cheaper.`, ...notes].join(" ") : notes.join(" ");
    return { state: "ready", items: items.map((item) => itemOf(item, evidence.text)), ...(message === "" ? {} : { message }) };
  }

  *write(snapshot: Snapshot, { uri, id }: { readonly uri: string; readonly id: string }, { client, now }: HandlerContext): Steps<Written> {
    const intent = this.#kept.get(id);
    const project = yield* nearestProjectOf(snapshot, uri);
    if (intent === undefined || project === undefined) return { ok: false, reason: "This index is not known any more: try indexes again." };
    const checked = yield* snapshot.check(project);
    // The table as it is now: it may have been changed since, or have the index already.
    const table = checked.schema.tables.get(intent.index.table.key);
    if (table === undefined) return { ok: false, reason: `The schema of ${project.name} has no table ${intent.index.table.name}.` };
    const replaces = intent.replaces === undefined ? undefined : table.indexes.find(({ name }) => name === intent.replaces?.name);
    const { edits, refused } = editsOf([{ do: "createIndex", index: { ...intent.index, table }, ...(replaces === undefined ? {} : { replaces }) }], project, checked, snapshot, now);
    const [objection] = refused;
    if (objection !== undefined) return { ok: false, reason: objection.reason };
    const edit = workspaceEditOf(edits, snapshot, client);
    return edit === undefined ? { ok: false, reason: "There is nothing to write." } : { ok: true, label: `Add an index on ${table.name}`, edit };
  }

  #keep(id: string, intent: IndexIntent): void {
    this.#kept.delete(id);
    this.#kept.set(id, intent);
    for (const oldest of [...this.#kept.keys()].slice(0, -mostKept)) this.#kept.delete(oldest);
  }
}

/** Queries of the files that are about a project, as they are called: `deals.sql:12`. */
export function* queriesAround(snapshot: Snapshot, project: CheckedProject, except: string): Steps<readonly OtherQuery[]> {
  const found: OtherQuery[] = [];
  const projects = yield* snapshot.projects();
  const own = projects.find(({ id }) => project.prismaFiles.some(({ uri }) => uri === id) || project.sqlFiles.some(({ uri }) => uri === id)) ?? projects[0];
  for (const uri of own === undefined ? [] : yield* snapshot.queriesOf(own)) {
    const file = snapshot.file(uri);
    for (const { text, span, gap } of file === undefined ? [] : yield* snapshot.queries(uri)) {
      if (found.length >= mostQueries) return found;
      if (gap === undefined && text !== except) found.push({ text, title: `${decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1))}:${(file?.lines.position(span.start).line ?? 0) + 1}` });
    }
    yield;
  }
  return found;
}

/** Those of templates and strings in programs, and what calls of Prisma Client send: `src/deals.ts:12`. */
export async function queriesOfPrograms(roots: readonly string[], project: CheckedProject, host: FileHost, signal: AbortSignal): Promise<readonly OtherQuery[]> {
  const { queriesBeside } = await import("../../migrations/workspaceCalls.ts");
  const found: OtherQuery[] = [];
  for (const root of roots) {
    const beside = { root, except: "", schema: project.prismaFiles, host };
    for (const { name, text } of await queriesBeside(beside, { worker: queryCompilerWorker, assets: scratchAssets }, signal)) if (!/\.sql:\d+$/i.test(name)) found.push({ title: name, text });
  }
  return found;
}

function itemOf({ id, title, sql, prisma, costBefore, costAfter, sizeBytes, alsoGains, writeCost }: AdvisedIndex, evidence: string): AdviceItem {
  return {
    id,
    title,
    sql,
    costBefore,
    costAfter,
    sizeBytes: sizeBytes ?? 0,
    alsoGains: alsoGains.map(({ query, costBefore: before, costAfter: after }) => ({ name: query.title, costBefore: before, costAfter: after })),
    writeCost: writeCost.text,
    evidence,
    ...(prisma === undefined ? {} : { prisma }),
  };
}
