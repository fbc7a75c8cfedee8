/** What came of proving a migration, as a value and as Markdown. */
import type { Clients } from "./clients.ts";
import type { TableFate } from "./rows.ts";

export interface Proof {
  readonly migration: string;
  /** Of the text that was proven: another text is not proven. */
  readonly checksum: string;
  /** Of the way back; undefined where there is none. */
  readonly downChecksum: string | undefined;
  /** Major version of the PostgreSQL that it ran in. */
  readonly postgresVersion: number;
  /** `embedded`, or host, port and database of the server beside whose database it ran. */
  readonly where: string;
  /** `proven`: up, down to the same catalog, and up again. `up only`: there is no way back. */
  readonly verdict: "proven" | "up only" | "failed" | "not run";
  /** Why it was not run; empty otherwise. */
  readonly reason: string;
  /** Extensions that it did without, because where it ran they are not to be had. */
  readonly without: readonly string[];
  /** What PostgreSQL refused, with the line. */
  readonly up: string | undefined;
  readonly down: string | undefined;
  readonly upAgain: string | undefined;
  /** Where PostgreSQL's catalog after up is not what the history reads like. */
  readonly model: readonly string[];
  /** What is not as before after down. */
  readonly notRestored: readonly string[];
  /** Tables whose columns stand in another order after down: what was dropped comes back as the last. */
  readonly order: readonly string[];
  readonly rows: {
    readonly made: number;
    readonly complaints: readonly string[];
    readonly afterUp: readonly TableFate[];
    readonly afterDown: readonly TableFate[];
  };
  readonly clients: Clients;
  readonly locks: readonly ProvenLock[];
}

export interface ProvenLock {
  /** From 1. */
  readonly line: number;
  readonly statement: string;
  /** It refuses to run in a transaction, where locks could be seen: these are the rules' own. */
  readonly isOutside: boolean;
  readonly locks: readonly { readonly table: string; readonly mode: string }[];
  readonly rewritten: readonly string[];
  readonly scanned: readonly string[];
  /** With the table of locks that the rules go by. */
  readonly disagreements: readonly string[];
}

/** `proven up and down, 2 locks, no data lost`. */
export function verdictText(proof: Proof): string {
  const { verdict, locks, rows } = proof;
  if (verdict === "not run") return `not proven: ${proof.reason}`;
  if (verdict === "failed") {
    const why = proof.up !== undefined ? `up fails, ${proof.up}` : proof.down !== undefined ? `down fails, ${proof.down}` : (proof.upAgain ?? `down does not restore ${proof.notRestored.length} of the catalog: ${proof.notRestored[0] ?? ""}`);
    return `fails: ${why}`;
  }
  const heavy = locks.flatMap((each) => each.locks).filter(({ mode }) => /EXCLUSIVE|SHARE$/.test(mode) && mode !== "ROW EXCLUSIVE" && mode !== "ACCESS SHARE" && mode !== "ROW SHARE").length;
  const lost = [...lostIn(rows.afterUp)];
  const changed = rows.afterUp.flatMap(({ table, columns }) => columns.flatMap((each) => (each.changed > 0 ? [`${table}.${each.column}`] : [])));
  const fate = [...(lost.length === 0 ? [] : [`loses data of ${some(lost)}`]), ...(changed.length === 0 ? [] : [`changes values of ${some(changed)}`])];
  const data = rows.made === 0 ? "no rows to try it on" : fate.length === 0 ? "no data lost" : fate.join(", ");
  const clients = proof.clients.broken.length === 0 ? "" : ", breaks old clients";
  const without = proof.without.length === 0 ? "" : `, without ${extensions(proof.without)}`;
  return `${verdict === "proven" ? "proven up and down" : "proven up, no way back"}, ${heavy === 1 ? "1 lock" : `${heavy} locks`}, ${data}${clients}${without}`;
}

export function extensions(names: readonly string[]): string {
  return `the extension${names.length === 1 ? "" : "s"} ${names.join(", ")}`;
}

function some(names: readonly string[]): string {
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}

function lostIn(fates: readonly TableFate[]): readonly string[] {
  return fates.flatMap(({ table, lost, columns }) => (lost > 0 ? [table] : columns.filter((column) => column.lost > 0).map(({ column }) => `${table}.${column}`)));
}

export function proofMarkdown(proof: Proof): string {
  const { rows, locks } = proof;
  const lines = [
    `## ${proof.migration}`,
    "",
    `**${verdictText(proof)}**`,
    "",
    `SHA-256 of the migration \`${proof.checksum}\`${proof.downChecksum === undefined ? "" : `, of the way back \`${proof.downChecksum}\``}. PostgreSQL ${proof.postgresVersion}, ${proof.where}.`,
    ...(proof.without.length === 0 ? [] : ["", `It ran without ${extensions(proof.without)}: where it was proven there is none. A server that has it can prove the rest.`]),
    ...section("Not as the history reads", proof.model),
    ...section("Not restored by the way back", proof.notRestored),
    ...section("Columns in another order after the way back", proof.order),
    ...fates("Rows after up", rows.afterUp),
    ...fates("Rows after down", rows.afterDown),
    ...(proof.clients.described === 0 ? [] : ["", `${proof.clients.described === 1 ? "1 query" : `${proof.clients.described} queries`} of the workspace looked at${proof.clients.asOf === undefined ? "; the old version is taken to send the same as the new one" : `, the old version's as of ${proof.clients.asOf}`}.`]),
    ...section("Clients of the old version fail", proof.clients.broken),
    ...section("Queries that need the migration", proof.clients.needed),
    ...section(`${rows.made} rows were made up`, rows.complaints),
  ];
  const seen = locks.filter((each) => each.isOutside || each.locks.length + each.rewritten.length + each.scanned.length > 0);
  if (seen.length > 0) lines.push("", "| Line | Statement | Locks | Rewritten | Read through |", "|---|---|---|---|---|");
  for (const { line, statement, isOutside, locks: taken, rewritten, scanned } of seen)
    lines.push(`| ${line} | \`${statement.replaceAll("|", "\\|").replaceAll("`", "'")}\` | ${taken.map(({ table, mode }) => `${mode} ${table}`).join(", ")}${isOutside ? " (outside of a transaction: not seen)" : ""} | ${rewritten.join(", ")} | ${scanned.join(", ")} |`);
  const silent = locks.length - seen.length;
  if (silent > 0) lines.push("", `${silent === 1 ? "1 statement" : `${silent} statements`}${seen.length > 0 ? " more" : ""} without a lock on what was there before.`);
  lines.push(...section("Other locks than the rules expect", locks.flatMap(({ line, disagreements }) => disagreements.map((text) => `line ${line}, ${text}`))));
  return `${lines.join("\n")}\n`;
}

function section(title: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : ["", `${title}:`, "", ...entries.map((entry) => `- ${entry.replaceAll(/\s+/g, " ")}`)];
}

function fates(title: string, tables: readonly TableFate[]): readonly string[] {
  const touched = tables.filter(({ before, after, columns }) => before !== after || columns.length > 0);
  const kept = tables.length - touched.length;
  if (tables.length === 0) return [];
  const lines = touched.flatMap(({ table, before, after, lost, columns }) => [
    `- ${table}: ${before} rows before, ${after} after${lost > 0 ? `, ${lost} lost` : ""}`,
    ...columns.map(({ column, kept: same, lost: gone, changed }) => `  - ${column}: ${same} kept, ${gone} lost, ${changed} changed`),
  ]);
  return ["", `${title}: unchanged in ${kept === 1 ? "1 table" : `${kept} tables`}.`, ...(lines.length > 0 ? ["", ...lines] : [])];
}
