/** The rows of the view "Databases", as the editor draws them. */
import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from "vscode";
import type { ConnectionProfile, ConnectionRefusal, FoundAddress, IndexRow, StatementRow, TableKind, TreePlace, TreeRow } from "../../../protocol/src/connections.ts";
import { countWords, environmentIcon, environmentWords, placeWords, shortEnvironment, sizeWords, sourceWords, timeWords, tlsWords } from "./words.ts";

export type DatabaseNode =
  | { readonly node: "connection"; readonly profile: ConnectionProfile; readonly isTarget: boolean }
  | { readonly node: "found"; readonly found: FoundAddress }
  | { readonly node: "row"; readonly connection: string; readonly row: TreeRow }
  | { readonly node: "group"; readonly connection: string; readonly title: "Columns" | "Indexes"; readonly rows: readonly TreeRow[] }
  | { readonly node: "refusal"; readonly refusal: ConnectionRefusal };

/** What stands below a node; undefined when nothing does. */
export function placeOf(node: DatabaseNode): { readonly connection: string; readonly place: TreePlace } | undefined {
  if (node.node === "connection") return { connection: node.profile.id, place: { at: "database" } };
  if (node.node !== "row") return undefined;
  const { connection, row } = node;
  if (row.row === "schema") return { connection, place: { at: "schema", schema: row.name } };
  if (row.row === "table") return { connection, place: { at: "table", schema: row.schema, table: row.name } };
  return row.row === "statements" ? { connection, place: { at: "statements" } } : undefined;
}

export function itemOf(node: DatabaseNode): TreeItem {
  switch (node.node) {
    case "connection":
      return connectionItem(node.profile, node.isTarget);
    case "found":
      return foundItem(node.found);
    case "group": {
      const item = new TreeItem(node.title, node.title === "Indexes" ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed);
      item.description = String(node.rows.length);
      return spoken(item, `${node.title}, ${node.rows.length}`);
    }
    case "refusal":
      return refusalItem(node.refusal);
    case "row":
      return rowItem(node.row);
  }
}

function connectionItem(profile: ConnectionProfile, isTarget: boolean): TreeItem {
  const item = new TreeItem(profile.name, TreeItemCollapsibleState.Collapsed);
  item.id = `connection ${profile.id}`;
  const unverified = profile.tls !== "verified" && profile.allowsUnverified ? " · not verified" : "";
  item.description = `${shortEnvironment[profile.environment]}${profile.isConfirmedEnvironment ? "" : " (guessed)"}${unverified}${isTarget ? " · chosen" : ""}`;
  item.iconPath = environmentIcon(profile.environment);
  item.contextValue = "connection";
  item.tooltip = connectionTooltip(profile);
  return spoken(item, `${profile.name}, ${environmentWords(profile)}, ${placeWords(profile)}${isTarget ? ", chosen" : ""}${unverified === "" ? "" : ", not verified"}`);
}

export function connectionTooltip(profile: ConnectionProfile): MarkdownString {
  const tooltip = new MarkdownString();
  const lines = [
    `${environmentWords(profile)}${profile.isConfirmedEnvironment ? "" : `: ${profile.environmentBecause}`}`,
    `${placeWords(profile)}${profile.user === "" ? "" : ` as ${profile.user}`}`,
    tlsWords(profile),
    ...(profile.isPooled ? ["through a pooler"] : []),
    `from ${sourceWords(profile)}`,
  ];
  for (const [i, line] of [profile.name, ...lines].entries()) {
    if (i > 0) tooltip.appendMarkdown("\n\n");
    tooltip.appendText(line);
  }
  return tooltip;
}

function foundItem(found: FoundAddress): TreeItem {
  const item = new TreeItem(found.variable, TreeItemCollapsibleState.None);
  const isUsable = "facts" in found;
  item.description = isUsable ? `${found.file} · ${placeWords(found.facts)} · not connected` : `${found.file} · cannot be used`;
  item.iconPath = new ThemeIcon(isUsable ? "debug-disconnect" : "warning");
  item.tooltip = isUsable ? `${found.variable} in ${found.file} names a database that nobody has agreed to connect to yet.` : found.problem;
  item.contextValue = isUsable ? "found" : "unusable";
  if (isUsable) item.command = { command: "databaseArchitect.addConnection", title: "Use This Address", arguments: [found] };
  return spoken(item, `${found.variable} in ${found.file}, ${isUsable ? `${placeWords(found.facts)}, not connected, press Enter to use it` : found.problem}`);
}

function refusalItem({ reason, hint }: ConnectionRefusal): TreeItem {
  const item = new TreeItem(reason, TreeItemCollapsibleState.None);
  item.description = hint ?? "";
  item.iconPath = new ThemeIcon("error", new ThemeColor("list.errorForeground"));
  item.tooltip = [reason, hint].filter(Boolean).join("\n\n");
  item.contextValue = "refusal";
  item.command = { command: "databaseArchitect.refreshDatabases", title: "Try Again" };
  return spoken(item, [reason, hint, "Press Enter to try again."].filter(Boolean).join(" "));
}

function rowItem(row: TreeRow): TreeItem {
  switch (row.row) {
    case "schema":
      return leaf(row.name, "symbol-namespace", `${countWords(row.tables, "table")} · ${sizeWords(row.bytes)}`, { isOpenable: true, context: "schema", spoken: `schema ${row.name}, ${countWords(row.tables, "table")}, ${sizeWords(row.bytes)}` });
    case "table": {
      const isStored = row.kind !== "view" && row.kind !== "foreign";
      const words = [...(row.kind === "table" ? [] : [kindWords[row.kind]]), ...(isStored ? [sizeWords(row.bytes)] : []), ...(row.rows === null ? [] : [`${row.rows === 0 ? "" : "about "}${countWords(row.rows, "row")}`])];
      return leaf(row.name, kindIcons[row.kind], words.join(" · "), { isOpenable: true, context: "table", spoken: [`${kindWords[row.kind]} ${row.name}`, ...words, countWords(row.indexes, "index").replace("indexs", "indexes")].join(", ") });
    }
    case "column":
      return leaf(row.name, row.isKey ? "key" : "symbol-field", `${row.type}${row.nullable ? "" : " · required"}`, { context: "column", spoken: `column ${row.name}, ${row.type}${row.nullable ? "" : ", required"}${row.isKey ? ", primary key" : ""}` });
    case "index":
      return indexItem(row);
    case "statements":
      return leaf("Slow statements", "dashboard", "", { isOpenable: true, context: "statements", spoken: "Slow statements" });
    case "statement":
      return statementItem(row);
    case "note":
      return leaf(row.text, "info", row.detail ?? "", { context: "note", tooltip: [row.text, row.detail].filter(Boolean).join("\n\n"), spoken: [row.text, row.detail].filter(Boolean).join(" ") });
  }
}

function indexItem(row: IndexRow): TreeItem {
  const since = row.statisticsSince === null ? "since its statistics began" : `since ${day(row.statisticsSince)}`;
  const use = row.scans > 0 ? `${countWords(row.scans, "scan")} ${since}` : row.isPrimary || row.isUnique ? `keeps values unique, never searched ${since}` : `never used ${since}`;
  // What is worth seeing stands first: the view is narrow.
  const words = [...(row.isValid ? [] : ["INVALID"]), use, sizeWords(row.bytes), ...(row.isPrimary ? ["primary key"] : row.isUnique ? ["unique"] : [])];
  const icon = !row.isValid ? "error" : row.scans > 0 || row.isUnique ? "list-tree" : "circle-slash";
  return leaf(row.name, icon, words.join(" · "), { context: "index", tooltip: row.definition === "" ? words.join(" · ") : row.definition, spoken: `index ${row.name}, ${words.join(", ")}` });
}

function statementItem(row: StatementRow): TreeItem {
  const text = row.text.replaceAll(/\s+/g, " ").trim();
  const times = `${timeWords(row.meanMilliseconds)} × ${row.calls.toLocaleString("en-US")}`;
  const words = `${timeWords(row.totalMilliseconds)} in ${countWords(row.calls, "call")}, ${timeWords(row.meanMilliseconds)} each, ${countWords(row.rows, "row")}`;
  const tooltip = code(row.text).appendText(words);
  return leaf(times, "watch", text.length > 200 ? `${text.slice(0, 199)}…` : text, { context: "statement", tooltip, spoken: `${words}: ${text}` });
}

interface LeafOptions {
  readonly isOpenable?: boolean;
  readonly context: string;
  readonly tooltip?: string | MarkdownString;
  readonly spoken: string;
}

function leaf(label: string, icon: string, description: string, { isOpenable = false, context, tooltip, spoken: words }: LeafOptions): TreeItem {
  const item = new TreeItem(label, isOpenable ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
  item.description = description;
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = context;
  if (tooltip !== undefined) item.tooltip = tooltip;
  return spoken(item, words);
}

function spoken(item: TreeItem, label: string): TreeItem {
  item.accessibilityInformation = { label };
  return item;
}

function code(sql: string): MarkdownString {
  return new MarkdownString().appendCodeblock(sql, "sql");
}

function day(iso: string): string {
  return new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

const kindWords: Readonly<Record<TableKind, string>> = { table: "table", partitioned: "partitioned", partition: "partition", foreign: "foreign table", view: "view", materialised: "materialised view" };
const kindIcons: Readonly<Record<TableKind, string>> = { table: "table", partitioned: "table", partition: "table", foreign: "remote", view: "eye", materialised: "eye" };
