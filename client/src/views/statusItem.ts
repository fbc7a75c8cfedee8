/** The language status item beside the language mode: whether the server runs, which projects it found, whose syntax errors are shown. */
import { languages, LanguageStatusSeverity, type Command, type Disposable, type LanguageStatusItem } from "vscode";
import type { ProjectStatus, ServerStatus } from "../../../protocol/src/requests.ts";

const restart: Command = { title: "Restart", command: "databaseArchitect.restartServer" };
const showOutput: Command = { title: "Show Output", command: "databaseArchitect.showOutput" };

export class StatusItem implements Disposable {
  readonly #item: LanguageStatusItem = languages.createLanguageStatusItem("databaseArchitect.status", [{ language: "prisma" }, { language: "sql" }]);

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
    this.#show(summary(status.projects), details(status).join(" · "), severity, showOutput, status.busy);
  }

  stopped(reason: string): void {
    this.#show("Database Architect stopped", reason, LanguageStatusSeverity.Error, restart, false);
  }

  dispose(): void {
    this.#item.dispose();
  }

  #show(text: string, detail: string, severity: LanguageStatusSeverity, command: Command, busy: boolean): void {
    this.#item.text = text;
    this.#item.detail = detail;
    this.#item.severity = severity;
    this.#item.command = command;
    this.#item.busy = busy;
    this.#item.accessibilityInformation = { label: detail === "" ? text : `${text}, ${detail}` };
  }
}

/** "Database Architect: crm (31 models, 14 migrations)", or "Database Architect: 2 projects". */
function summary(projects: readonly ProjectStatus[]): string {
  const [only] = projects;
  const found = only === undefined ? "no schema found" : projects.length === 1 ? described(only) : `${projects.length} projects`;
  return `Database Architect: ${found}`;
}

function details(status: ServerStatus): string[] {
  const parts = status.projects.length > 1 ? [status.projects.map(described).join("; ")] : [];
  if (status.prismaSyntax === "prismaExtension") parts.push("Prisma's extension shows syntax errors");
  return [...parts, ...status.notices];
}

function described(project: ProjectStatus): string {
  const counts: string[] = [];
  if (project.models > 0) counts.push(counted(project.models, "model"));
  if (project.migrations > 0) counts.push(counted(project.migrations, "migration"));
  return counts.length === 0 ? project.name : `${project.name} (${counts.join(", ")})`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
