/** Settings as the client keeps them: asked for folder by folder where it answers, else as it sends them. */
import type { Connection } from "vscode-languageserver/node";
import { settingsSection } from "../../../protocol/src/settings.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Client } from "./client.ts";

/** Milliseconds a client has to answer; it may never. */
const patience = 2000;

export class SettingsSource {
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #workspace: Workspace;
  /** What came with `initialize`: holds where nothing else is said. */
  readonly #initial: unknown;

  constructor(connection: Connection, client: Client, workspace: Workspace, initial: unknown) {
    this.#connection = connection;
    this.#client = client;
    this.#workspace = workspace;
    this.#initial = initial;
    workspace.applyChange({ kind: "settings", folder: undefined, value: initial });
  }

  /** Asks for everything again. */
  async refresh(roots: readonly string[]): Promise<void> {
    if (!this.#client.answersConfiguration) return;
    const items = [{ section: settingsSection }, ...roots.map((root) => ({ section: settingsSection, scopeUri: uriOfPath(root) }))];
    const answer: unknown = await Promise.race([this.#connection.workspace.getConfiguration(items), later(patience)]);
    if (!Array.isArray(answer)) return;
    const values: readonly unknown[] = answer;
    this.#apply(undefined, values[0]);
    for (const [at, root] of roots.entries()) this.#apply(root, values[at + 1]);
  }

  /** `settings` of `workspace/didChangeConfiguration`, from a client that sends them and is not asked. */
  async changed(settings: unknown, roots: readonly string[]): Promise<void> {
    if (this.#client.answersConfiguration) return this.refresh(roots);
    if (isRecord(settings)) this.#apply(undefined, settings[settingsSection]);
  }

  #apply(folder: string | undefined, value: unknown): void {
    const merged = isRecord(this.#initial) && isRecord(value) ? { ...this.#initial, ...value } : (value ?? this.#initial);
    this.#workspace.applyChange({ kind: "settings", folder, value: merged });
  }
}

function later(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined).unref());
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
