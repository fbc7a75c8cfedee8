/** Everything a person does with migrations in the editor. What goes wrong is shown once, here. */
import { type ExtensionContext, type LogOutputChannel, workspace } from "vscode";
import type { Databases } from "../connections/databases.ts";
import type { ServerSession } from "../serverSession.ts";
import { MigrationDifferences } from "./differences.ts";
import { MigrationDocuments } from "./documents.ts";
import { MigrationFiles } from "./files.ts";
import { MigrationTree } from "./migrationTree.ts";
import { Operations } from "./operations.ts";
import { MigrationRuns } from "./runs.ts";

export interface MigrationsOptions {
  readonly context: ExtensionContext;
  readonly server: ServerSession;
  readonly output: LogOutputChannel;
  databases(): Promise<Databases>;
  /** Of read-only documents. */
  readonly scheme: string;
}

export class Migrations {
  readonly tree: MigrationTree;
  readonly documents: MigrationDocuments;
  readonly operations: Operations;
  readonly files: MigrationFiles;
  readonly runs: MigrationRuns;
  readonly differences: MigrationDifferences;

  constructor({ context, server, output, databases, scheme }: MigrationsOptions) {
    this.tree = new MigrationTree({ server, memory: context.workspaceState, databases });
    this.documents = new MigrationDocuments(scheme);
    this.operations = new Operations(output);
    const desk = { server, databases, tree: this.tree, documents: this.documents, operations: this.operations };
    this.files = new MigrationFiles(desk);
    this.runs = new MigrationRuns(desk);
    this.differences = new MigrationDifferences(desk);
    const watcher = workspace.createFileSystemWatcher("**/*migrations*/**/*.sql");
    context.subscriptions.push(this.documents, watcher);
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) context.subscriptions.push(event(() => this.tree.refresh()));
  }
}
