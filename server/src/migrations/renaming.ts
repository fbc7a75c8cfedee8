/** What is called otherwise than before, at once or by both names for a while, and what ends that: decided by answers, in an order in which each sees the names of its time. */
import { differences } from "../model/diff.ts";
import { isSameType } from "../model/pgTypes.ts";
import type { Schema, Table } from "../model/schema.ts";
import { parseSql } from "../sql/parse.ts";
import type { SqlFile } from "../sql/syntax.ts";
import { joined } from "./fileText.ts";
import { endColumn, endTable, inNamesOf, isToEnd, renamesInSteps, startColumn, startTable, whyAtOnce } from "./renameSteps.ts";
import { answerTo, means, type RenameAnswers, type RenameCandidate, renameCandidates, statedRename } from "./renames.ts";
import { targetOf } from "./target.ts";
import { inPhases, type Script, Writing, type WritingOptions } from "./writing.ts";

interface RenamingInput {
  readonly prisma: Schema;
  readonly original: Schema;
  readonly answers: RenameAnswers;
  readonly asksNothing: boolean;
  readonly options: WritingOptions;
  fold(...more: readonly SqlFile[]): Schema;
}

/** Tables first, then the columns of what they are called now; at last what ends a rename in steps, and what begins one. */
export class Renaming {
  readonly #input: RenamingInput;
  readonly applied: RenameCandidate[] = [];
  readonly questions: RenameCandidate[] = [];
  /** Columns that will have two names. */
  readonly #begun: RenameCandidate[] = [];
  /** The history with the renames at once. */
  renamed: Schema;
  /** And with the steps of others. */
  stepped: Schema;
  target: Schema;
  steps: Script = { statements: [], risks: [], gaps: [] };

  constructor(input: RenamingInput) {
    this.#input = input;
    this.renamed = input.original;
    this.stepped = input.original;
    this.target = this.#targetOf(this.renamed);
  }

  run(): void {
    const { answers, asksNothing } = this.#input;
    for (const kinds of [["table", "enum"], ["column", "enum value"]]) {
      const changes = differences(this.renamed, this.target);
      const stated = answers.renamed.flatMap((answer) => statedRename(answer, changes, this.renamed, this.target) ?? []);
      const likely = renameCandidates(changes, this.renamed, this.target).filter((each) => stated.every(({ from, to }) => from !== each.from && to !== each.to));
      let count = 0;
      for (const candidate of [...stated, ...likely]) {
        if (!kinds.includes(candidate.kind)) continue;
        const why = whyAtOnce(candidate, this.renamed, this.target);
        const answer = answerTo(candidate, answers) ?? (asksNothing ? "rename" : undefined);
        if (answer === undefined) this.questions.push({ ...candidate, whyAtOnce: why });
        if (answer !== "rename") continue;
        if (candidate.kind === "column" && why === undefined && this.isInSteps(candidate)) {
          this.#begun.push(candidate);
          continue;
        }
        this.applied.push({ ...candidate, whyAtOnce: why });
        count++;
      }
      if (count > 0) this.renamed = this.#fold(this.#renames());
      if (count > 0) this.target = this.#targetOf(this.renamed);
    }
    this.stepped = this.renamed;
    this.#takeSteps();
  }

  /** Whether both names are kept for a while. */
  isInSteps({ from }: RenameCandidate): boolean {
    return this.#input.answers.inSteps?.some((name) => means(name, from)) === true;
  }

  #takeSteps(): void {
    const { prisma, original, answers, options } = this.#input;
    const writing = new Writing(this.renamed, this.target, options);
    // Views first: on the way back they come last, over columns in their old names.
    for (const each of renamesInSteps(this.renamed).toSorted((a, b) => Number(b.kind === "table") - Number(a.kind === "table"))) {
      const end = each.kind === "column" ? isToEnd(each, prisma) : undefined;
      const isEnded = answers.ended?.some((name) => means(name, each.from)) === true;
      if (each.kind === "table" && isEnded) endTable(writing, each);
      if (each.kind === "column" && (isEnded || end !== undefined)) endColumn(writing, each, end === "called off");
    }
    for (const candidate of this.applied) {
      const table = original.tables.get(candidate.from);
      const now = this.renamed.tables.get(candidate.to);
      if (candidate.kind !== "table" || table === undefined || now === undefined || !this.isInSteps(candidate)) continue;
      startTable(writing, original, table, now, this.#columnsThatStay(table, now));
    }
    for (const { from, to } of this.#begun) {
      const key = from.slice(0, from.lastIndexOf("."));
      const [table, name] = [this.renamed.tables.get(key), from.slice(key.length + 1)];
      const column = table?.columns.get(name);
      if (table !== undefined && column !== undefined) startColumn(writing, table, column, to.slice(key.length + 1), prisma.tables.get(key));
    }
    for (const candidate of this.applied) if (candidate.whyAtOnce !== undefined && this.isInSteps(candidate)) writing.gap(`The ${candidate.kind} ${candidate.from} can only be renamed at once: ${candidate.whyAtOnce}.`);
    this.steps = writing.script();
    if (this.steps.statements.length === 0) return;
    const told = this.steps.statements.filter(({ sql }) => !sql.startsWith("DO "));
    this.stepped = this.#fold(`${this.#renames()}${joined(inPhases(told))}`);
    this.target = this.#targetOf(this.stepped);
  }

  /** By their old names in the view, by their names of now in the table. What changes its type or goes would hold on to the view. */
  #columnsThatStay(table: Table, now: Table): readonly (readonly [string, string])[] {
    const later = this.target.tables.get(now.key);
    return [...table.columns.values()].flatMap((column) => {
      const name = this.applied.find(({ kind, from }) => kind === "column" && from === `${now.key}.${column.name}`)?.to.slice(now.key.length + 1) ?? column.name;
      const stays = later?.columns.get(name) ?? (this.#begun.some(({ from }) => from === `${now.key}.${name}`) ? column : undefined);
      return stays !== undefined && isSameType(stays.type, column.type) ? [[column.name, name] as const] : [];
    });
  }

  #renames(): string {
    return this.applied.map(({ up }) => `${up};\n`).join("");
  }

  #fold(text: string): Schema {
    return this.#input.fold(parseSql("renames.sql", text));
  }

  #targetOf(schema: Schema): Schema {
    const { prisma, answers } = this.#input;
    return targetOf(inNamesOf(schema, prisma), schema, (key) => answers.reordered?.some((name) => means(name, key)) === true);
  }
}
