/**
 * A new migration out of the difference between a Prisma schema and the history that its database has: the SQL, the way
 * back, and what people must know or answer first. Pure but for the schema engine, which writes what is new.
 *
 * Invariant: what is written is folded again before it is handed out. What the fold does not find to be done, or undone
 * by the way back, is among `gaps`.
 */
import { changeText } from "../model/diff.ts";
import { elementsOf, originsOf, type SchemaElement } from "../model/elements.ts";
import { foldSql, type FromSqlOptions } from "../model/fromSql.ts";
import { Places } from "../model/places.ts";
import type { Schema } from "../model/schema.ts";
import { parseSql } from "../sql/parse.ts";
import type { SqlFile } from "../sql/syntax.ts";
import { answerTo, type RenameAnswers, type RenameCandidate, renameCandidates, statedRename } from "./renames.ts";
import { differences, scriptBetween, type TextOf } from "./script.ts";
import { keptBeyondPrisma, targetOf } from "./target.ts";
import type { Risk, WrittenStatement } from "./writing.ts";

export interface CreateInput {
  /** The layer of the schema files alone. */
  readonly prisma: Schema;
  readonly history: readonly SqlFile[];
  readonly foldOptions: FromSqlOptions;
  /** The schema engine's SQL from an empty database to the schema; undefined where it gave none. */
  readonly engineSql: string | undefined;
  readonly answers: RenameAnswers;
}

export type Proposal =
  /** The history is what the schema says. */
  | { readonly kind: "nothing" }
  /** Somebody must say first whether these are renames. */
  | { readonly kind: "questions"; readonly candidates: readonly RenameCandidate[] }
  | ProposedMigration;

export interface ProposedMigration {
  readonly kind: "migration";
  readonly up: string;
  readonly down: string;
  readonly upRisks: readonly Risk[];
  /** What the way back loses, or cannot restore. */
  readonly downRisks: readonly string[];
  readonly upGaps: readonly string[];
  readonly downGaps: readonly string[];
  /** What stays though the schema does not say it, by kind. */
  readonly kept: readonly string[];
}

/** `loadSqlParser()` must have been awaited. */
export function proposeMigration({ prisma, history, foldOptions, engineSql, answers }: CreateInput): Proposal {
  const fold = (...more: readonly SqlFile[]): Schema => foldSql([...history, ...more], { ...foldOptions, changesIn: new Set() }).schema;
  const original = fold();
  const renaming = new Renaming(prisma, fold, answers);
  renaming.run();
  if (renaming.questions.length > 0) return { kind: "questions", candidates: renaming.questions };
  const { renamed, target, applied } = renaming;
  const up = scriptBetween(renamed, target, engineTexts(engineSql));
  if (up.statements.length === 0 && applied.length === 0 && up.gaps.length === 0) return { kind: "nothing" };
  const upText = written([...applied.map(({ up: sql }) => ({ sql, heading: "Rename", warning: undefined })), ...up.statements], hasOldTables(original, up.statements, applied), []);
  const after = fold(parseSql("up.sql", upText));
  const down = scriptBetween(after, renamed, historyTexts(history));
  const lost = up.risks.filter(({ kind }) => kind === "loses data").map(({ message }) => `Cannot bring back: ${message}`);
  const downRisks = [...lost, ...down.risks.map(({ message }) => message)];
  const downStatements = [...down.statements, ...[...applied].reverse().map(({ down: sql }) => ({ sql, heading: "Rename", warning: undefined }))];
  const undone = fold(parseSql("up.sql", upText), parseSql("down.sql", written(downStatements, false, [])));
  const downGaps = [...down.gaps, ...differences(undone, original).map((change) => `Stays different after the way back: ${changeText(change)}.`)];
  return {
    kind: "migration",
    up: upText,
    down: written(downStatements, hasOldTables(after, down.statements, applied), [...lost, ...downGaps]),
    upRisks: up.risks,
    downRisks,
    upGaps: [...up.gaps, ...differences(after, target).map((change) => `Not done by the migration: ${changeText(change)}.`)],
    downGaps,
    kept: keptBeyondPrisma(prisma, renamed, target),
  };
}

/** Tables first, then the columns of what they are called now. */
class Renaming {
  readonly #prisma: Schema;
  readonly #fold: (...more: readonly SqlFile[]) => Schema;
  readonly #answers: RenameAnswers;
  readonly applied: RenameCandidate[] = [];
  readonly questions: RenameCandidate[] = [];
  /** The history with the renames. */
  renamed: Schema;
  target: Schema;

  constructor(prisma: Schema, fold: (...more: readonly SqlFile[]) => Schema, answers: RenameAnswers) {
    this.#prisma = prisma;
    this.#fold = fold;
    this.#answers = answers;
    this.renamed = fold();
    this.target = targetOf(prisma, this.renamed);
  }

  run(): void {
    for (const kinds of [["table"], ["column", "enum value"]]) {
      const changes = differences(this.renamed, this.target);
      const stated = this.#answers.renamed.flatMap((answer) => statedRename(answer, changes, this.renamed, this.target) ?? []);
      const likely = renameCandidates(changes, this.renamed, this.target).filter((each) => stated.every(({ from, to }) => from !== each.from && to !== each.to));
      let count = 0;
      for (const candidate of [...stated, ...likely]) {
        if (!kinds.includes(candidate.kind)) continue;
        const answer = answerTo(candidate, this.#answers);
        if (answer === undefined) this.questions.push(candidate);
        if (answer !== "rename") continue;
        this.applied.push(candidate);
        count++;
      }
      if (count > 0) this.renamed = this.#fold(parseSql("renames.sql", this.applied.map(({ up }) => `${up};\n`).join("")));
      if (count > 0) this.target = targetOf(this.#prisma, this.renamed);
    }
  }
}

/** The engine's own words for what is new, by element. */
function engineTexts(sql: string | undefined): TextOf {
  if (sql === undefined || sql === "") return () => undefined;
  const file = parseSql("engine.sql", sql);
  const elements = elementsOf(foldSql([file]).schema);
  const places = new Places([file]);
  return (element) => {
    const twin = elements.get(element.id);
    const origin = twin === undefined ? undefined : originsOf(twin).find(({ kind }) => kind === "sql");
    if (twin === undefined || origin?.kind !== "sql" || JSON.stringify(twin.facts) !== JSON.stringify(element.facts)) return undefined;
    if (element.kind === "column") {
      const { start, end } = places.span(origin);
      return file.text.slice(start, end);
    }
    return file.statements.find(({ anchor }) => anchor === origin.anchor)?.text;
  };
}

/** What the model holds but cannot write: the statement that made it, where one made it as it is. */
function historyTexts(history: readonly SqlFile[]): TextOf {
  const byAnchor = new Map(history.flatMap(({ statements }) => statements.map((statement) => [statement.anchor, statement.text] as const)));
  const kinds: ReadonlySet<SchemaElement["kind"]> = new Set(["trigger", "view", "routine", "domain", "composite type"]);
  return (element) => {
    if (!kinds.has(element.kind)) return undefined;
    for (const origin of originsOf(element).toReversed()) {
      const text = origin.kind === "sql" && origin.anchor !== undefined ? byAnchor.get(origin.anchor) : undefined;
      if (text !== undefined && /^create\b/i.test(text)) return text;
    }
    return undefined;
  };
}

type Line = Pick<WrittenStatement, "sql" | "heading" | "warning">;

/** `waits`: it asks for locks on tables that others use. */
function written(statements: readonly Line[], waits: boolean, notes: readonly string[]): string {
  const head = notes.map((note) => `-- ${oneLine(note)}\n`).join("");
  // Behind a waiting ALTER TABLE every other query waits too. https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
  const timeout = waits ? "-- Gives up rather than hold up everybody behind it.\nSET lock_timeout = '5s';\n\n" : "";
  const body = statements.map(({ sql, heading, warning }) => `-- ${heading}\n${warning === undefined ? "" : `-- ${oneLine(warning)}\n`}${sql};\n`).join("\n");
  return `${head}${head === "" ? "" : "\n"}${timeout}${body}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

function hasOldTables(before: Schema, statements: readonly WrittenStatement[], applied: readonly RenameCandidate[]): boolean {
  if (before.tables.size === 0) return false;
  return applied.length > 0 || statements.some(({ heading }) => heading !== "CreateTable" && heading !== "CreateEnum" && heading !== "CreateSchema" && heading !== "CreateExtension");
}
