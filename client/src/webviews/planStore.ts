/**
 * Plans that were kept of queries, and what open panels showed, in the workspace's storage: by the query's fingerprint, a
 * bounded number of each. Without a workspace they are kept as long as the window. What is broken there is left out.
 */
import { randomUUID } from "node:crypto";
import { FileType, Uri, workspace } from "vscode";
import * as v from "valibot";
import type { KeptPlan, PlanSheet } from "../../../protocol/src/plan.ts";

const most = { plans: 20, queries: 200, source: 2_000_000, panel: 12_000_000, panels: 30 };

export interface KeptSource extends KeptPlan {
  /** PostgreSQL's JSON. */
  readonly source: string;
}

/** All that is kept of one query. */
export interface KeptQuery {
  readonly query: string;
  readonly plans: readonly KeptSource[];
}

export class PlanStore {
  readonly #folder: Uri | undefined;
  readonly #known = new Map<string, KeptQuery>();
  /** One write at a time, in the order asked for. */
  #last: Promise<void> = Promise.resolve();

  constructor(storage: Uri | undefined) {
    this.#folder = storage;
  }

  async of(fingerprint: string): Promise<KeptQuery> {
    await this.#last;
    const known = this.#known.get(fingerprint);
    if (known !== undefined) return known;
    const uri = this.#uriOf("plans", fingerprint);
    const kept = parsed(queryShape, uri === undefined ? undefined : await textOf(uri)) ?? { query: "", plans: [] };
    this.#known.set(fingerprint, kept);
    return kept;
  }

  /** A plan that says the same as the newest one of the same database takes its place. */
  async keep(fingerprint: string, query: string, sheet: PlanSheet, target: string): Promise<void> {
    const { source, title, isAnalyzed, totals, nodes } = sheet;
    if (source === undefined || source.length > most.source) return;
    const { plans } = await this.of(fingerprint);
    const same = plans.find((plan) => plan.target === target && plan.title === title);
    const rest = same?.source === source ? plans.filter((plan) => plan !== same) : plans;
    const plan: KeptSource = {
      id: randomUUID(),
      at: new Date().toISOString(),
      target,
      title,
      isAnalyzed,
      nodes: nodes.length,
      source,
      ...(totals.cost === undefined ? {} : { cost: totals.cost }),
      ...(totals.executionMs === undefined ? {} : { executionMs: totals.executionMs }),
    };
    await this.#write(fingerprint, { query, plans: [plan, ...rest].slice(0, most.plans) });
  }

  async forget(fingerprint: string, id: string): Promise<void> {
    const { query, plans } = await this.of(fingerprint);
    await this.#write(fingerprint, { query, plans: plans.filter((plan) => plan.id !== id) });
  }

  /** Of all queries, the last used first. */
  async all(): Promise<readonly (KeptQuery & { readonly fingerprint: string })[]> {
    const names = this.#folder === undefined ? [...this.#known.keys()] : await namesIn(Uri.joinPath(this.#folder, "plans"));
    const kept = await Promise.all(names.map(async (name) => ({ fingerprint: name.replace(/\.json$/, ""), ...(await this.of(name.replace(/\.json$/, ""))) })));
    return kept.filter(({ plans }) => plans.length > 0).sort((a, b) => ((a.plans[0]?.at ?? "") < (b.plans[0]?.at ?? "") ? 1 : -1));
  }

  /** What a panel showed, to show it again after a reload of the window. */
  async keepPanel<State extends object>(id: string, state: State): Promise<void> {
    const uri = this.#uriOf("panels", id);
    const text = JSON.stringify(state);
    if (uri === undefined || text.length > most.panel) return;
    await this.#then(async () => {
      await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      await prune(Uri.joinPath(uri, ".."), most.panels);
    });
  }

  async panel(id: string): Promise<unknown> {
    await this.#last;
    const uri = this.#uriOf("panels", id);
    return uri === undefined ? undefined : parsed(v.unknown(), await textOf(uri));
  }

  async forgetPanel(id: string): Promise<void> {
    const uri = this.#uriOf("panels", id);
    if (uri !== undefined) await this.#then(async () => workspace.fs.delete(uri).then(undefined, () => undefined));
  }

  async #write(fingerprint: string, kept: KeptQuery): Promise<void> {
    this.#known.set(fingerprint, kept);
    const uri = this.#uriOf("plans", fingerprint);
    if (uri === undefined) return;
    await this.#then(async () => {
      await workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(kept)));
      await prune(Uri.joinPath(uri, ".."), most.queries);
    });
  }

  #then(write: () => Promise<void>): Promise<void> {
    const done = this.#last.then(write);
    this.#last = done.catch(() => undefined); // who asked is told; the next write goes ahead
    return done;
  }

  /** Undefined for a name that is no name of a file. */
  #uriOf(folder: "plans" | "panels", name: string): Uri | undefined {
    return this.#folder === undefined || !/^[\w-]{1,64}$/.test(name) ? undefined : Uri.joinPath(this.#folder, folder, `${name}.json`);
  }
}

const queryShape: v.GenericSchema<unknown, KeptQuery> = v.object({
  query: v.string(),
  plans: v.array(
    v.object({
      id: v.string(),
      at: v.string(),
      target: v.string(),
      title: v.string(),
      isAnalyzed: v.boolean(),
      cost: v.exactOptional(v.number()),
      executionMs: v.exactOptional(v.number()),
      nodes: v.number(),
      source: v.string(),
    }),
  ),
});

function parsed<Output>(shape: v.GenericSchema<unknown, Output>, text: string | undefined): Output | undefined {
  if (text === undefined) return undefined;
  try {
    const result = v.safeParse(shape, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined; // cut off in the middle of being written
  }
}

async function textOf(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined; // whatever the reason, nothing is kept
  }
}

async function namesIn(folder: Uri): Promise<readonly string[]> {
  try {
    return (await workspace.fs.readDirectory(folder)).flatMap(([name, type]) => (type === FileType.File && name.endsWith(".json") ? [name] : []));
  } catch {
    return []; // there is no such folder yet
  }
}

/** Deletes the files that were written longest ago. */
async function prune(folder: Uri, keep: number): Promise<void> {
  const names = await namesIn(folder);
  if (names.length <= keep) return;
  const files = await Promise.all(names.map(async (name) => ({ name, time: (await workspace.fs.stat(Uri.joinPath(folder, name))).mtime })));
  const old = files.sort((a, b) => b.time - a.time).slice(keep);
  await Promise.all(old.map(({ name }) => workspace.fs.delete(Uri.joinPath(folder, name)).then(undefined, () => undefined)));
}
