/**
 * New migrations out of the difference between a Prisma schema and the history that its database has: the SQL, the way
 * back, and what people must know or answer first. Pure but for the schema engine, which writes what is new.
 *
 * Invariant: what is written is folded again before it is handed out. What the fold does not find to be done, or undone
 * by the way back, is among `gaps`.
 */
import { changeText, differences } from "../model/diff.ts";
import { elementsOf, originsOf } from "../model/elements.ts";
import { foldSql, type FromSqlOptions } from "../model/fromSql.ts";
import type { Sending } from "../model/migration/migration.ts";
import { quoteIdentifier } from "../model/names.ts";
import { formatType } from "../model/pgTypes.ts";
import { Places } from "../model/places.ts";
import type { Schema } from "../model/schema.ts";
import { parseSql } from "../sql/parse.ts";
import type { SqlFile } from "../sql/syntax.ts";
import { fileText, joined, waitsFor } from "./fileText.ts";
import { historyTexts } from "./historyTexts.ts";
import { fillOf } from "./onlineColumns.ts";
import { inNamesOf, inStepsText, renamesInSteps } from "./renameSteps.ts";
import { means, type RenameAnswers, type RenameCandidate } from "./renames.ts";
import { Renaming } from "./renaming.ts";
import { atOnce, backAtOnce, scriptBetween, type TextOf } from "./script.ts";
import { staged, type StagedFile } from "./stages.ts";
import { inOtherOrder, keptBeyondPrisma } from "./target.ts";
import { inPhases, type Risk, type WritingOptions, type WrittenStatement } from "./writing.ts";

export interface CreateInput {
  /** The layer of the schema files alone. */
  readonly prisma: Schema;
  readonly history: readonly SqlFile[];
  readonly foldOptions: FromSqlOptions;
  /** The schema engine's SQL from an empty database to the schema; undefined where it gave none. */
  readonly engineSql: string | undefined;
  readonly answers: RenameAnswers;
  /** How the new files will be sent; `message` when missing, as Prisma does. */
  readonly sending?: Sending;
  /** Nobody else uses the database: one file that does it all at once. */
  readonly isAlone?: boolean;
  /** Asks nothing: what looks like a rename is one, and what rows need is left open. For a look ahead. */
  readonly asksNothing?: boolean;
}

export type Proposal =
  | Nothing
  | Questions
  | ProposedMigration;

/** The history is what the schema says. */
export interface Nothing extends LeftAsItIs {
  readonly kind: "nothing";
}

/** Differences that nothing is done about until somebody says so. */
export interface LeftAsItIs {
  /** What has two names after it. */
  readonly inSteps: readonly NameKept[];
  /** Keys of enums whose values have another order in the schema, which is how PostgreSQL sorts them. */
  readonly otherOrder: readonly string[];
  /** Answers that are about nothing: names that end no rename, enums whose values are in order. */
  readonly idle: readonly string[];
}

/** Something that has two names as yet, until somebody says that the old one is not needed any more. */
export interface NameKept {
  /** `schema.table.column` or `schema.table`: the old name, by which it is ended. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** What somebody must say first; at least one of both. */
export interface Questions {
  readonly kind: "questions";
  /** Whether these are renames. */
  readonly candidates: readonly RenameCandidate[];
  readonly fills: readonly FillQuestion[];
}

/** A new column is required, has no default, and the table may hold rows: what do they get? */
export interface FillQuestion {
  /** `schema.table.column`. */
  readonly subject: string;
  /** As SQL writes it. */
  readonly type: string;
}

export interface ProposedMigration extends LeftAsItIs {
  readonly kind: "migration";
  /** In the order they run; never empty. */
  readonly files: readonly ProposedFile[];
  readonly upRisks: readonly Risk[];
  /** What the way back loses, or cannot restore. */
  readonly downRisks: readonly string[];
  readonly upGaps: readonly string[];
  readonly downGaps: readonly string[];
  /** What stays though the schema does not say it, by kind. */
  readonly kept: readonly string[];
}

export interface ProposedFile {
  /** To be put behind the name that people give: `index`, `validate`; empty for the first. */
  readonly suffix: string;
  readonly up: string;
  readonly down: string;
}

/** `loadSqlParser()` must have been awaited. */
export function proposeMigration(input: CreateInput): Proposal {
  const planned = plan(input);
  if (planned.kind !== "plan") return planned;
  const { original, fold, applied, texts, renamed, target, script } = planned;
  const { history, prisma, sending = "message" } = input;
  const ups: SqlFile[] = [];
  const files: ProposedFile[] = [];
  const gaps: string[] = [];
  const risks: string[] = [];
  let before = original;
  for (const [i, { file, text }] of texts.entries()) {
    const up = parseSql(`up${i}.sql`, text);
    const after = fold(...ups, up);
    const back = wayBack({ file, i, before, after, fold: (...more) => fold(...ups, up, ...more), known: [...history, ...ups], renamed: i === 0 ? renamed : before, applied: i === 0 ? applied : [], canRunApart: sending !== "transaction" });
    const lost = i === texts.length - 1 ? script.risks.filter(({ kind }) => kind === "loses data").map(({ message }) => `Cannot bring back: ${message}`) : [];
    files.unshift({ suffix: file.suffix, up: text, down: fileText({ statements: back.statements, isTogether: back.isTogether, waits: waitsFor(after, back.statements), sending, notes: [...lost, ...back.gaps] }) });
    gaps.push(...back.gaps);
    risks.push(...lost, ...back.risks);
    ups.push(up);
    before = after;
  }
  return {
    kind: "migration",
    files: files.reverse(),
    upRisks: planned.risks,
    downRisks: [...new Set(risks)],
    upGaps: [...script.gaps, ...differences(before, target).map((change) => `Not done by the migration: ${changeText(change)}.`)],
    downGaps: gaps,
    kept: keptBeyondPrisma(inNamesOf(before, prisma), renamed, target),
    ...leftAsItIs(prisma, renamed, before, input.answers),
  };
}

export interface Preview {
  /** Every file with its suffix; empty when there is nothing to do. */
  readonly files: readonly { readonly suffix: string; readonly up: string }[];
  /** Taken for renames: somebody will be asked. */
  readonly renames: readonly RenameCandidate[];
  readonly risks: readonly Risk[];
  readonly gaps: readonly string[];
}

/** What would be written, without a question and without the way back. Fast enough for every keystroke. */
export function previewOf(input: CreateInput): Preview {
  const planned = plan({ ...input, asksNothing: true });
  if (planned.kind !== "plan") return { files: [], renames: [], risks: [], gaps: [] };
  return { files: planned.texts.map(({ file, text }) => ({ suffix: file.suffix, up: text })), renames: planned.applied, risks: planned.risks, gaps: planned.script.gaps };
}

interface Plan {
  readonly kind: "plan";
  readonly original: Schema;
  readonly renamed: Schema;
  readonly target: Schema;
  readonly applied: readonly RenameCandidate[];
  readonly script: ReturnType<typeof scriptBetween>;
  /** In the names that the database has before. */
  readonly risks: readonly Risk[];
  readonly texts: readonly { readonly file: StagedFile; readonly text: string }[];
  fold(...more: readonly SqlFile[]): Schema;
}

/** `before`: what the answers are about; `schema`: what there is after them. */
function leftAsItIs(prisma: Schema, before: Schema, schema: Schema, { ended = [], reordered = [] }: RenameAnswers): LeftAsItIs {
  const [twice, unordered] = [renamesInSteps(before).map(({ from }) => from), inOtherOrder(prisma, before)];
  const idle = [...ended.filter((name) => !twice.some((from) => means(name, from))), ...reordered.filter((name) => !unordered.some((key) => means(name, key)))];
  return { idle, inSteps: renamesInSteps(schema).map((each) => ({ from: each.from, to: each.to, text: inStepsText(each) })), otherOrder: inOtherOrder(prisma, schema) };
}

function plan({ prisma, history, foldOptions, engineSql, answers, sending = "message", isAlone = false, asksNothing = false }: CreateInput): Plan | Questions | Nothing {
  const fold = (...more: readonly SqlFile[]): Schema => foldSql([...history, ...more], { ...foldOptions, changesIn: new Set() }).schema;
  const original = fold();
  const canRunApart = sending !== "transaction";
  const renaming = new Renaming({ prisma, original, fold, answers: isAlone ? { ...answers, inSteps: [] } : answers, asksNothing, options: { isOnline: !isAlone, canRunApart, fills: new Map() } });
  renaming.run();
  const { renamed, stepped, target, applied, questions, steps } = renaming;
  const { fills, asked } = filling(stepped, target, answers);
  if (questions.length > 0 || (asked.length > 0 && !isAlone && !asksNothing)) {
    // What was called otherwise has its values.
    const fillsLeft = asked.filter(({ subject }) => questions.every(({ to }) => to !== subject));
    return { kind: "questions", candidates: questions, fills: isAlone ? [] : fillsLeft };
  }
  const options: WritingOptions = { isOnline: !isAlone && renamed.tables.size > 0, canRunApart, fills };
  const between = scriptBetween(stepped, target, engineTexts(engineSql), options);
  const script = { ...between, statements: [...steps.statements, ...between.statements], gaps: [...steps.gaps, ...between.gaps] };
  if (script.statements.length === 0 && applied.length === 0 && script.gaps.length === 0) return { kind: "nothing", ...leftAsItIs(prisma, renamed, stepped, answers) };
  const clients = (each: RenameCandidate): Risk | undefined => (renaming.isInSteps(each) ? undefined : clientsOf(each, options.isOnline));
  const renames = applied.map((each): WrittenStatement => ({ sql: each.up, heading: "Rename", warning: clients(each)?.message, phase: "schemas", stage: "expand" }));
  const risks = [...applied.flatMap((each) => clients(each) ?? []), ...steps.risks, ...between.risks.map((risk) => inOldNames(risk, applied))];
  const files = options.isOnline ? staged([...renames, ...script.statements]) : [{ suffix: "", statements: [...renames, ...inPhases(script.statements)], isTogether: true }];
  const texts = files.map((file) => ({ file, text: fileText({ ...file, waits: waitsFor(original, file.statements), sending, notes: [] }) }));
  return { kind: "plan", original, renamed, target, applied, script, risks, texts, fold };
}

/** What rows get in required columns, and where nobody knows. */
function filling(renamed: Schema, target: Schema, { filled = [] }: RenameAnswers): { readonly fills: ReadonlyMap<string, string>; readonly asked: readonly FillQuestion[] } {
  const fills = new Map<string, string>();
  const asked: FillQuestion[] = [];
  for (const table of target.tables.values()) {
    const before = renamed.tables.get(table.key);
    if (before === undefined || before.kind !== "table") continue;
    for (const column of table.columns.values()) {
      const old = before.columns.get(column.name);
      if (!column.notNull || old?.notNull === true) continue;
      const subject = `${table.key}.${column.name}`;
      const sql = filled.find((each) => means(each.subject, subject))?.sql ?? (old === undefined ? fillOf(column) : undefined);
      if (sql !== undefined) fills.set(subject, sql);
      else if (old === undefined && column.default === undefined && column.identity === undefined && column.generated === undefined) asked.push({ subject, type: formatType(column.type) });
    }
  }
  return { fills, asked };
}

function clientsOf({ kind, from, to }: RenameCandidate, isOnline: boolean): Risk | undefined {
  if (!isOnline || kind === "enum") return undefined;
  return { kind: "breaks clients", subject: from, message: `The ${kind} ${from} is ${to} from now on: what still says ${from.slice(from.lastIndexOf(".") + 1)} fails until it is deployed anew.`, count: undefined };
}

/** Rows are counted before the migration, where things have their old names. */
function inOldNames(risk: Risk, applied: readonly RenameCandidate[]): Risk {
  const { count } = risk;
  if (count === undefined) return risk;
  const last = (name: string): string => quoteIdentifier(name.slice(name.lastIndexOf(".") + 1));
  const own = applied.filter(({ kind, to }) => (kind === "table" && (risk.subject === to || risk.subject.startsWith(`${to}.`))) || (kind === "column" && risk.subject === to));
  return { ...risk, count: own.reduce((sql, { from, to }) => sql.replaceAll(last(to), last(from)), count) };
}

interface BackInput {
  readonly file: StagedFile;
  readonly i: number;
  readonly before: Schema;
  readonly after: Schema;
  fold(...more: readonly SqlFile[]): Schema;
  /** Whose statements made what there was. */
  readonly known: readonly SqlFile[];
  /** The state between the renames and the rest. */
  readonly renamed: Schema;
  readonly applied: readonly RenameCandidate[];
  readonly canRunApart: boolean;
}

interface WayBack {
  readonly statements: readonly WrittenStatement[];
  readonly isTogether: boolean;
  readonly gaps: readonly string[];
  readonly risks: readonly string[];
}

/** First what only the writer of the way there knows, then what the model finds to be left. */
function wayBack({ file, i, before, after, fold, known, renamed, applied, canRunApart }: BackInput): WayBack {
  const line = (sql: string, heading = headingOf(sql)): WrittenStatement => ({ sql, heading, warning: undefined, phase: "rest", stage: "expand" });
  const explicit = [...file.statements].reverse().flatMap(({ down = [] }) => down.map((sql) => line(sql)));
  // Types that come back are there before the columns that are of them.
  const types = explicit.length === 0 ? [] : scriptBetween(after, renamed, historyTexts(known), atOnce).statements.filter(({ heading }) => /^Create(?:Schema|Extension|Enum|Domain)$/.test(heading));
  const first = [...types, ...explicit];
  const from = first.length === 0 ? after : fold(parseSql(`back${i}.sql`, joined(first)));
  const script = scriptBetween(from, renamed, historyTexts(known), backAtOnce);
  const statements = [...first, ...inPhases(script.statements), ...[...applied].reverse().map(({ down }) => line(down, "Rename"))];
  const [only] = statements;
  const isApart = canRunApart && statements.length === 1 && only !== undefined && /^(?:DROP|CREATE(?: UNIQUE)?) INDEX /.test(only.sql) && !file.isTogether;
  const undone = fold(parseSql(`down${i}.sql`, joined(statements)));
  return {
    statements: isApart ? [{ ...only, sql: only.sql.replace(" INDEX ", " INDEX CONCURRENTLY ") }] : statements,
    isTogether: !isApart,
    gaps: [...script.gaps, ...differences(undone, before).map((change) => `Stays different after the way back: ${changeText(change)}.`)],
    risks: script.risks.map(({ message }) => message),
  };
}

/** As Prisma heads its statements: `CreateFunction`, `Update`. */
function headingOf(sql: string): string {
  const [, verb = "", object = ""] = /^(\w+)(?: (\w+))?/.exec(sql) ?? [];
  return [verb, ...(/^(?:create|alter|drop)$/i.test(verb) ? [object] : [])].map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`).join("");
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
