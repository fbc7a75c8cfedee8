/**
 * The language client: starts `dist/server.js` in a Node process of its own and keeps it going. A server that ends is
 * started again, at most four times in three minutes.
 */
import type { CancellationToken, LogOutputChannel } from "vscode";
import {
  CloseAction,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
  type ErrorHandler,
  type LanguageClientOptions,
  type ServerOptions,
} from "vscode-languageclient/node";
import { erdChanged } from "../../protocol/src/erd.ts";
import { planProgress } from "../../protocol/src/plan.ts";
import { configurationFile } from "../../protocol/src/settings.ts";
import { statusChanged, type InitializationOptions, type ServerStatus } from "../../protocol/src/requests.ts";
import { serverProcess } from "./serverProcess.ts";

export interface ClientOptions {
  /** Path of the server's bundle. */
  readonly serverModule: string;
  readonly output: LogOutputChannel;
  readonly initializationOptions: InitializationOptions;
  /** What the server may ask, by method. */
  readonly answers: ReadonlyMap<string, (params: unknown) => Promise<unknown>>;
  onStatus(status: ServerStatus): void;
  /** What diagrams are made of changed. */
  onErdChanged(params: unknown): void;
  /** How far the work on a plan has come. */
  onPlanProgress(params: unknown): void;
  /** The server ended and is being started again. */
  onRestarting(): void;
  /** The server ended too often and stays down. */
  onGaveUp(): void;
}

export interface RunningClient {
  request(method: string, params: object, token?: CancellationToken): Promise<unknown>;
  notify(method: string, params: object): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when the server has answered `initialize`; rejects when it cannot be started. */
export async function startClient(options: ClientOptions): Promise<RunningClient> {
  const serverOptions: ServerOptions = { module: options.serverModule, transport: TransportKind.ipc, options: { execArgv: [...serverProcess.execArgv], env: serverProcess.env } };
  const client: LanguageClient = new LanguageClient("databaseArchitect", "Database Architect", serverOptions, {
    ...clientOptions(options),
    errorHandler: restartPolicy(() => client.createDefaultErrorHandler(), options),
  });
  client.onNotification(statusChanged, (status: ServerStatus) => options.onStatus(status));
  client.onNotification(erdChanged, (params: unknown) => options.onErdChanged(params));
  client.onNotification(planProgress, (params: unknown) => options.onPlanProgress(params));
  for (const [method, answer] of options.answers) client.onRequest(method, (params: unknown) => answer(params));
  await client.start();
  return {
    // A token that is there but undefined would be sent as a further parameter.
    request: (method, params, token) =>
      token === undefined ? client.sendRequest<unknown>(method, params) : client.sendRequest<unknown>(method, params, token),
    notify: (method, params) => client.sendNotification(method, params),
    stop: () => client.dispose(),
  };
}

function clientOptions(options: ClientOptions): LanguageClientOptions {
  return {
    documentSelector: [
      { language: "prisma" },
      { language: "sql" },
      // For the SQL in their templates.
      ...["typescript", "typescriptreact", "javascript", "javascriptreact"].map((language) => ({ language, scheme: "file" })),
      { pattern: `**/${configurationFile}` },
    ],
    outputChannel: options.output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: (error) => {
      options.output.error(error instanceof Error ? error : String(error)); // in place of a pop-up; the status item says it
      return false;
    },
    initializationOptions: options.initializationOptions,
    synchronize: { configurationSection: "databaseArchitect" },
    markdown: { isTrusted: { enabledCommands: ["databaseArchitect.openRuleDocumentation"] }, supportHtml: false },
  };
}

/** The client's own policy, with our status item in place of its pop-up messages. */
function restartPolicy(create: () => ErrorHandler, options: ClientOptions): ErrorHandler {
  let policy: ErrorHandler | undefined;
  const own = (): ErrorHandler => (policy ??= create());
  return {
    error: (error, message, count) => own().error(error, message, count),
    async closed() {
      const result = await own().closed();
      if (result.action === CloseAction.DoNotRestart) options.onGaveUp();
      else options.onRestarting();
      return { ...result, handled: true };
    },
  };
}
