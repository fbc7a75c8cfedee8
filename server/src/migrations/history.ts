/**
 * The migrations of a history as files: Prisma's folders, numbered files with or without a way back, Supabase's. What
 * would make a runner stumble is said with file, line and what to do; nothing here throws.
 */
import { basename, dirname, join } from "node:path";
import type { Sending } from "../model/migration/migration.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import { readsPlainRows, readsRows, withRows } from "../sql/copyData.ts";
import { downPaths } from "../sql/downPaths.ts";
import { parseSql } from "../sql/parse.ts";
import type { SqlFile, Statement } from "../sql/syntax.ts";
import { unfilledHoles } from "../sql/templateNames.ts";
import { versionOf } from "../sql/versions.ts";
import type { FileHost } from "../text/fileHost.ts";
import { LineIndex } from "../text/lineIndex.ts";
import { checksumOf } from "./checksum.ts";

export type HistoryKind = "prisma" | "supabase" | "numbered" | "schema" | "loose";

/** Where a history lies, as the workspace has found it. */
export interface HistoryPlace {
  readonly kind: HistoryKind;
  /** Absolute path of the folder that holds it. */
  readonly root: string;
  /** In the order they run. */
  readonly uris: readonly string[];
}

export interface MigrationFile {
  /** Of the folder in Prisma's form, else of the file without `.up.sql` or `.sql`: `20240101120000_init`, `001_users`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly uri: string;
  readonly text: string;
  /** As Prisma writes it. */
  readonly checksum: string;
  readonly sending: Sending;
  readonly file: SqlFile;
  readonly down: DownFile | undefined;
}

/** The way back: a file of its own, or the second half of the migration's. */
export interface DownFile {
  readonly path: string;
  readonly file: SqlFile;
  readonly statements: readonly Statement[];
}

export interface MigrationHistory {
  readonly place: HistoryPlace;
  readonly migrations: readonly MigrationFile[];
  readonly complaints: readonly Complaint[];
}

export interface Complaint {
  readonly severity: "error" | "warning";
  /** Absolute. */
  readonly path: string;
  /** From 1; undefined for a folder or a whole file. */
  readonly line: number | undefined;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** `loadSqlParser()` must have been awaited. `sendingOf`: how a file is sent to PostgreSQL. */
export function readHistory(place: HistoryPlace, host: FileHost, sendingOf: (uri: string, text: string) => Sending): MigrationHistory {
  const complaints: Complaint[] = [];
  const migrations: MigrationFile[] = [];
  for (const uri of place.uris) {
    const path = pathOfUri(uri);
    if (path === undefined) continue;
    const read = host.readText(path);
    if (!read.ok) {
      complaints.push({ severity: "error", path, line: undefined, message: `The migration cannot be read: ${read.reason}.` });
      continue;
    }
    const file = parseSql(uri, read.text);
    const base = { name: nameOf(path), path, uri, text: read.text, checksum: checksumOf(read.text), file };
    migrations.push({ ...base, sending: sendingOf(uri, read.text), down: downOf(path, file, host) });
  }
  complaints.push(...otherProvider(place, host), ...emptyFolders(place, host), ...sameVersions(place, migrations));
  for (const migration of migrations) {
    complaints.push(...complaintsOf(migration.file, migration.path, migration.sending));
    if (migration.down !== undefined && migration.down.path !== migration.path)
      complaints.push(...complaintsOf(migration.down.file, migration.down.path, migration.sending));
  }
  return { place, migrations, complaints };
}

/** What a runner sends when the migration runs. */
export function upStatements({ file }: Pick<MigrationFile, "file">): readonly Statement[] {
  return file.statements.filter((statement) => statement.section === "up" && statement.kind === "sql").map((statement) => withRows(statement, file));
}

/** By its name, its number, or the path of its file. */
export function findMigration({ migrations }: MigrationHistory, name: string): MigrationFile | undefined {
  const bare = name.replace(/\/+$/, "");
  const exact = migrations.find((each) => each.name === bare || each.path === bare || each.path.endsWith(`/${bare}`) || dirname(each.path).endsWith(`/${bare}`));
  const number = (text: string): string | undefined => /^0*(\d+)/.exec(text)?.[1];
  return exact ?? migrations.find((each) => (/^\d+$/.test(bare) && number(each.name) === number(bare)) || each.name.replace(/^\d+_/, "") === bare);
}

/** Whether the statements of a file run in one transaction that the runner opens. */
export function runsInOne(sending: Sending, statements: readonly Statement[]): boolean {
  if (statements.some(isTransactionStatement)) return false;
  if (sending === "each" || (sending !== "transaction" && statements.length < 2)) return false;
  return sending !== "message unless concurrent" || !statements.some(({ text }) => /\b(?:index|attach|detach)\b.*\bconcurrently\b/is.test(text));
}

/** BEGIN, COMMIT, ROLLBACK; not SAVEPOINT. */
export function isTransactionStatement({ tree }: Statement): boolean {
  if (tree === undefined || !("TransactionStmt" in tree)) return false;
  const kind = tree.TransactionStmt.kind ?? "";
  return /^TRANS_STMT_(?:BEGIN|START|COMMIT|ROLLBACK)$/.test(kind);
}

/** From 1. */
export function lineOf(file: SqlFile, offset: number): number {
  let lines = indexes.get(file);
  if (lines === undefined) indexes.set(file, (lines = new LineIndex(file.text)));
  return lines.position(offset).line + 1;
}

/** A file is read for many lines, and may have very many. */
const indexes = new WeakMap<SqlFile, LineIndex>();

function nameOf(path: string): string {
  const file = basename(path);
  return file === "migration.sql" || file === "up.sql" ? basename(dirname(path)) : file.replace(/(?:\.up)?\.sql$/i, "");
}

function downOf(path: string, file: SqlFile, host: FileHost): DownFile | undefined {
  for (const candidate of downPaths(path)) {
    const read = host.readText(candidate);
    if (!read.ok) continue;
    const down = parseSql(uriOfPath(candidate), read.text);
    return { path: candidate, file: down, statements: down.statements.filter(({ kind }) => kind === "sql").map((statement) => withRows(statement, down)) };
  }
  const statements = file.statements.filter(({ section, kind }) => section === "down" && kind === "sql").map((statement) => withRows(statement, file));
  return statements.length === 0 ? undefined : { path, file, statements };
}

/** Prisma stops when its lock file names another database than the schema (P3019). */
function otherProvider({ kind, root }: HistoryPlace, host: FileHost): readonly Complaint[] {
  const path = join(root, "migration_lock.toml");
  const read = kind === "prisma" ? host.readText(path) : undefined;
  if (read?.ok !== true) return [];
  const stated = /^[ \t]*provider[ \t]*=[ \t]*"([^"]*)"/m.exec(read.text);
  const provider = stated?.[1];
  if (provider === undefined || /^(?:postgres(?:ql)?|cockroachdb)$/.test(provider)) return [];
  const line = new LineIndex(read.text).position(stated?.index ?? 0).line + 1;
  return [{ severity: "error", path, line, message: `The history is for ${provider}, and Prisma runs it on nothing else (P3019). Begin a history of its own for PostgreSQL.` }];
}

/** Prisma stops at a folder without `migration.sql` (P3015). */
function emptyFolders({ kind, root }: HistoryPlace, host: FileHost): readonly Complaint[] {
  if (kind !== "prisma") return [];
  return (host.list(root) ?? []).flatMap(({ name, kind: entry }): readonly Complaint[] => {
    const path = join(root, name);
    if (entry !== "folder" || host.stat(join(path, "migration.sql")) === "file") return [];
    return [{ severity: "error", path, line: undefined, message: "The folder has no migration.sql, and Prisma stops here (P3015). Restore the file, or remove the folder if the migration never ran anywhere." }];
  });
}

/** Two of the same moment: which runs first depends on the rest of their names, and differently for each tool. */
function sameVersions({ kind }: HistoryPlace, migrations: readonly MigrationFile[]): readonly Complaint[] {
  if (kind === "schema" || kind === "loose") return [];
  const seen = new Map<string, MigrationFile>();
  return migrations.flatMap((migration): readonly Complaint[] => {
    const version = versionOf(`${migration.name}.sql`)?.version.join(".");
    if (version === undefined || version === "") return [];
    const first = seen.get(version);
    if (first === undefined) {
      seen.set(version, migration);
      return [];
    }
    const message = `The migration has the same ${kind === "numbered" ? "number" : "timestamp"} as ${first.name}: rename the one that ran nowhere yet, so that the order does not hang on the rest of the name.`;
    return [{ severity: kind === "prisma" ? "warning" : "error", path: migration.path, line: undefined, message }];
  });
}

function complaintsOf(file: SqlFile, path: string, sending: Sending): readonly Complaint[] {
  const complaints: Complaint[] = file.problems
    .filter(({ severity, code }) => severity === "error" && code === "sql-syntax")
    .map(({ span, message }) => ({ severity: "error", path, line: lineOf(file, span.start), message }));
  for (const statement of file.statements) {
    const line = lineOf(file, statement.span.start);
    if (statement.kind === "meta") {
      const command = /^\S+/.exec(statement.text)?.[0] ?? "\\";
      const isPassedOver = sending === "each" && harmless.test(command);
      const what = sending === "each" ? (isPassedOver ? "only psql does something with it, and it is passed over here" : "only psql can run this file") : "what runs these migrations fails here";
      const next = /^\\ir?$|^\\include/.test(command) ? "Write what that file holds in its place." : "Write the SQL itself.";
      complaints.push({ severity: isPassedOver ? "warning" : "error", path, line, message: `${command} is a command of psql and no SQL: ${what}. ${isPassedOver ? "Nothing needs to be done." : next}` });
    } else if (readsRows(statement) && !readsPlainRows(statement)) {
      complaints.push({ severity: "error", path, line, message: "The rows behind this COPY are in a form that only psql reads. Write them in COPY's own text format, without options, or as INSERT." });
    } else if (sending !== "each" && isTransactionStatement(statement)) {
      const word = /^\w+/.exec(statement.text)?.[0]?.toUpperCase() ?? "BEGIN";
      const message = `${word} in a file that is sent as one transaction: what stood before is committed on its own, and a failure after it leaves the migration half done. Remove it, or put what must be apart into a migration of its own.`;
      complaints.push({ severity: "warning", path, line, message });
    }
  }
  for (const statement of file.statements) {
    const [hole] = statement.kind === "sql" && statement.tree !== undefined ? unfilledHoles(statement.text) : [];
    if (hole !== undefined) complaints.push({ severity: "error", path, line: lineOf(file, statement.span.start + hole.start), message: `${hole.text} is left to what sends the file, such as psql with -v, and nothing gives it a value here. Write the value itself.` });
  }
  return complaints.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** Commands of psql about what it shows, or about variables, which are complained of where they are used. */
const harmless = /^\\(?:echo|qecho|warn|timing|pset|set|unset|prompt|restrict|unrestrict|t|a|x|encoding|conninfo|errverbose)$/;

/** Why no runner can send the migration, or its way back, whatever the server says of its SQL; undefined where one can. */
export function whyNotSent({ file, path, sending, down }: Pick<MigrationFile, "file" | "path" | "sending" | "down">): string | undefined {
  const beyondSql = (each: SqlFile, of: string): readonly Complaint[] => complaintsOf({ ...each, problems: [] }, of, sending);
  const all = [...beyondSql(file, path), ...(down === undefined || down.path === path ? [] : beyondSql(down.file, down.path))];
  const found = all.find(({ severity }) => severity === "error");
  return found === undefined ? undefined : `${basename(found.path)}${found.line === undefined ? "" : `, line ${found.line}`}: ${found.message}`;
}
