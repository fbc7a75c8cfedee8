/** The rows of the view "Migrations", as the editor draws them. */
import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from "vscode";
import type { DriftRow, MigrationDatabase, MigrationHistoryListing, MigrationRow, MigrationRowState } from "../../../protocol/src/migrations.ts";
import { timeWords } from "../connections/words.ts";

export type MigrationNode =
  | { readonly node: "history"; readonly history: MigrationHistoryListing }
  | { readonly node: "migration"; readonly history: string; readonly row: MigrationRow }
  /** What is known of a database, or that none was asked. */
  | { readonly node: "database"; readonly history: string; readonly database: MigrationDatabase | undefined; readonly chosen: string | undefined }
  | { readonly node: "drift"; readonly history: string; readonly connection: string; readonly drift: readonly DriftRow[]; readonly doubts: readonly string[] }
  | { readonly node: "difference"; readonly history: string; readonly connection: string; readonly row: DriftRow }
  | { readonly node: "note"; readonly text: string; readonly isError: boolean };

export function itemOf(node: MigrationNode): TreeItem {
  switch (node.node) {
    case "history":
      return historyItem(node.history);
    case "migration":
      return migrationItem(node.row);
    case "database":
      return databaseItem(node);
    case "drift": {
      const item = new TreeItem("Drift", TreeItemCollapsibleState.Collapsed);
      item.description = node.drift.length === 1 ? "1 object" : `${node.drift.length} objects`;
      item.iconPath = new ThemeIcon("warning", new ThemeColor("list.warningForeground"));
      item.tooltip = ["Where the database is not what its applied migrations make.", ...node.doubts].join("\n\n");
      item.contextValue = "drift";
      return spoken(item, `Drift, the database differs from its migrations in ${item.description}`);
    }
    case "difference":
      return differenceItem(node.row);
    case "note":
      return noteItem(node.text, node.isError);
  }
}

function historyItem({ id, name, kind, migrations }: MigrationHistoryListing): TreeItem {
  const item = new TreeItem(name, TreeItemCollapsibleState.Expanded);
  item.id = `history ${id}`;
  const count = migrations === 1 ? "1 migration" : `${migrations} migrations`;
  item.description = `${kindWords[kind]} · ${count}`;
  item.iconPath = new ThemeIcon("versions");
  item.contextValue = "history";
  item.tooltip = Uri.parse(id).fsPath;
  return spoken(item, `${name}, ${kindWords[kind]}, ${count}`);
}

const kindWords: Readonly<Record<MigrationHistoryListing["kind"], string>> = { prisma: "Prisma", supabase: "Supabase", numbered: "SQL files" };

function migrationItem(row: MigrationRow): TreeItem {
  const { stamp, title } = partsOf(row.name);
  const item = new TreeItem(title, TreeItemCollapsibleState.None);
  const state = stateWords(row);
  const proof = row.proof === null ? undefined : proofWords[row.proof.verdict];
  item.description = [state, row.complaints.length > 0 ? "has faults" : undefined, proof, stamp].filter((part) => part !== undefined && part !== "").join(" · ");
  item.iconPath = row.complaints.length > 0 && row.state !== "failed" ? new ThemeIcon("warning", new ThemeColor("list.warningForeground")) : stateIcons[row.state];
  item.contextValue = `migration.${row.state.replace(" ", "")}${row.downUri === null ? "" : ".down"}`;
  item.tooltip = tooltipOf(row);
  if (row.uri !== null) {
    item.command = { command: "vscode.open", title: "Open", arguments: [Uri.parse(row.uri)] };
  }
  return spoken(item, [row.name, state, row.proof?.text, ...row.complaints].filter((part) => part !== undefined && part !== "").join(", "));
}

/** `20240101120000_add_phone` is `add_phone` of 2024-01-01. */
function partsOf(name: string): { readonly stamp: string | undefined; readonly title: string } {
  const [, year, month, day, title] = /^(\d{4})(\d\d)(\d\d)\d{6}_(.+)$/.exec(name) ?? [];
  return title === undefined ? { stamp: undefined, title: name } : { stamp: `${year}-${month}-${day}`, title };
}

function stateWords({ state, finishedAt, durationMs, isOutOfOrder, downUri }: MigrationRow): string {
  const parts: string[] = state === "unknown" ? [] : [state === "applied" && finishedAt !== null ? `applied ${whenWords(new Date(finishedAt))}` : state];
  if (durationMs !== null && durationMs >= 1000) parts.push(`took ${timeWords(durationMs)}`);
  if (isOutOfOrder) parts.push("older than what ran");
  if (downUri === null && state !== "missing") parts.push("no way back");
  return parts.join(" · ");
}

/** "2026-11-03 14:05" in the person's own time. */
function whenWords(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

const proofWords = { proven: "proven", "up only": "proven, up only", failed: "proof failed", "not run": "not proven" } as const;

const stateIcons: Readonly<Record<MigrationRowState, ThemeIcon>> = {
  unknown: new ThemeIcon("file-code"),
  applied: new ThemeIcon("pass", new ThemeColor("testing.iconPassed")),
  pending: new ThemeIcon("circle-large-outline"),
  failed: new ThemeIcon("error", new ThemeColor("list.errorForeground")),
  edited: new ThemeIcon("edit", new ThemeColor("list.warningForeground")),
  missing: new ThemeIcon("question", new ThemeColor("list.warningForeground")),
  "rolled back": new ThemeIcon("discard"),
};

const stateMeaning: Readonly<Record<MigrationRowState, string>> = {
  unknown: "No database was asked whether it ran.",
  applied: "It ran, and its file is what ran.",
  pending: "It has not run in this database.",
  failed: "It began and did not end; nothing runs before that is resolved.",
  edited: "It ran, and its file says something else now. Restore the text, and put the change into a new migration.",
  missing: "It ran, and its file is not there.",
  "rolled back": "It ran and was undone; it is pending again.",
};

function tooltipOf({ name, state, failure, statements, proof, complaints }: MigrationRow): MarkdownString {
  const tooltip = new MarkdownString();
  const lines = [name, stateMeaning[state], ...(failure === null ? [] : [failure]), ...statements, ...(proof === null ? [] : [`Embedded PostgreSQL: ${proof.text}.`]), ...complaints];
  for (const [i, line] of lines.entries()) {
    if (i > 0) tooltip.appendMarkdown("\n\n");
    tooltip.appendText(line);
  }
  return tooltip;
}

function databaseItem({ database, chosen, history }: Extract<MigrationNode, { node: "database" }>): TreeItem {
  if (database !== undefined) {
    const item = new TreeItem(database.target, TreeItemCollapsibleState.None);
    item.description = database.environment;
    item.iconPath = new ThemeIcon("database");
    item.contextValue = "database";
    return spoken(item, `compared with ${database.target}, ${database.environment}`);
  }
  const item = new TreeItem(chosen === undefined ? "Compare with a database…" : `Compare with ${chosen}`, TreeItemCollapsibleState.None);
  item.description = "what has run there, and drift";
  item.iconPath = new ThemeIcon("plug");
  item.contextValue = "compare";
  item.command = { command: "databaseArchitect.migrationStatus", title: "Compare", arguments: [{ node: "database", history, database, chosen }] };
  return spoken(item, `${String(item.label)}, press Enter`);
}

function differenceItem(row: DriftRow): TreeItem {
  const item = new TreeItem(row.text, TreeItemCollapsibleState.None);
  const icons = { missing: "diff-removed", extra: "diff-added", different: "diff-modified" } as const;
  item.iconPath = new ThemeIcon(icons[row.what]);
  item.contextValue = "difference";
  const meaning = { missing: "A migration makes it, and the database has it not.", extra: "The database has it, and no migration makes it.", different: "It is in both, and not the same." } as const;
  item.tooltip = `${row.text}\n\n${meaning[row.what]}`;
  return spoken(item, `${row.text}. ${meaning[row.what]}`);
}

function noteItem(text: string, isError: boolean): TreeItem {
  const item = new TreeItem(text, TreeItemCollapsibleState.None);
  item.iconPath = isError ? new ThemeIcon("error", new ThemeColor("list.errorForeground")) : new ThemeIcon("info");
  item.tooltip = text;
  item.contextValue = "note";
  return spoken(item, text);
}

function spoken(item: TreeItem, label: string): TreeItem {
  item.accessibilityInformation = { label };
  return item;
}
