/**
 * What state a migration is in that began and did not end: from its record where we wrote that, else from the catalog, by
 * asking after which of its statements the history would look like the database does. Pure. Says what it does not know.
 */
import { diff } from "../../model/diff.ts";
import { foldSql, type FromSqlOptions } from "../../model/fromSql.ts";
import type { Schema } from "../../model/schema.ts";
import type { SqlFile, Statement } from "../../sql/syntax.ts";
import { lineOf, type MigrationFile } from "../history.ts";
import { type Direction, progressOf } from "./records.ts";
import { statementsOf } from "./runFile.ts";
import { isOfText, type MigrationStanding } from "./standing.ts";
import { isAtomic, type Unit, unitsOf } from "./units.ts";

export interface DiagnosedStatement {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** `invalid index`: it left an index that serves nobody and is to be removed before it runs again. */
  readonly state: "done" | "not done" | "invalid index" | "unknown";
}

export interface Diagnosis {
  readonly migration: string;
  /** `down`: it was being undone. */
  readonly direction: Direction;
  readonly path: string;
  readonly statements: readonly DiagnosedStatement[];
  /** `record`: written together with what it tells. */
  readonly evidence: "record" | "catalog";
  readonly step: RecoveryStep;
  /** What is so and what the step does, in sentences. */
  readonly summary: string;
}

/**
 * `retry`: nothing of it is there, so it counts as rolled back and simply runs again. `finish`: what is not done runs, from
 * the statement at `from`. `ask`: nobody but a person can know.
 */
export type RecoveryStep = { readonly do: "retry" } | { readonly do: "finish"; readonly from: number } | { readonly do: "ask" };

export interface DiagnoseInput {
  readonly standing: MigrationStanding;
  /** Whose statements are certainly in the database, in order, without this one. */
  readonly before: readonly MigrationFile[];
  readonly live: Schema;
  readonly foldOptions: FromSqlOptions;
}

export function diagnose({ standing, before, live, foldOptions }: DiagnoseInput): Diagnosis {
  const { migration, record, name } = standing;
  if (migration === undefined || record === undefined)
    return { migration: name, direction: "up", path: "", statements: [], evidence: "catalog", step: { do: "ask" }, summary: `${name} began and did not end, and its file is not there: restore the file, or mark it as rolled back when you know that nothing of it is in the database.` };
  const progress = progressOf(record);
  const direction = progress?.direction ?? "up";
  const { file, path, statements } = statementsOf(migration, direction);
  const units = unitsOf(statements, migration.sending);
  const states = new Evidence({ migration, before, live, foldOptions, direction, file, statements, units });
  const known = progress === undefined ? states.ofCatalog() : states.ofRecord(progress.done, progress.isNextSent);
  const told = statements.map((statement, i): DiagnosedStatement => ({ line: lineOf(file, statement.span.start), text: statement.text, state: known[i] ?? "unknown" }));
  const step = stepFor(told, direction);
  return { migration: name, direction, path, statements: told, evidence: progress === undefined ? "catalog" : "record", step, summary: `${summaryOf(name, direction, told, step)}${isOfText(record.checksum, migration.text) ? "" : " Its file was edited since it began: see that what is done stands there as it ran."}` };
}

interface EvidenceInput extends Omit<DiagnoseInput, "standing"> {
  readonly migration: MigrationFile;
  readonly direction: Direction;
  readonly file: SqlFile;
  readonly statements: readonly Statement[];
  readonly units: readonly Unit[];
}

class Evidence {
  readonly #input: EvidenceInput;
  readonly #folded = new Map<number, Schema>();

  constructor(input: EvidenceInput) {
    this.#input = input;
  }

  ofRecord(done: number, isNextSent: boolean): readonly DiagnosedStatement["state"][] {
    return this.#input.statements.map((statement, i) => (i < done ? "done" : i === done && isNextSent ? this.#stateOfSent(statement, i) : "not done"));
  }

  /** Which beginnings of the file lead to what is there; what differs between these is not known. */
  ofCatalog(): readonly DiagnosedStatement["state"][] {
    const { statements, units } = this.#input;
    const ends = isAtomic(units) ? [0, statements.length] : [0, ...units.map(({ to }) => to)];
    const touched = new Set(ends.slice(1).flatMap((end) => diff(this.#after(0), this.#after(end)).map(idOf)));
    const fits = ends.filter((end) => diff(this.#after(end), this.#input.live).every((change) => !touched.has(idOf(change))));
    const [first, last] = [fits[0], fits.at(-1)];
    if (first !== undefined && last !== undefined) return statements.map((_, i) => (i < first ? "done" : i >= last ? "not done" : "unknown"));
    // Nothing fits: perhaps but for an index that a statement outside of a transaction has left half built.
    const broken = units.find((unit) => unit.kind === "outside" && this.#stateOfSent(unit.statements[0], unit.from) === "invalid index");
    if (broken !== undefined) return statements.map((_, i) => (i < broken.from ? "done" : i === broken.from ? "invalid index" : "not done"));
    return statements.map(() => "unknown");
  }

  #stateOfSent(statement: Statement | undefined, i: number): DiagnosedStatement["state"] {
    const before = this.#after(i);
    const own = diff(before, this.#after(i + 1));
    if (own.length === 0) return statement !== undefined && isRepeatable(statement) ? "not done" : "unknown";
    const touched = new Set(own.map(idOf));
    const differs = (schema: Schema): boolean => diff(schema, this.#input.live).some((change) => touched.has(idOf(change)));
    if (!differs(this.#after(i + 1))) return "done";
    if (!differs(before)) return "not done";
    const isInvalid = diff(this.#after(i + 1), this.#input.live).some((change) => touched.has(idOf(change)) && change.what === "changed" && change.kind === "index" && change.facets.some(({ facet, after }) => facet === "valid" && after === "false"));
    if (isInvalid) return "invalid index";
    // DROP INDEX CONCURRENTLY makes it invalid first; sent again, it ends.
    return own.every(({ what, kind }) => what === "removed" && kind === "index") ? "not done" : "unknown";
  }

  /** The history with so many statements of this file. */
  #after(count: number): Schema {
    let schema = this.#folded.get(count);
    if (schema === undefined) {
      const { before, migration, direction, file, statements, foldOptions } = this.#input;
      const files = [...before.map((each) => each.file), ...(direction === "down" ? [migration.file] : []), asFile(file, statements.slice(0, count), direction)];
      schema = foldSql(files, { ...foldOptions, changesIn: new Set() }).schema;
      this.#folded.set(count, schema);
    }
    return schema;
  }
}

/** Statements as a file of their own that builds something, whichever half of a file they stand in. */
export function asFile(file: SqlFile, statements: readonly Statement[], direction: Direction): SqlFile {
  const uri = direction === "up" ? file.uri : `${file.uri}#down`;
  return { uri, text: file.text, problems: [], pending: [], statements: statements.map((statement) => (statement.section === "up" ? statement : asUp(statement))) };
}

function asUp(statement: Statement): Statement {
  const { anchor, span, text, tree, kind, leadingComment } = statement;
  return { anchor, span, text, tree, kind, leadingComment, section: "up", offset: (byte) => statement.offset(byte) };
}

function idOf({ kind, subject }: { readonly kind: string; readonly subject: string }): string {
  return `${kind} ${subject}`;
}

/** May be sent twice without harm. */
function isRepeatable({ tree }: Statement): boolean {
  return tree !== undefined && ("VacuumStmt" in tree || "ReindexStmt" in tree || "ClusterStmt" in tree || "AlterSystemStmt" in tree);
}

function stepFor(statements: readonly DiagnosedStatement[], direction: Direction): RecoveryStep {
  if (statements.some(({ state }) => state === "unknown")) return { do: "ask" };
  const from = statements.findIndex(({ state }) => state !== "done");
  if (from < 0) return { do: "finish", from: statements.length };
  return from === 0 && direction === "up" && statements[0]?.state === "not done" ? { do: "retry" } : { do: "finish", from };
}

function summaryOf(name: string, direction: Direction, statements: readonly DiagnosedStatement[], step: RecoveryStep): string {
  const total = statements.length;
  const done = statements.filter(({ state }) => state === "done").length;
  const what = direction === "up" ? "done" : "undone";
  const began = direction === "up" ? `${name} began and did not end` : `The way back of ${name} began and did not end`;
  switch (step.do) {
    case "retry":
      return `${began}. None of its ${total} statements is in the database: it can run again as if it had never begun.`;
    case "finish": {
      if (step.from >= total) return `${began}, but all of its ${total} statements are ${what}: what is missing is its record alone.`;
      const at = statements[step.from];
      const invalid = at?.state === "invalid index" ? ` Line ${at.line} has left an invalid index, which is removed first.` : "";
      return `${began}. ${done} of its ${total} statements are ${what}; it can go on at line ${at?.line ?? 1}.${invalid}`;
    }
    case "ask": {
      const unknown = statements.filter(({ state }) => state === "unknown").map(({ line }) => line);
      const lines = unknown.length === total ? "any of its statements" : `the statements at line ${unknown.slice(0, 5).join(", ")}${unknown.length > 5 ? ", …" : ""}`;
      return `${began}, and the database does not tell whether ${lines} ran: they leave no trace in the catalog, or others have changed the same. Look, then mark it as applied or as rolled back.`;
    }
  }
}

