/**
 * What the view "Migrations" holds: each history with its migrations, the newest first. A database is asked only when a
 * person wants it; what it said is shown until it is asked again.
 */
import { EventEmitter, type Event, type Memento, type TreeDataProvider, type TreeItem } from "vscode";
import * as v from "valibot";
import { listHistories, type MigrationHistoryListing, migrationStatus, type MigrationStatusAnswer } from "../../../protocol/src/migrations.ts";
import { historiesShape, statusShape } from "../../../protocol/src/migrationsShapes.ts";
import type { Databases } from "../connections/databases.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "../webviews/parsing.ts";
import { itemOf, type MigrationNode } from "./nodes.ts";

export interface TreeOptions {
  readonly server: ServerSession;
  readonly memory: Memento;
  databases(): Promise<Databases>;
}

/** Ids of differences that a person does not want to see. */
const ignoredKey = "databaseArchitect.ignoredDrift";

export class MigrationTree implements TreeDataProvider<MigrationNode> {
  readonly #options: TreeOptions;
  readonly #changed = new EventEmitter<MigrationNode | undefined>();
  /** By history: the connection that it is compared with. */
  readonly #compared = new Map<string, string>();
  readonly #answers = new Map<string, Promise<MigrationStatusAnswer>>();

  constructor(options: TreeOptions) {
    this.#options = options;
  }

  get onDidChangeTreeData(): Event<MigrationNode | undefined> {
    return this.#changed.event;
  }

  /** Reads files and asks databases again. */
  refresh(): void {
    this.#answers.clear();
    this.#changed.fire(undefined);
  }

  /** From now on the history is shown beside this database; without one, beside none. */
  compare(history: string, connection: string | undefined): Promise<MigrationStatusAnswer> {
    if (connection === undefined) this.#compared.delete(history);
    else this.#compared.set(history, connection);
    this.#answers.delete(history);
    this.#changed.fire(undefined);
    return this.#status(history);
  }

  /** As it is shown; nothing is asked again. */
  known(history: string): Promise<MigrationStatusAnswer> {
    return this.#status(history);
  }

  histories(): Promise<readonly MigrationHistoryListing[]> {
    return this.#options.server.ask(listHistories, {}, parsing(historiesShape));
  }

  async ignore(id: string): Promise<void> {
    await this.#options.memory.update(ignoredKey, [...new Set([...this.#ignored(), id])]);
    this.#changed.fire(undefined);
  }

  async ignoreNone(): Promise<void> {
    await this.#options.memory.update(ignoredKey, undefined);
    this.#changed.fire(undefined);
  }

  getTreeItem(node: MigrationNode): TreeItem {
    return itemOf(node);
  }

  async getChildren(node?: MigrationNode): Promise<MigrationNode[]> {
    if (node === undefined) return this.#roots();
    if (node.node === "history") return this.#below(node.history);
    if (node.node === "drift") return node.drift.map((row) => ({ node: "difference", history: node.history, connection: node.connection, row }));
    return [];
  }

  async #roots(): Promise<MigrationNode[]> {
    const histories = await this.histories().catch(() => []);
    return histories.map((history) => ({ node: "history", history }));
  }

  async #below({ id }: MigrationHistoryListing): Promise<MigrationNode[]> {
    const answer = await this.#status(id);
    if (!answer.ok) return [{ node: "note", text: answer.reason, isError: true }, await this.#databaseNode(id, undefined)];
    const { migrations, notes, database } = answer;
    const ignored = this.#ignored();
    const drift = (database?.drift ?? []).filter((row) => !ignored.includes(row.id));
    const connection = this.#compared.get(id);
    return [
      await this.#databaseNode(id, database),
      ...(drift.length === 0 || connection === undefined ? [] : [{ node: "drift", history: id, connection, drift, doubts: database?.doubts ?? [] } as const]),
      ...notes.map((text) => ({ node: "note", text, isError: false }) as const),
      ...migrations.toReversed().map((row) => ({ node: "migration", history: id, row }) as const),
    ];
  }

  async #databaseNode(history: string, database: Extract<MigrationStatusAnswer, { ok: true }>["database"]): Promise<MigrationNode> {
    return { node: "database", history, database, chosen: (await this.#options.databases()).targetProfile?.name };
  }

  #status(history: string): Promise<MigrationStatusAnswer> {
    const known = this.#answers.get(history);
    if (known !== undefined) return known;
    const connection = this.#compared.get(history);
    const asked = this.#options.server
      .ask(migrationStatus, { history, ...(connection === undefined ? {} : { connection }) }, parsing(statusShape))
      .catch((error: unknown): MigrationStatusAnswer => ({ ok: false, reason: error instanceof Error ? error.message : String(error) }));
    this.#answers.set(history, asked);
    return asked;
  }

  #ignored(): readonly string[] {
    const kept = v.safeParse(v.array(v.string()), this.#options.memory.get(ignoredKey));
    return kept.success ? kept.output : [];
  }
}
