/** One client and its workspace, from `initialize` to `shutdown`. */
import {
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
} from "vscode-languageserver/node";
import { configurationFile, settingsSection } from "../../../protocol/src/settings.ts";
import { KnownConnections } from "../connections/knownConnections.ts";
import type { LabAccess } from "../lab/labs.ts";
import { KeptProofs } from "../migrations/keptProofs.ts";
import { EngineThread } from "../prisma/engineThread.ts";
import { PrismaValidator } from "../prisma/validate.ts";
import type { SchemaRule } from "../rules/rule.ts";
import { LargeStatementParser } from "../sql/largeStatements.ts";
import { loadSqlParser } from "../sql/parse.ts";
import type { FileHost } from "../text/fileHost.ts";
import { layoutWorker } from "../workspace/assets.ts";
import { Workspace } from "../workspace/workspace.ts";
import { Activity } from "./activity.ts";
import { Background } from "./background.ts";
import { watchedFiles } from "./capabilities.ts";
import { parseClient } from "./client.ts";
import { connectionsHost } from "./connections/host.ts";
import { answerConnectionRequests } from "./connections/requests.ts";
import type { Serving } from "./handling.ts";
import { LaterLabs } from "./labs.ts";
import { LastPlans, lastPlansFile } from "./lastPlans.ts";
import { parseInitialization } from "./initialization.ts";
import { ErdDiagrams } from "./erd/diagrams.ts";
import { answerErdQuestions } from "./erd/questions.ts";
import { answerErdRequests } from "./erd/requests.ts";
import { LayoutThread } from "./erd/layoutThread.ts";
import { ErdStates } from "./erd/states.ts";
import { ErdWatch } from "./erd/watch.ts";
import { Formatters } from "./formatters.ts";
import { answerMigrationRequests } from "./migrations/requests.ts";
import { hearChanges } from "./notifications.ts";
import { answerPlanRequests } from "./plan/requests.ts";
import { Publisher } from "./publishing.ts";
import { answerRequests } from "./requests.ts";
import { SettingsSource } from "./settingsSource.ts";
import { StatusReporter } from "./status.ts";
import { TypeChecker } from "./typeChecker.ts";

export interface ServerOptions {
  readonly host: FileHost;
  /** Scripts of the worker threads. */
  readonly workers: { readonly prisma: URL; readonly sql: URL; readonly layout?: URL };
  readonly version: string;
  /** Folder with clusters for scratch databases that have rows. */
  readonly seededClusters?: string;
  /** Scratch databases, unless a test brings its own. */
  readonly labs?: LabAccess;
  /** The registry's, unless a test brings its own. */
  readonly rules?: readonly SchemaRule[];
}

export interface Session {
  /** After `initialized`: only now may the client be asked for anything. */
  start(): Promise<void>;
  /** Ends the worker threads. */
  dispose(): Promise<void>;
}

export function openSession(connection: Connection, params: InitializeParams, options: ServerOptions): Session {
  const client = parseClient(params);
  const { roots, environment, cacheFolder, settings: initialSettings } = parseInitialization(params);
  const log = (what: string, error: unknown): void => connection.console.error(`There was a fault in ${what}: ${described(error)}`);
  const workspace = new Workspace(options.host, log, options.rules);
  workspace.applyChange({ kind: "environment", environment });
  workspace.applyChange({ kind: "roots", roots });
  const settings = new SettingsSource(connection, client, workspace, initialSettings);

  const status = new StatusReporter(connection);
  const engine = new EngineThread({ worker: options.workers.prisma });
  const activity = new Activity(() => status.setBusy(activity.isBusy));
  const publisher = client.pulls ? undefined : new Publisher(connection, client);
  const connections = new KnownConnections(connectionsHost(connection, client, workspace, options.host, log));
  const states = new ErdStates(log, connections);
  const diagrams = new ErdDiagrams(states);
  const layout = new LayoutThread(options.workers.layout ?? layoutWorker);
  const erdWatch = new ErdWatch({ connection, workspace, diagrams, log });
  let current: string | undefined;
  const background = new Background({
    workspace,
    validator: new PrismaValidator(engine),
    largeStatements: new LargeStatementParser({ worker: options.workers.sql }),
    activity,
    log,
    announce: refresh,
    async tell(isStale) {
      const snapshot = workspace.snapshot();
      await publisher?.publish(snapshot, current, isStale);
      await status.tell(snapshot, activity.isBusy, isStale);
    },
  });

  /** A client that asks is told to ask again; diagnostics that are sent unasked come from the background. */
  function refresh(): void {
    erdWatch.wake();
    const ask = (isWanted: boolean, again: () => Promise<void>): void => {
      if (isWanted) again().catch((error: unknown) => log("a request to the editor", error));
    };
    ask(client.pulls && client.refreshesDiagnostics, () => connection.languages.diagnostics.refresh());
    ask(client.refreshesCodeLenses, () => connection.sendRequest(CodeLensRefreshRequest.type));
    ask(client.refreshesInlayHints, () => connection.languages.inlayHint.refresh());
  }

  const formatters = new Formatters(connection, client);
  let setReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    setReady = resolve;
  });
  const labs = options.labs ?? new LaterLabs(cacheFolder, options.seededClusters);
  const typeChecker = new TypeChecker({
    workspace,
    labs,
    activity,
    log,
    announce() {
      if (client.pulls && client.refreshesDiagnostics) connection.languages.diagnostics.refresh().catch((error: unknown) => log("a request to the editor", error));
      else background.wake(0);
      const snapshot = workspace.snapshot();
      status.tell(snapshot, activity.isBusy, () => workspace.snapshot() !== snapshot).catch((error: unknown) => log("the status", error));
    },
  });
  const lastPlans = new LastPlans(cacheFolder === undefined ? undefined : lastPlansFile(cacheFolder, roots), () => {
    if (client.refreshesCodeLenses) connection.sendRequest(CodeLensRefreshRequest.type).catch((error: unknown) => log("a request to the editor", error));
  });
  const proofs = new KeptProofs(cacheFolder === undefined ? undefined : `${cacheFolder}/proofs`, options.host, () => {
    if (client.refreshesCodeLenses) connection.sendRequest(CodeLensRefreshRequest.type).catch((error: unknown) => log("a request to the editor", error));
  });
  const serving: Serving = { workspace, client, activity, engine, connections, labs, lastPlans, proofs, ready, log };
  answerRequests(connection, serving);
  answerConnectionRequests(connection, serving, connections, options.host);
  answerErdRequests(connection, serving, { diagrams, layout, states });
  answerErdQuestions(connection, serving, { diagrams, layout, states });
  const closeMigrations = answerMigrationRequests(connection, serving, options.host, cacheFolder);
  const closePlans = answerPlanRequests(connection, serving, options.host);
  hearChanges(connection, serving, settings, roots, {
    documentChanged(uri) {
      current = uri;
      erdWatch.wake();
      // What is typed in a configuration file changes what is said about all the others.
      const { debounce, typeCheck } = workspace.snapshot().settingsFor(uri).settings;
      background.wake(debounce, uri.endsWith(`/${configurationFile}`));
      if (typeCheck) typeChecker.wake(isOfSchema(uri) ? Math.max(debounce, schemaPause) : debounce);
    },
    elsewhereChanged() {
      formatters.offer(workspace.snapshot().environment);
      refresh();
      background.wake(0);
      typeChecker.wake(schemaPause);
    },
  });

  return {
    async start() {
      try {
        if (client.registersConfiguration)
          void connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
        if (client.registersWatchers) void connection.client.register(DidChangeWatchedFilesNotification.type, watchedFiles);
        formatters.offer(workspace.snapshot().environment);
        await Promise.all([loadSqlParser(), settings.refresh(roots)]);
      } catch (error) {
        log("the start", error);
      } finally {
        setReady();
        background.wake(0);
        typeChecker.wake(schemaPause);
      }
    },
    async dispose() {
      erdWatch.dispose();
      await Promise.all([layout.dispose(), connections.dispose(), labs.close(), closePlans(), closeMigrations(), typeChecker.dispose(), background.dispose(), engine.dispose()]);
    },
  };
}

/** Milliseconds: after a change of the schema its database is built anew, which a further change would make useless. */
const schemaPause = 1_000;

function isOfSchema(uri: string): boolean {
  return uri.endsWith(".prisma") || /\/migrations?\//i.test(uri);
}

function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
