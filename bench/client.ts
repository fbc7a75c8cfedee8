/** Drives any language server over stdio, as an editor would, and times it. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import {
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgressCreateRequest,
} from "vscode-languageserver-protocol/node";

export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  /** Beside what every process has. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly initializationOptions?: unknown;
}

export interface Change {
  readonly offset: number;
  readonly deleted: number;
  readonly inserted: string;
}

type Waiting = {
  readonly uri: string;
  readonly version: number;
  readonly accepts: (diagnostics: readonly Diagnostic[]) => boolean;
  readonly resolve: () => void;
};

/** As our client in VS Code says, which shows no more of one file. */
export const maxDiagnostics = 1000;

/** One server on one folder. Times are milliseconds of wall time. */
export class BenchClient {
  readonly #process: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly #texts = new Map<string, { version: number; text: string }>();
  readonly #waiting = new Set<Waiting>();
  #pulls = false;

  private constructor(process: ChildProcess, connection: ProtocolConnection) {
    this.#process = process;
    this.#connection = connection;
  }

  static async start(server: ServerCommand, folder: string, options: { readonly pull: boolean }): Promise<BenchClient> {
    const child = spawn(server.command, server.arguments, { cwd: folder, stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, ...server.environment } });
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const client = new BenchClient(child, connection);
    connection.onNotification(PublishDiagnosticsNotification.type, (params) =>
      client.#published(params.uri, params.version, params.diagnostics),
    );
    connection.onRequest(ConfigurationRequest.type, (params) => params.items.map(() => ({})));
    connection.onRequest(RegistrationRequest.type, () => undefined);
    connection.onRequest(DiagnosticRefreshRequest.type, () => undefined);
    connection.onRequest(WorkDoneProgressCreateRequest.type, () => undefined);
    connection.onError(() => undefined);
    connection.listen();
    const uri = pathToFileURL(folder).href;
    const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "bench" }],
      initializationOptions: server.initializationOptions,
      capabilities: {
        textDocument: {
          synchronization: { didSave: true },
          publishDiagnostics: { versionSupport: true, relatedInformation: true },
          ...(options.pull ? { diagnostic: { relatedDocumentSupport: false } } : {}),
        },
        workspace: { configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: true } },
        general: { positionEncodings: ["utf-16"] },
      },
    });
    client.#pulls = options.pull && capabilities.diagnosticProvider !== undefined;
    await connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  get pulls(): boolean {
    return this.#pulls;
  }

  /** Opens a document; resolves when its first diagnostics are there. */
  async open(uri: string, languageId: string, text: string): Promise<number> {
    this.#texts.set(uri, { version: 1, text });
    const start = performance.now();
    const arrived = this.#diagnosed(uri, 1, () => true);
    await this.#connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId, version: 1, text } });
    if (this.#pulls) await this.#pull(uri);
    else await arrived;
    return performance.now() - start;
  }

  /** Applies a change; resolves when diagnostics for that version are there that `accepts` takes. */
  async change(uri: string, change: Change, accepts: (diagnostics: readonly Diagnostic[]) => boolean = () => true): Promise<number> {
    const document = this.#texts.get(uri);
    if (document === undefined) throw new Error(`${uri} is not open.`);
    const { text } = document;
    const range = { start: position(text, change.offset), end: position(text, change.offset + change.deleted) };
    const version = document.version + 1;
    this.#texts.set(uri, { version, text: text.slice(0, change.offset) + change.inserted + text.slice(change.offset + change.deleted) });
    const start = performance.now();
    const arrived = this.#pulls ? undefined : this.#diagnosed(uri, version, accepts);
    await this.#connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ range, text: change.inserted }],
    });
    if (arrived === undefined) {
      while (!accepts(await this.#pull(uri))) await new Promise((resolve) => setTimeout(resolve, 2));
    } else await arrived;
    return performance.now() - start;
  }

  /** Another request than the editor's own. */
  request(method: string, params: object): Promise<unknown> {
    return this.#connection.sendRequest(method, params);
  }

  text(uri: string): string {
    return this.#texts.get(uri)?.text ?? "";
  }

  /** Resident memory of the server and its children, in MB. */
  residentMegabytes(): number {
    return tree(this.#process.pid ?? 0).reduce((sum, pid) => sum + residentKilobytes(pid), 0) / 1024;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 3000);
    await this.#connection.sendRequest(ShutdownRequest.type).catch(() => undefined);
    await this.#connection.sendNotification(ExitNotification.type).catch(() => undefined);
    await ended;
    clearTimeout(timer);
    this.#connection.dispose();
  }

  async #pull(uri: string): Promise<readonly Diagnostic[]> {
    const report = await this.#connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
    return report.kind === "full" ? report.items : [];
  }

  #diagnosed(uri: string, version: number, accepts: Waiting["accepts"]): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No diagnostics for ${uri} version ${version} within 30 s.`)), 30_000);
      const waiting = {
        uri,
        version,
        accepts,
        resolve: () => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve();
        },
      };
      if (this.#pulls) clearTimeout(timer);
      else this.#waiting.add(waiting);
    });
  }

  #published(uri: string, version: number | undefined, diagnostics: readonly Diagnostic[]): void {
    for (const waiting of this.#waiting) {
      const isCurrent = version === undefined || version >= waiting.version;
      if (waiting.uri === uri && isCurrent && waiting.accepts(diagnostics)) waiting.resolve();
    }
  }
}

function position(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length - 1;
  return { line, character: offset - (before.lastIndexOf("\n") + 1) };
}

function tree(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(/\s+/),
    );
    return [pid, ...children.filter((child) => child !== "").flatMap((child) => tree(Number(child)))];
  } catch {
    return [pid];
  }
}

function residentKilobytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
