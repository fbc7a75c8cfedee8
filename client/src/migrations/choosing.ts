/** Which migrations and which database a command is about: what stands in the view or the editor, else the person chooses. */
import { Uri, window } from "vscode";
import type { ConnectionProfile } from "../../../protocol/src/connections.ts";
import type { MigrationHistoryListing } from "../../../protocol/src/migrations.ts";
import { choose } from "../connections/asking.ts";
import { environmentCodicon, environmentWords, placeWords } from "../connections/words.ts";
import type { MigrationDesk } from "./desk.ts";
import type { MigrationNode } from "./nodes.ts";
import { refused } from "./telling.ts";

export class MigrationChoosing {
  readonly #desk: MigrationDesk;

  constructor(desk: MigrationDesk) {
    this.#desk = desk;
  }

  /** Of those that suit; undefined when the person leaves, or is told that there is none. */
  async history(node: unknown, title: string, suits: (history: MigrationHistoryListing) => boolean = () => true): Promise<MigrationHistoryListing | undefined> {
    const histories = (await this.#desk.tree.histories()).filter(suits);
    const id = isNode(node) ? (node.node === "history" ? node.history.id : "history" in node ? node.history : undefined) : undefined;
    const active = typeof node === "string" ? node : window.activeTextEditor?.document.uri.toString();
    const known = histories.find((history) => history.id === id) ?? histories.find((history) => active?.startsWith(`${history.id}/`)) ?? (histories.length === 1 ? histories[0] : undefined);
    if (known !== undefined) return known;
    if (histories.length === 0) {
      void window.showInformationMessage("There are no migrations in this workspace: no migrations/*/migration.sql, no numbered .sql files, no Prisma schema.");
      return undefined;
    }
    return choose(title, "Whose migrations", histories.map((history) => ({ label: history.name, description: history.kind, detail: Uri.parse(history.id).fsPath, value: history })));
  }

  /** A history and the database that is meant: the one that is chosen, else the person chooses now. */
  async target(node: unknown, title: string): Promise<{ readonly history: MigrationHistoryListing; readonly profile: ConnectionProfile } | undefined> {
    const history = await this.history(node, title);
    if (history === undefined) return undefined;
    const databases = await this.#desk.databases();
    const profiles = databases.store.all();
    const chosen = databases.targetProfile;
    if (profiles.length === 0) {
      const added = await databases.add(undefined);
      return added === undefined ? undefined : { history, profile: added };
    }
    const profile = profiles.length === 1 || chosen !== undefined ? (chosen ?? profiles[0]) : await choose(title, "On which database", profiles.map(profileItem));
    return profile === undefined ? undefined : { history, profile };
  }

  /** Those where something may be tried: not production's. */
  async serversToTry(): Promise<readonly ConnectionProfile[]> {
    return (await this.#desk.databases()).store.all().filter(({ environment }) => environment !== "production");
  }

  /** Its name, among those that a database and the files know. */
  async migration(history: MigrationHistoryListing, profile: ConnectionProfile, title: string, placeholder: string, isFailed = false): Promise<string | undefined> {
    const status = await this.#desk.tree.compare(history.id, profile.id);
    if (!status.ok) {
      refused(title, status.reason);
      return undefined;
    }
    const rows = status.migrations.filter(({ state }) => !isFailed || state === "failed");
    if (rows.length === 0) {
      void window.showInformationMessage(isFailed ? `No migration has failed on ${profile.name}.` : "There is no migration as yet.");
      return undefined;
    }
    return choose(title, placeholder, rows.toReversed().map(({ name, state }) => ({ label: name, description: state, value: name })));
  }
}

export function profileItem(each: ConnectionProfile): { readonly label: string; readonly description: string; readonly detail: string; readonly value: ConnectionProfile } {
  return { label: `$(${environmentCodicon[each.environment]}) ${each.name}`, description: environmentWords(each), detail: placeWords(each), value: each };
}

export function isNode(value: unknown): value is MigrationNode {
  return typeof value === "object" && value !== null && "node" in value;
}
