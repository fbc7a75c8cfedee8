/**
 * Everything a person does with databases in the editor: what is known, what is chosen, what is looked at. Loaded when
 * there is a profile, or when somebody wants one. What goes wrong is shown once, here.
 */
import { type CancellationToken, env, type ExtensionContext, type LogOutputChannel, ProgressLocation, Uri, window, workspace } from "vscode";
import * as v from "valibot";
import {
  type ConnectionProfile,
  type ConnectionRefusal,
  connectionsChanged,
  type ConnectionTarget,
  countRows,
  type FoundAddress,
  testConnection,
  type TestedConnection,
} from "../../../protocol/src/connections.ts";
import { countedRowsShape, sourceShape, testedShape } from "../../../protocol/src/connectionsShapes.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "../webviews/parsing.ts";
import { addConnection, type Adding, askPassword, useFound, withConsent } from "./addConnection.ts";
import { Addresses } from "./addresses.ts";
import { askText, choose, type Choice } from "./asking.ts";
import { credentialsFor } from "./credentials.ts";
import { DatabaseTree } from "./databaseTree.ts";
import type { DatabaseNode } from "./nodes.ts";
import { isOfFile, ProfileStore } from "./profileStore.ts";
import { secretKey } from "./storageKeys.ts";
import { TargetItem } from "./targetItem.ts";
import { countWords, environments, environmentWords, environmentCodicon, fileName, isThisMachine, placeWords, timeWords } from "./words.ts";

export class Databases {
  readonly tree: DatabaseTree;
  readonly store: ProfileStore;
  readonly #context: ExtensionContext;
  readonly #server: ServerSession;
  readonly #adding: Adding;

  constructor(context: ExtensionContext, server: ServerSession, output: LogOutputChannel) {
    this.#context = context;
    this.#server = server;
    this.store = new ProfileStore(context);
    const addresses = new Addresses(server);
    this.#adding = { store: this.store, secrets: context.secrets, addresses };
    this.tree = new DatabaseTree({ server, store: this.store, addresses, log: (what) => output.warn(what) });
    const item = new TargetItem(this.store);
    const files = workspace.createFileSystemWatcher("**/{.env,.env.*,prisma.config.*}");
    context.subscriptions.push(
      item,
      files,
      this.store.onDidChange((ids) => {
        if (ids.length > 0) server.tell(connectionsChanged, { ids });
        this.tree.forget(ids);
        this.tree.redraw();
        item.show();
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.tree.refresh()),
    );
    for (const event of [files.onDidChange, files.onDidCreate, files.onDidDelete]) context.subscriptions.push(event(() => this.tree.refresh()));
  }

  /** For the server, when it opens a connection. */
  credentials(params: unknown): ReturnType<typeof credentialsFor> {
    return credentialsFor(params, this.store, this.#context.secrets);
  }

  get target(): ConnectionTarget {
    return this.store.target();
  }

  /** Of what is chosen; undefined for the scratch database. */
  get targetProfile(): ConnectionProfile | undefined {
    const target = this.store.target();
    return target.kind === "connection" ? this.store.byId(target.id) : undefined;
  }

  /** Asks what to work on; undefined when the person left. */
  async chooseTarget(): Promise<ConnectionTarget | undefined> {
    const target = this.store.target();
    const choices: Choice<ConnectionTarget | "add">[] = [
      { label: "$(beaker) Scratch database", description: target.kind === "scratch" ? "chosen" : "", detail: "An embedded PostgreSQL, built from the schema: nothing can go wrong there", value: { kind: "scratch" } },
      ...this.store.all().map((profile) => {
        const isChosen = target.kind === "connection" && target.id === profile.id;
        return { label: `$(${environmentCodicon[profile.environment]}) ${profile.name}`, description: `${environmentWords(profile)}${isChosen ? " · chosen" : ""}`, detail: placeWords(profile), value: { kind: "connection", id: profile.id } as const };
      }),
      { label: "$(add) Add a connection…", value: "add" },
    ];
    const chosen = await choose("Choose Database", "What to explain queries on", choices);
    if (chosen === "add") {
      const added = await this.add(undefined);
      return added === undefined ? undefined : { kind: "connection", id: added.id };
    }
    if (chosen !== undefined) await this.store.setTarget(chosen);
    return chosen;
  }

  /** `found` is an address in a file, from the view. The new connection is tried at once, and chosen. */
  async add(found: unknown): Promise<ConnectionProfile | undefined> {
    if (!this.#isAllowed()) return undefined;
    const usable = isUsable(found) ? found : undefined;
    const profile = usable === undefined ? await addConnection(this.#adding) : await useFound(usable, this.#adding);
    if (profile === undefined) return undefined;
    if (await this.#tested(profile)) await this.store.setTarget({ kind: "connection", id: profile.id });
    return profile;
  }

  async edit(node: unknown): Promise<void> {
    const profile = await this.#profileOf(node, "Edit Connection", "The connection to change");
    if (profile === undefined) return;
    const isFile = isOfFile(profile.source);
    const what = await choose("Edit Connection", profile.name, [
      ...(isFile ? [{ label: "$(file-code) Open the file", description: profile.source.kind === "env" || profile.source.kind === "prisma" ? fileName(profile.source.uri) : "", value: "file" as const }] : [{ label: "$(link) Address", description: placeWords(profile), value: "address" as const }, { label: "$(key) Password", value: "password" as const }]),
      { label: "$(tag) Name", description: profile.name, value: "name" as const },
      { label: "$(server-environment) Environment", description: environmentWords(profile), value: "environment" as const },
    ]);
    switch (what) {
      case "file":
        if (profile.source.kind === "env" || profile.source.kind === "prisma") await window.showTextDocument(Uri.parse(profile.source.uri));
        return;
      case "address":
        return this.#editAddress(profile);
      case "password":
        return this.#editPassword(profile);
      case "name":
        return this.rename(nodeOf(profile));
      case "environment":
        return this.setEnvironment(nodeOf(profile));
      case undefined:
        return undefined;
    }
  }

  async rename(node: unknown): Promise<void> {
    const profile = await this.#profileOf(node, "Rename Connection", "The connection to rename");
    if (profile === undefined) return;
    const name = await askText({
      title: "Rename Connection",
      prompt: "What people see",
      value: profile.name,
      check: (text) => (text.trim() === "" ? "A name is needed." : this.store.freeName(text.trim(), profile.id) === text.trim() ? undefined : `There is a connection ${text.trim()} already.`),
    });
    if (typeof name === "string") await this.store.save({ ...profile, name: name.trim() });
  }

  async remove(node: unknown): Promise<void> {
    const profile = await this.#profileOf(node, "Remove Connection", "The connection to remove");
    if (profile === undefined) return;
    await this.store.remove(profile);
    await this.#context.secrets.delete(secretKey(profile.id));
  }

  async setEnvironment(node: unknown): Promise<void> {
    const profile = await this.#profileOf(node, "Set Environment", "The connection to set it of");
    if (profile === undefined) return;
    const details = { development: "Yours alone: statements may be run to be explained", staging: "Shared, and nobody's business depends on it", production: "People depend on it: everything that runs there is asked about first" } as const;
    const environment = await choose(
      "Set Environment",
      `${profile.name}: ${environmentWords(profile)}`,
      environments.map((one) => ({ label: `$(${environmentCodicon[one]}) ${one}`, description: one === profile.environment ? environmentWords(profile) : "", detail: details[one], value: one })),
    );
    if (environment !== undefined) await this.store.save({ ...profile, environment, isConfirmedEnvironment: true });
  }

  async test(node: unknown): Promise<void> {
    const profile = await this.#profileOf(node, "Test Connection", "The connection to test");
    if (profile !== undefined) await this.#tested(profile);
  }

  async #tested(profile: ConnectionProfile): Promise<boolean> {
    const tested = await this.#asking(`Connecting to ${profile.name}`, (token) => this.#server.ask(testConnection, { id: profile.id }, parsing(testedShape), token));
    // The command has ended; what the person says to it begins another one.
    if (tested.ok) void this.#tellTested(profile, tested);
    else void this.#tellRefusal(profile, tested);
    return tested.ok;
  }

  async #tellTested(profile: ConnectionProfile, tested: Extract<TestedConnection, { ok: true }>): Promise<void> {
    const edit = "Set Environment…";
    const answer = await window.showInformationMessage(
      `${profile.name}: PostgreSQL ${tested.version}, ${tested.milliseconds} ms, ${tested.isEncrypted ? "encrypted" : "not encrypted"}. Taken for ${profile.environment}${profile.isConfirmedEnvironment ? "" : `, because ${profile.environmentBecause}`}. ${tested.notes.join(" ")}`.trim(),
      ...(profile.isConfirmedEnvironment ? [] : [edit]),
    );
    if (answer === edit) await this.setEnvironment(nodeOf(profile));
  }

  refresh(): void {
    this.#server.tell(connectionsChanged, { ids: this.store.all().map(({ id }) => id) });
    this.tree.refresh();
  }

  async copyName(node: unknown): Promise<void> {
    const name = nameOf(node);
    if (name !== undefined) await env.clipboard.writeText(name);
  }

  async count(node: unknown): Promise<void> {
    if (!isNode(node) || node.node !== "row" || node.row.row !== "table") return;
    const { connection, row } = node;
    const counted = await this.#asking(`Counting the rows of ${row.name}`, (token) => this.#server.ask(countRows, { id: connection, schema: row.schema, table: row.name }, parsing(countedRowsShape), token));
    if (counted.ok) void window.showInformationMessage(`${row.schema}.${row.name} has ${countWords(counted.rows, "row")}, counted in ${timeWords(counted.milliseconds)}.`);
    else void window.showErrorMessage([`The rows of ${row.name} were not counted. ${counted.reason}`, counted.hint].filter(Boolean).join(" "));
  }

  /** The connection that a node stands for or belongs to, or the one that the person chooses. */
  async profileFor(node: unknown, title: string): Promise<ConnectionProfile | undefined> {
    return this.#profileOf(node, title, "The database");
  }

  async #editAddress(profile: ConnectionProfile): Promise<void> {
    let read: Awaited<ReturnType<Addresses["read"]>> | undefined;
    const text = await askText({
      title: "Edit Connection",
      prompt: "The address. Without a password in it, the one that is kept stays.",
      value: addressOf(profile),
      check: async (address) => {
        read = await this.#adding.addresses.read(address);
        return read.ok ? undefined : [read.reason, read.hint].filter(Boolean).join(" ");
      },
    });
    if (typeof text !== "string" || read?.ok !== true) return;
    const agreed = await withConsent(read.facts);
    if (agreed === undefined) return;
    if (read.password !== undefined) await this.#context.secrets.store(secretKey(profile.id), read.password);
    const { environment, isConfirmedEnvironment } = profile.host === read.facts.host ? profile : { environment: read.environment, isConfirmedEnvironment: false };
    await this.store.save({ ...profile, ...agreed.facts, allowsUnverified: agreed.allowsUnverified, environment, isConfirmedEnvironment });
  }

  async #editPassword(profile: ConnectionProfile): Promise<void> {
    const password = await askPassword(profile, undefined);
    if (typeof password !== "string") return;
    if (password === "") await this.#context.secrets.delete(secretKey(profile.id));
    else await this.#context.secrets.store(secretKey(profile.id), password);
    await this.store.save(profile);
  }

  async #tellRefusal(profile: ConnectionProfile, { reason, hint }: ConnectionRefusal): Promise<void> {
    const edit = "Edit Connection…";
    if ((await window.showErrorMessage([`${profile.name}: ${reason}`, hint].filter(Boolean).join(" "), edit)) === edit) await this.edit(nodeOf(profile));
  }

  async #profileOf(node: unknown, title: string, placeholder: string): Promise<ConnectionProfile | undefined> {
    const id = connectionOf(node);
    if (id !== undefined) return this.store.byId(id);
    const profiles = this.store.all();
    if (profiles.length === 0) {
      void this.#offerToAdd();
      return undefined;
    }
    return choose(title, placeholder, profiles.map((profile) => ({ label: `$(${environmentCodicon[profile.environment]}) ${profile.name}`, description: environmentWords(profile), detail: placeWords(profile), value: profile })));
  }

  async #offerToAdd(): Promise<void> {
    const add = "Add a Connection";
    if ((await window.showInformationMessage("No database is known here yet.", add)) === add) await this.add(undefined);
  }

  #isAllowed(): boolean {
    if (!workspace.isTrusted) void window.showWarningMessage("This workspace is not trusted, so no database is contacted.");
    return workspace.isTrusted;
  }

  /** In the status bar, and as a notification that can call it off when it takes long. */
  async #asking<T extends { readonly ok: true }>(title: string, ask: (token: CancellationToken) => Promise<T | ConnectionRefusal>): Promise<T | ConnectionRefusal> {
    return window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (_progress, token) => {
      try {
        return await ask(token);
      } catch (error) {
        return { ok: false, reason: token.isCancellationRequested ? "It was called off." : error instanceof Error ? error.message : String(error) };
      }
    });
  }
}

function nodeOf(profile: ConnectionProfile): DatabaseNode {
  return { node: "connection", profile, isTarget: false };
}

function isNode(value: unknown): value is DatabaseNode {
  return typeof value === "object" && value !== null && "node" in value;
}

function isUsable(value: unknown): value is Extract<FoundAddress, { readonly source: unknown }> {
  return typeof value === "object" && value !== null && "source" in value && "facts" in value && v.is(sourceShape, value.source);
}

function connectionOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.node === "connection") return node.profile.id;
  return node.node === "row" || node.node === "group" ? node.connection : undefined;
}

function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.node === "connection") return node.profile.name;
  if (node.node !== "row") return undefined;
  const { row } = node;
  if (row.row === "table") return `${quoted(row.schema)}.${quoted(row.name)}`;
  if (row.row === "statement") return row.text;
  return "name" in row ? quoted(row.name) : undefined;
}

/** As SQL wants it: in quotes where it must be. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** What a person would have pasted, without the password. */
function addressOf({ host, port, database, user, tls, certificates, schema }: ConnectionProfile): string {
  const parameters = new URLSearchParams();
  if (host.startsWith("/")) parameters.set("host", host);
  if (tls !== "verified" && !isThisMachine(host)) parameters.set("sslmode", tls === "none" ? "disable" : "no-verify");
  for (const [name, value] of [["sslrootcert", certificates.ca], ["sslcert", certificates.cert], ["sslkey", certificates.key], ["schema", schema]] as const) {
    if (value !== undefined) parameters.set(name, value);
  }
  const place = host.startsWith("/") ? `localhost:${port}` : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return `postgresql://${encodeURIComponent(user)}@${place}/${encodeURIComponent(database)}${parameters.size === 0 ? "" : `?${parameters}`}`;
}
