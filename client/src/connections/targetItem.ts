/** The database that queries are explained on, in the status bar: its name and its environment, in words, at all times. */
import { type Disposable, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";
import { connectionTooltip } from "./nodes.ts";
import type { ProfileStore } from "./profileStore.ts";
import { environmentCodicon, environmentWords, shortEnvironment } from "./words.ts";

export class TargetItem implements Disposable {
  readonly #item: StatusBarItem = window.createStatusBarItem("databaseArchitect.target", StatusBarAlignment.Left, 0);
  readonly #store: ProfileStore;

  constructor(store: ProfileStore) {
    this.#store = store;
    this.#item.name = "Database";
    this.#item.command = "databaseArchitect.chooseDatabase";
    this.show();
  }

  /** Hidden while no database is known: then there is only the embedded one, and nothing to choose. */
  show(): void {
    const target = this.#store.target();
    const profile = target.kind === "connection" ? this.#store.byId(target.id) : undefined;
    if (this.#store.all().length === 0) return this.#item.hide();
    if (profile === undefined) {
      this.#item.text = "$(beaker) Scratch database";
      this.#item.tooltip = new MarkdownString("An embedded PostgreSQL, built from the schema. Choose another database.");
      this.#item.backgroundColor = undefined;
      this.#item.accessibilityInformation = { label: "Database: scratch, an embedded PostgreSQL built from the schema" };
    } else {
      const isProduction = profile.environment === "production";
      const unverified = profile.tls !== "verified" && profile.allowsUnverified ? " $(unlock) not verified" : "";
      this.#item.text = `$(${environmentCodicon[profile.environment]}) ${profile.name} · ${shortEnvironment[profile.environment]}${unverified}`;
      this.#item.tooltip = connectionTooltip(profile);
      this.#item.backgroundColor = isProduction ? new ThemeColor("statusBarItem.errorBackground") : unverified === "" ? undefined : new ThemeColor("statusBarItem.warningBackground");
      this.#item.accessibilityInformation = { label: `Database: ${profile.name}, ${environmentWords(profile)}${unverified === "" ? "" : ", not verified"}` };
    }
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
