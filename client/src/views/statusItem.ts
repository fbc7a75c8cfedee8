/**
 * The language status beside the language mode: whether the server runs, which projects it found, and, as an item of its
 * own, that Prisma's extension shows the syntax errors.
 */
import { languages, LanguageStatusSeverity, type Command, type Disposable, type LanguageStatusItem } from "vscode";
import { configurationFile } from "../../../protocol/src/settings.ts";
import type { ProjectStatus, ServerStatus } from "../../../protocol/src/requests.ts";

const documents = [{ language: "prisma" }, { language: "sql" }, { pattern: `**/${configurationFile}` }];
const restart: Command = { title: "Restart", command: "databaseArchitect.restartServer" };
const showOutput: Command = { title: "Show Output", command: "databaseArchitect.showOutput" };

export class StatusItem implements Disposable {
  readonly #item: LanguageStatusItem = languages.createLanguageStatusItem("databaseArchitect.status", documents);
  #prisma: LanguageStatusItem | undefined;

  constructor() {
    this.#item.name = "Database Architect";
    this.starting();
  }

  starting(): void {
    this.#show("Database Architect is starting", "", LanguageStatusSeverity.Information, showOutput, true);
  }

  /** Answering, and nothing said yet about projects. */
  started(): void {
    if (this.#item.busy) this.#show("Database Architect", "", LanguageStatusSeverity.Information, showOutput, false);
  }

  running(status: ServerStatus): void {
    const severity = status.notices.length > 0 ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
    this.#show(summary(status.projects), status.notices.join(" "), severity, showOutput, status.busy);
    this.#showPrisma(status.prismaSyntax === "prismaExtension");
  }

  stopped(reason: string): void {
    this.#show("Database Architect stopped", reason, LanguageStatusSeverity.Error, restart, false);
  }

  dispose(): void {
    this.#item.dispose();
    this.#prisma?.dispose();
  }

  #showPrisma(showsSyntaxErrors: boolean): void {
    this.#prisma?.dispose();
    this.#prisma = undefined;
    if (!showsSyntaxErrors) return;
    this.#prisma = languages.createLanguageStatusItem("databaseArchitect.prisma", { language: "prisma" });
    this.#prisma.name = "Database Architect: Prisma";
    this.#prisma.text = "Prisma's extension shows syntax errors";
  }

  #show(text: string, detail: string, severity: LanguageStatusSeverity, command: Command, busy: boolean): void {
    this.#item.text = text;
    this.#item.detail = detail;
    this.#item.severity = severity;
    this.#item.command = command;
    this.#item.busy = busy;
    const spoken = text.replace("$(database) ", "");
    this.#item.accessibilityInformation = { label: detail === "" ? spoken : `${spoken}, ${detail}` };
  }
}

/** "crm (31 models, 14 migrations)", or "2 projects: crm, crm-legacy". Short: the pop-up is narrow. */
function summary(projects: readonly ProjectStatus[]): string {
  const [only] = projects;
  if (only === undefined) return "Database Architect: no schema found";
  if (projects.length === 1) return `$(database) ${described(only)}`;
  const names = projects.slice(0, mostNames).map((project) => project.name);
  return `$(database) ${projects.length} projects: ${names.join(", ")}${projects.length > mostNames ? ", …" : ""}`;
}

const mostNames = 3;

function described(project: ProjectStatus): string {
  const counts: string[] = [];
  if (project.models > 0) counts.push(counted(project.models, "model"));
  if (project.migrations > 0) counts.push(counted(project.migrations, "migration"));
  return counts.length === 0 ? project.name : `${project.name} (${counts.join(", ")})`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
