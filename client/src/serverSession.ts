/**
 * The language server as the rest of the extension sees it: started, stopped, asked, in that order whoever calls. Loads
 * the language client only when it is first needed.
 */
import type * as ClientModule from "./languageClient.ts";
import type { RunningClient } from "./languageClient.ts";
import {
  commands,
  EventEmitter,
  extensions,
  workspace,
  type CancellationToken,
  type Event,
  type ExtensionContext,
  type LogOutputChannel,
} from "vscode";
import { environmentChanged, type EnvironmentChangedParams } from "../../protocol/src/requests.ts";
import type { StatusItem } from "./views/statusItem.ts";

/** Prisma's own extension, which brings its own syntax errors; either of the two. */
/** VS Code keeps so many diagnostics of one file and drops the rest, the least grave first (extHostDiagnostics, 1.101 as 1.139). */
const maxDiagnostics = 1000;

const prismaExtensions = ["Prisma.prisma", "Prisma.prisma-insider"];

/** Of a question of the server. */
export type Answer = (params: unknown) => Promise<unknown>;

export class ServerSession {
  readonly #context: ExtensionContext;
  readonly #output: LogOutputChannel;
  readonly #status: StatusItem;
  readonly #erdChanged = new EventEmitter<unknown>();
  readonly #planProgress = new EventEmitter<unknown>();
  readonly #answers = new Map<string, Answer>();
  #client: RunningClient | undefined;
  /** Starts and stops are strung together: one at a time, in the order asked for. */
  #last: Promise<void> = Promise.resolve();

  constructor(context: ExtensionContext, output: LogOutputChannel, status: StatusItem) {
    this.#context = context;
    this.#output = output;
    this.#status = status;
  }

  /** What diagrams are made of changed; as the server says it. */
  get onErdChanged(): Event<unknown> {
    return this.#erdChanged.event;
  }

  /** How far the work on a plan has come; as the server says it. */
  get onPlanProgress(): Event<unknown> {
    return this.#planProgress.event;
  }

  /** Never rejects: a failed start is shown in the status item, with its reason in the log. */
  start(): Promise<void> {
    return this.#then(() => this.#start());
  }

  stop(): Promise<void> {
    return this.#then(() => this.#stop());
  }

  restart(): Promise<void> {
    return this.#then(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  /** The server's answer to a request, once it runs. Throws an Error for people when it does not. */
  async ask<Result>(method: string, params: object, parse: (answer: unknown) => Result, token?: CancellationToken): Promise<Result> {
    await this.#last;
    if (this.#client === undefined) throw new Error("The language server is not running. Use “Restart Server”, or see the output.");
    return parse(await this.#client.request(method, params, token));
  }

  /** What the server may ask, answered by whom; to be said before it is started. */
  answer(method: string, answer: Answer): void {
    this.#answers.set(method, answer);
  }

  /** Without an answer; when the server does not run, it will ask anyway. */
  tell(method: string, params: object): void {
    void this.#then(async () => this.#client?.notify(method, params));
  }

  /** Passes on what may have changed outside the server: workspace trust, Prisma's extension. */
  tellEnvironment(): void {
    void this.#then(async () => this.#client?.notify(environmentChanged, environment()));
  }

  #then(action: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(action).catch((error: unknown) => {
      this.#output.error(error instanceof Error ? error : String(error));
    });
    return this.#last;
  }

  async #start(): Promise<void> {
    if (this.#client !== undefined) return;
    this.#status.starting();
    try {
      const { startClient }: typeof ClientModule = await import("./languageClient.ts");
      this.#client = await startClient({
        serverModule: this.#context.asAbsolutePath("dist/server.js"),
        output: this.#output,
        initializationOptions: {
          ...environment(),
          opensRulePages: true,
          showsPlaces: true,
          showsErd: true,
          explainsQueries: true,
          keepsConnections: true,
          provesMigrations: true,
          maxDiagnostics,
          cacheFolder: this.#context.globalStorageUri.fsPath,
          settings: workspace.getConfiguration("databaseArchitect"),
        },
        answers: this.#answers,
        onStatus: (status) => this.#status.running(status),
        onErdChanged: (params) => this.#erdChanged.fire(params),
        onPlanProgress: (params) => this.#planProgress.fire(params),
        onRestarting: () => this.#status.starting(),
        onGaveUp: () => {
          this.#client = undefined;
          this.#status.stopped("it ended five times in three minutes");
          void setRunning(false);
        },
      });
      this.#status.started();
      await setRunning(true);
    } catch (error) {
      this.#output.error(error instanceof Error ? error : String(error));
      this.#status.stopped("it did not start");
      await setRunning(false);
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await setRunning(false);
    await client?.stop();
  }
}

function environment(): EnvironmentChangedParams {
  return {
    prismaExtensionInstalled: prismaExtensions.some((id) => extensions.getExtension(id) !== undefined),
    workspaceTrusted: workspace.isTrusted,
  };
}

async function setRunning(isRunning: boolean): Promise<void> {
  await commands.executeCommand("setContext", "databaseArchitect.serverRunning", isRunning);
}
