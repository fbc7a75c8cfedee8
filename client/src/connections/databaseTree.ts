/** What the view "Databases" holds. A level is asked for when it is opened, and kept until the view is refreshed. */
import { CancellationTokenSource, commands, EventEmitter, type Event, type TreeDataProvider, type TreeItem, workspace } from "vscode";
import { connectionTree, type ConnectionTarget, type FoundAddress, type TreeAnswer, type TreePlace, type TreeRow } from "../../../protocol/src/connections.ts";
import { treeAnswerShape } from "../../../protocol/src/connectionsShapes.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "../webviews/parsing.ts";
import type { Addresses } from "./addresses.ts";
import { type DatabaseNode, itemOf, placeOf } from "./nodes.ts";
import type { ProfileStore } from "./profileStore.ts";

export interface TreeOptions {
  readonly server: ServerSession;
  readonly store: ProfileStore;
  readonly addresses: Addresses;
  log(what: string): void;
}

export class DatabaseTree implements TreeDataProvider<DatabaseNode> {
  readonly #options: TreeOptions;
  readonly #changed = new EventEmitter<DatabaseNode | undefined>();
  readonly #running = new Set<CancellationTokenSource>();
  readonly #answers = new Map<string, Promise<TreeAnswer>>();
  readonly #parents = new Map<DatabaseNode, DatabaseNode>();
  #found: Promise<readonly FoundAddress[]> | undefined;

  constructor(options: TreeOptions) {
    this.#options = options;
  }

  get onDidChangeTreeData(): Event<DatabaseNode | undefined> {
    return this.#changed.event;
  }

  /** Asks again for everything that is open. */
  refresh(): void {
    this.#answers.clear();
    this.#found = undefined;
    this.redraw();
  }

  /** What is shown of profiles may be another; what databases said stays. */
  redraw(): void {
    this.#parents.clear();
    this.#changed.fire(undefined);
  }

  /** Lets go of what these databases said. */
  forget(ids: readonly string[]): void {
    for (const key of [...this.#answers.keys()]) if (ids.some((id) => key.startsWith(`${id}\0`))) this.#answers.delete(key);
  }

  /** Stops everything that databases are asked for; the server is told. */
  cancel(): void {
    for (const source of this.#running) source.cancel();
  }

  getTreeItem(node: DatabaseNode): TreeItem {
    return itemOf(node);
  }

  getParent(node: DatabaseNode): DatabaseNode | undefined {
    return this.#parents.get(node);
  }

  async getChildren(node?: DatabaseNode): Promise<DatabaseNode[]> {
    const children = node === undefined ? await this.#connections() : await this.#below(node);
    if (node !== undefined) for (const child of children) this.#parents.set(child, node);
    return [...children];
  }

  async #connections(): Promise<readonly DatabaseNode[]> {
    if (!workspace.isTrusted) return [];
    const { store } = this.#options;
    const target: ConnectionTarget = store.target();
    const profiles = store.all();
    const nodes = profiles.map((profile): DatabaseNode => ({ node: "connection", profile, isTarget: target.kind === "connection" && target.id === profile.id }));
    return [...nodes, ...(await this.#foundNodes(profiles.map(({ source }) => JSON.stringify(source))))];
  }

  /** Of addresses in files, those that are no connection and that nobody refused. */
  async #foundNodes(known: readonly string[]): Promise<readonly DatabaseNode[]> {
    const { addresses, store } = this.#options;
    this.#found ??= addresses.found().catch((error: unknown) => {
      this.#options.log(`Addresses in files: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    });
    return (await this.#found).flatMap((found): DatabaseNode[] => {
      const isWanted = !("facts" in found) || (!known.includes(JSON.stringify(found.source)) && !store.isRefused(found.source, found.facts));
      return isWanted ? [{ node: "found", found }] : [];
    });
  }

  async #below(node: DatabaseNode): Promise<readonly DatabaseNode[]> {
    if (node.node === "group") return node.rows.map((row) => ({ node: "row", connection: node.connection, row }));
    const wanted = placeOf(node);
    if (wanted === undefined) return [];
    const { connection, place } = wanted;
    const answer = await this.#ask(connection, place);
    if (!answer.ok) return [{ node: "refusal", refusal: answer }];
    return place.at === "table" ? grouped(connection, answer.rows) : answer.rows.map((row) => ({ node: "row", connection, row }));
  }

  #ask(connection: string, place: TreePlace): Promise<TreeAnswer> {
    const key = `${connection}\0${JSON.stringify(place)}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const asked = this.#asked(connection, place);
    this.#answers.set(key, asked);
    // A refusal is asked again when the row is opened again.
    void asked.then((answer) => {
      if (!answer.ok && this.#answers.get(key) === asked) this.#answers.delete(key);
    });
    return asked;
  }

  async #asked(id: string, place: TreePlace): Promise<TreeAnswer> {
    const source = new CancellationTokenSource();
    this.#running.add(source);
    const tell = setTimeout(() => void setBusy(true), 500);
    try {
      return await this.#options.server.ask(connectionTree, { id, place }, parsing(treeAnswerShape), source.token);
    } catch (error) {
      return { ok: false, reason: source.token.isCancellationRequested ? "It was called off." : error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(tell);
      this.#running.delete(source);
      source.dispose();
      if (this.#running.size === 0) void setBusy(false);
    }
  }
}

function grouped(connection: string, rows: readonly TreeRow[]): readonly DatabaseNode[] {
  const columns = rows.filter(({ row }) => row === "column");
  const indexes = rows.filter(({ row }) => row === "index");
  const others = rows.filter(({ row }) => row !== "column" && row !== "index");
  return [
    ...(columns.length === 0 ? [] : [{ node: "group", connection, title: "Columns", rows: columns } as const]),
    ...(indexes.length === 0 ? [] : [{ node: "group", connection, title: "Indexes", rows: indexes } as const]),
    ...others.map((row) => ({ node: "row", connection, row }) as const),
  ];
}

async function setBusy(isBusy: boolean): Promise<void> {
  await commands.executeCommand("setContext", "databaseArchitect.databasesBusy", isBusy);
}
