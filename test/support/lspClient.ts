/** A language client for tests: speaks to the real server, in this process or in one of its own, and keeps what it hears. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  createProtocolConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  type Registration,
  type RegistrationParams,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { environmentChanged, type ServerStatus, statusChanged } from "../../protocol/src/requests.ts";
import type { LabAccess } from "../../server/src/lab/labs.ts";
import { type ServerOptions } from "../../server/src/lsp/session.ts";
import { startServer } from "../../server/src/lsp/server.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { LineIndex } from "../../server/src/text/lineIndex.ts";
import { prismaWorker, sqlWorker } from "../../server/src/workspace/assets.ts";
import { nodeFiles } from "../../server/src/workspace/nodeFiles.ts";
import { serverProgram } from "./entryPoints.ts";

/** What Visual Studio Code says of itself, as far as it matters here. */
export const fullCapabilities: ClientCapabilities = {
  textDocument: {
    diagnostic: { relatedDocumentSupport: false, relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
      dataSupport: true,
      resolveSupport: { properties: ["edit"] },
      isPreferredSupport: true,
    },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    hover: { contentFormat: ["markdown"] },
    rename: { prepareSupport: true },
  },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    applyEdit: true,
    diagnostics: { refreshSupport: true },
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ["create", "rename", "delete"] },
  },
};

/** A client that is sent diagnostics instead of asking for them. */
export const pushCapabilities: ClientCapabilities = {
  workspace: { ...fullCapabilities.workspace },
  textDocument: {
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
  },
};

export interface ConnectOptions {
  readonly folders: readonly string[];
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: object;
  /** What `workspace/configuration` is answered with, by folder; the entry "" answers the question without one. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Whoever tests something else has no PostgreSQL started. */
const noLabs: LabAccess = {
  database: () => Promise.resolve({ ok: false, reason: "" }),
  isUp: () => false,
  close: () => Promise.resolve(),
};

export class LspClient {
  readonly connection: ProtocolConnection;
  readonly statuses: ServerStatus[] = [];
  readonly published: PublishDiagnosticsParams[] = [];
  readonly messages: string[] = [];
  /** What the server asked to be registered for, in order. */
  readonly registrations: Registration[] = [];
  settings: Readonly<Record<string, unknown>> = {};
  refreshes = 0;
  result: InitializeResult = { capabilities: {} };
  readonly #documents = new Map<string, { version: number; text: string }>();
  readonly #waiting = new Set<() => void>();
  readonly #end: () => Promise<void>;

  private constructor(connection: ProtocolConnection, end: () => Promise<void>) {
    this.connection = connection;
    this.#end = end;
  }

  /** The server in this process, over streams. */
  static async inProcess(options: ConnectOptions, server: Partial<ServerOptions> = {}): Promise<LspClient> {
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    const connection = createConnection(ProposedFeatures.all, new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
    startServer(connection, { host: nodeFiles(), workers: { prisma: prismaWorker, sql: sqlWorker }, version: "0.0.0-test", labs: noLabs, ...server });
    const client = new LspClient(
      createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer)),
      async () => {
        await client.connection.sendRequest("shutdown");
        client.connection.dispose();
        connection.dispose();
      },
    );
    return client.#connect(options);
  }

  /** The server as an editor starts it: a process that is spoken to over its standard streams. */
  static async spawned(options: ConnectOptions): Promise<LspClient & { readonly process: ChildProcess }> {
    const child = spawn(process.execPath, [...serverProgram, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const client = new LspClient(connection, async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        await connection.sendRequest("shutdown");
        await connection.sendNotification("exit");
        await ended;
      }
      connection.dispose();
    });
    return Object.assign(await client.#connect(options), { process: child });
  }

  async #connect({ folders, capabilities = fullCapabilities, initializationOptions, settings = {} }: ConnectOptions): Promise<this> {
    const { connection } = this;
    this.settings = settings;
    connection.onNotification(statusChanged, (status: ServerStatus) => void this.#heard(() => this.statuses.push(status)));
    connection.onNotification(
      "textDocument/publishDiagnostics",
      (params: PublishDiagnosticsParams) => void this.#heard(() => this.published.push(params)),
    );
    connection.onNotification(
      "window/logMessage",
      ({ message }: { message: string }) => void this.#heard(() => this.messages.push(message)),
    );
    connection.onRequest("workspace/diagnostic/refresh", () => this.#heard(() => this.refreshes++));
    connection.onRequest("client/registerCapability", ({ registrations }: RegistrationParams) =>
      this.#heard(() => this.registrations.push(...registrations)),
    );
    connection.onRequest("client/unregisterCapability", () => null);
    connection.onRequest("workspace/configuration", ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map(({ scopeUri }) => this.settings[scopeUri === undefined ? "" : fileURLToPath(scopeUri)] ?? null),
    );
    connection.onRequest("workspace/applyEdit", ({ edit }: { edit: WorkspaceEdit }) => {
      this.apply(edit);
      return { applied: true };
    });
    connection.onError(() => undefined);
    connection.listen();
    this.result = await connection.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      workspaceFolders: folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder })),
      capabilities,
      initializationOptions,
    });
    await connection.sendNotification("initialized", {});
    return this;
  }

  /** Opens a document with the text on the disk, or another. */
  async open(uri: string, text: string = readFileSync(fileURLToPath(uri), "utf8")): Promise<void> {
    this.#documents.set(uri, { version: 1, text });
    const languageId = /[^.]+$/.exec(uri)?.[0] ?? "plaintext";
    await this.connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Replaces the first occurrence of `before` as an editor would: with a range. */
  async change(uri: string, before: string, after: string): Promise<void> {
    const document = this.#documents.get(uri);
    assert.ok(document !== undefined, `${uri} is not open.`);
    const start = document.text.indexOf(before);
    assert.ok(start >= 0, `${JSON.stringify(before)} does not stand in ${uri}.`);
    const lines = new LineIndex(document.text);
    const range = { start: lines.position(start), end: lines.position(start + before.length) };
    document.text = document.text.slice(0, start) + after + document.text.slice(start + before.length);
    document.version++;
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: document.version },
      contentChanges: [{ range, text: after }],
    });
  }

  async close(uri: string): Promise<void> {
    this.#documents.delete(uri);
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  text(uri: string): string {
    return this.#documents.get(uri)?.text ?? readFileSync(fileURLToPath(uri), "utf8");
  }

  version(uri: string): number | undefined {
    return this.#documents.get(uri)?.version;
  }

  async report(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  }

  async pull(uri: string): Promise<readonly Diagnostic[]> {
    const report = await this.report(uri);
    assert.equal(report.kind, "full");
    return report.items;
  }

  /** The actions for the first occurrence of `place`, with the diagnostics there. */
  async actions(uri: string, place: string, only?: readonly string[]): Promise<readonly CodeAction[]> {
    const range = this.rangeOf(uri, place);
    const diagnostics = (await this.pull(uri)).filter((diagnostic) => diagnostic.range.start.line === range.start.line);
    const actions = await this.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics, ...(only === undefined ? {} : { only: [...only] }) },
    });
    return (actions ?? []).filter((action): action is CodeAction => !("arguments" in action));
  }

  rangeOf(uri: string, place: string): Range {
    const text = this.text(uri);
    const start = text.indexOf(place);
    assert.ok(start >= 0, `${JSON.stringify(place)} does not stand in ${uri}.`);
    const lines = new LineIndex(text);
    return { start: lines.position(start), end: lines.position(start + place.length) };
  }

  /** Applies an edit to the disk and to open documents, checking versions as an editor does. Tells the server nothing. */
  apply(edit: WorkspaceEdit | undefined): void {
    assert.ok(edit?.documentChanges !== undefined, "The edit has no versioned changes.");
    for (const change of edit.documentChanges) {
      if ("kind" in change) {
        assert.equal(change.kind, "create");
        continue;
      }
      const { uri, version } = change.textDocument;
      assert.equal(version, this.version(uri) ?? null, `${uri} was edited in another version.`);
      const isNew = edit.documentChanges.some((other) => "kind" in other && other.kind === "create" && other.uri === uri);
      const before = isNew ? "" : this.text(uri);
      const lines = new LineIndex(before);
      const edits = change.edits.flatMap((one) =>
        "newText" in one ? [{ span: { start: lines.offset(one.range.start), end: lines.offset(one.range.end) }, text: one.newText }] : [],
      );
      const after = applyEdits(before, edits);
      const document = this.#documents.get(uri);
      if (document !== undefined) {
        document.text = after;
        continue;
      }
      mkdirSync(dirname(fileURLToPath(uri)), { recursive: true });
      writeFileSync(fileURLToPath(uri), after);
    }
  }

  /** Applies an edit and tells the server, as an editor with these documents open would. */
  async applyAndTell(edit: WorkspaceEdit | undefined): Promise<void> {
    this.apply(edit);
    for (const change of edit?.documentChanges ?? []) {
      if (!("textDocument" in change)) continue;
      const document = this.#documents.get(change.textDocument.uri);
      if (document === undefined) continue;
      document.version++;
      await this.connection.sendNotification("textDocument/didChange", {
        textDocument: { uri: change.textDocument.uri, version: document.version },
        contentChanges: [{ text: document.text }],
      });
    }
  }

  async tellFiles(...changes: readonly { readonly uri: string; readonly type: 1 | 2 | 3 }[]): Promise<void> {
    await this.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [...changes] });
  }

  async tellEnvironment(environment: { readonly prismaExtensionInstalled: boolean; readonly workspaceTrusted: boolean }): Promise<void> {
    await this.connection.sendNotification(environmentChanged, environment);
  }

  /** Resolves when `isTrue` after something was heard, or at once; fails after a while. */
  async until(isTrue: () => boolean, what: string, milliseconds = 10_000): Promise<void> {
    if (isTrue()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`${what} did not happen within ${milliseconds} ms.`));
      }, milliseconds);
      const look = (): void => {
        if (!isTrue()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  async stop(): Promise<void> {
    await this.#end();
  }

  #heard(note: () => void): null {
    note();
    for (const look of [...this.#waiting]) look();
    return null;
  }
}
