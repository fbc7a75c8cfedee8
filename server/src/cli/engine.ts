/** The engine over the files that a command line names, with everything that the language server does in the background. */
import { EngineThread } from "../prisma/engineThread.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import { PrismaValidator } from "../prisma/validate.ts";
import { LargeStatementParser } from "../sql/largeStatements.ts";
import { loadSqlParser } from "../sql/parse.ts";
import type { FileHost } from "../text/fileHost.ts";
import { prismaWorker, sqlWorker } from "../workspace/assets.ts";
import type { RuleLayer } from "../workspace/rulesInForce.ts";
import { finish } from "../workspace/steps.ts";
import { Workspace } from "../workspace/workspace.ts";
import { editorSettings } from "./editorSettings.ts";
import { type Scope, scopeOf } from "./scope.ts";

export interface EngineOptions {
  readonly paths: readonly string[];
  /** Absolute; what `paths` are relative to. */
  readonly folder: string;
  readonly host: FileHost;
  /** What the command line says about the rules. */
  readonly rules?: RuleLayer;
  log(what: string, error: unknown): void;
}

export type OpenedEngine = { readonly ok: true; readonly engine: Engine } | { readonly ok: false; readonly reason: string };

export class Engine {
  readonly workspace: Workspace;
  readonly scope: Scope;
  readonly #options: EngineOptions;
  // Nobody is typing: a slow machine may take its time.
  readonly #schemaEngine = new EngineThread({ worker: prismaWorker, deadline: 60_000 });
  readonly #validator = new PrismaValidator(this.#schemaEngine);
  readonly #largeStatements = new LargeStatementParser({ worker: sqlWorker });
  /** As JSON, by workspace folder. */
  readonly #settings = new Map<string, string | undefined>();

  /** Not ok when the paths cannot be read. */
  static async open(options: EngineOptions): Promise<OpenedEngine> {
    const { paths, folder, host, rules, log } = options;
    const found = scopeOf(paths, folder, host);
    if (!found.ok) return found;
    await loadSqlParser();
    const { scope } = found;
    const workspace = new Workspace(scope.host, log);
    workspace.applyChange({ kind: "roots", roots: scope.roots, top: folder });
    if (rules !== undefined) workspace.applyChange({ kind: "commandLine", rules });
    const engine = new Engine(workspace, scope, options);
    engine.readSettings();
    for (const file of scope.files) open(file, scope.host, workspace);
    return { ok: true, engine };
  }

  private constructor(workspace: Workspace, scope: Scope, options: EngineOptions) {
    this.workspace = workspace;
    this.scope = scope;
    this.#options = options;
  }

  /** Reads the editor's settings files again. */
  readSettings(): void {
    for (const root of this.scope.roots) {
      const value = editorSettings(root, this.#options.folder, this.#options.host);
      const text = JSON.stringify(value);
      if (this.#settings.has(root) && this.#settings.get(root) === text) continue;
      this.#settings.set(root, text);
      this.workspace.applyChange({ kind: "settings", folder: root, value });
    }
  }

  /** Reads the statements that were too large at first, and has the schema engine judge what it has not. */
  async complete(): Promise<void> {
    await this.readLargeStatements();
    await this.#validateSchemas();
  }

  /** Reads the statements that were too large at first. */
  async readLargeStatements(): Promise<void> {
    for (const uri of finish(this.workspace.snapshot().reportedUris())) {
      const tree = finish(this.workspace.snapshot().tree(uri));
      if (tree?.kind !== "sql" || tree.file.pending.length === 0) continue;
      await this.#largeStatements.complete(tree.file);
      this.workspace.applyChange({ kind: "statementsRead", uri });
    }
  }

  /** Ends the threads. */
  async dispose(): Promise<void> {
    await Promise.all([this.#largeStatements.dispose(), this.#schemaEngine.dispose()]);
  }

  async #validateSchemas(): Promise<void> {
    try {
      for (const { project, major, texts } of finish(this.workspace.snapshot().validationTasks())) {
        const files = [...texts].map(([uri, text]) => ({ uri, text }));
        const validation = await this.#validator.validate(files, { major });
        const validated = { texts, problems: validation.timedOut ? ("timedOut" as const) : validation.problems };
        this.workspace.applyChange({ kind: "validated", project: project.id, validated });
      }
    } catch (error) {
      this.#options.log("the validation of a Prisma schema", error);
    }
  }
}

/** A file that was named itself is read like an open document: its own problems count even if it defines nothing. */
function open(path: string, host: FileHost, workspace: Workspace): void {
  const read = host.readText(path);
  if (!read.ok) return;
  const language = path.endsWith(".prisma") ? "prisma" : "sql";
  workspace.applyChange({ kind: "opened", uri: uriOfPath(path), language, version: 1, text: read.text });
}
