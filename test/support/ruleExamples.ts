/** Examples of rules run as the product runs texts: parsed, modelled, checked, suppressed; and their fixes applied. */
import { renderIntent } from "../../server/src/edits/render.ts";
import type { RenderContext, SqlPlacement } from "../../server/src/edits/renderContext.ts";
import type { Places } from "../../server/src/model/places.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { type Example, type Finding, type Fix, fixIn, type Rule } from "../../server/src/rules/rule.ts";
import { runMigrationRules } from "../../server/src/rules/runMigrations.ts";
import { runRules } from "../../server/src/rules/run.ts";
import { presetSettings, type RuleSettings } from "../../server/src/rules/settings.ts";
import { applySuppressions, shownSpan } from "../../server/src/rules/suppress.ts";
import { applyEdits, type FileEdit } from "../../server/src/text/edit.ts";
import type { Problem } from "../../server/src/text/problem.ts";
import { readMarkers } from "./markers.ts";
import { parseJoined, parseMigration, parsePrismaText, parseSqlText, prismaUri } from "./schemas.ts";

export interface CheckedText {
  readonly uri: string;
  readonly text: string;
  readonly schema: Schema;
  readonly places: Places;
  readonly problems: readonly Problem[];
  readonly history: string | undefined;
  readonly settings: RuleSettings;
  /** Of all rules, those about suppressions included. A rule that throws fails the test. */
  readonly findings: readonly Finding[];
}

const everyRule = presetSettings("all");

export type Language = "prisma" | "sql";

export function languageOfExample(example: Example): Language {
  return example.prisma === undefined ? "sql" : "prisma";
}

/** The example's text as written, with its markers. */
export function markedText(example: Example): string {
  return example.prisma ?? example.sql ?? "";
}

/** The example, without its markers, with the options it wants. */
export function checkExample(rule: Rule, example: Example): CheckedText {
  if (rule.group === "migration") return checkMigration(plainText(example), example, settingsFor(rule, example));
  return checkText(plainText(example), languageOfExample(example), example.history, settingsFor(rule, example));
}

/** Every rule on, this one with the options that the example wants. */
export function settingsFor(rule: Rule, { options }: Example): RuleSettings {
  const setting = everyRule.get(rule.id);
  if (options === undefined || setting === undefined) return everyRule;
  return new Map(everyRule).set(rule.id, { ...setting, options: { ...setting.options, ...options } });
}

/** With a history, `text` is the Prisma schema over it. */
export function checkText(text: string, language: Language, history?: string, settings: RuleSettings = everyRule): CheckedText {
  const { uri, schema, places, problems } =
    history !== undefined ? parseJoined(text, history) : language === "prisma" ? parsePrismaText(text) : parseSqlText(text);
  const found = runRules(schema, {
    settings,
    log: (rule, error) => {
      throw new Error(`${rule} threw`, { cause: error });
    },
  });
  const { findings, extra } = applySuppressions(found, (asked) => (asked === uri ? text : undefined), { uris: [uri], places });
  return { uri, text, schema, places, problems, history, settings, findings: [...findings, ...extra] };
}

/** A migration over the example's history, checked by the rules about migrations only. */
export function checkMigration(text: string, example: Example, settings: RuleSettings, later: readonly string[] = []): CheckedText {
  const { history = "", sending = "message", postgresVersion = 15, lacksWayBack = false } = example;
  const { uri, schema, places, problems, changes } = parseMigration(text, history, later);
  const found = runMigrationRules([changes], { settings, postgresVersion, sendingOf: () => sending, lacksWayBack: () => lacksWayBack, log: rethrown });
  const { findings, extra } = applySuppressions(found, (asked) => (asked === uri ? text : undefined), { uris: [uri], places });
  return { uri, text, schema, places, problems, history, settings, findings: [...findings, ...extra] };
}

function rethrown(rule: string, error: unknown): never {
  throw new Error(`${rule} threw`, { cause: error });
}

/** What the rule says about a text: the marked piece and the message, by position. */
export function reports(rule: Rule, { text, findings, places }: CheckedText): readonly string[] {
  return findings
    .filter((finding) => finding.rule === rule.id)
    .map((finding) => ({ finding, at: shownSpan(finding, places) ?? { start: 0, end: 0 } }))
    .sort((a, b) => a.at.start - b.at.start)
    .map(({ finding, at }) => report(text, at, finding.message));
}

export function expectedReports(example: Example): readonly string[] {
  const { text, markers } = readMarkers(markedText(example));
  return [...markers].sort((a, b) => a.span.start - b.span.start).map(({ span, message }) => report(text, span, message));
}

export function plainText(example: Example): string {
  return readMarkers(markedText(example)).text;
}

export interface FixedText {
  /** The text after the fix, or the migration that it adds to the history. */
  readonly text: string;
  /** What the fix of a migration puts into files behind it. */
  readonly later?: readonly string[];
  readonly finding: Finding;
  readonly fix: Fix;
  readonly after: () => CheckedText;
}

/** What the fix of the first finding does; undefined when it has none. */
export function fixFirst(rule: Rule, checked: CheckedText, example: Example = {}): FixedText | undefined {
  const finding = checked.findings
    .filter((found) => found.rule === rule.id && fixIn(checked.schema, found) !== undefined)
    .sort((a, b) => startOf(a, checked) - startOf(b, checked))[0];
  const fix = finding === undefined ? undefined : fixIn(checked.schema, finding);
  if (finding === undefined || fix === undefined) return undefined;
  const edits = renderIntent(fix.intent, inPlace(checked));
  // What Prisma has no words for is written as a migration, where there is one: `fixesInCorpora.test.ts`.
  if ("ok" in edits && checked.uri.endsWith(".prisma")) return undefined;
  if ("ok" in edits) throw new Error(`The fix of ${finding.subject} was refused: ${edits.reason}`);
  if (rule.group === "migration") return fixedMigration(checked, example, finding, fix, edits);
  const [edit, ...others] = edits;
  if (edit === undefined || others.length > 0) throw new Error(`The fix of ${finding.subject} changes ${edits.length} files.`);
  const language = checked.uri === prismaUri ? "prisma" : "sql";
  if (edit.kind === "create") {
    return { text: edit.text, finding, fix, after: () => checkText(checked.text, language, `${checked.history ?? ""}\n${edit.text}`, checked.settings) };
  }
  const text = applyEdits(checked.text, edit.edits);
  return { text, finding, fix, after: () => checkText(text, language, checked.history, checked.settings) };
}

/** The migration after the fix, and the files that the fix adds, one after the other. */
function fixedMigration(checked: CheckedText, example: Example, finding: Finding, fix: Fix, edits: readonly FileEdit[]): FixedText {
  const later = edits.flatMap((edit) => (edit.kind === "create" ? [edit.text] : []));
  const changes = edits.flatMap((edit) => (edit.kind === "change" && edit.uri === checked.uri ? edit.edits : []));
  const text = applyEdits(checked.text, changes);
  return { text, later, finding, fix, after: () => checkMigration(text, example, checked.settings, later) };
}

function startOf(finding: Finding, { places }: CheckedText): number {
  return shownSpan(finding, places)?.start ?? 0;
}

/** As for a schema file of its own: SQL may be edited where it stands. What a history lacks, a new migration says. */
export function inPlace({ uri, text, places, history }: Pick<CheckedText, "uri" | "text" | "places"> & Partial<CheckedText>): RenderContext {
  const sqlPlacement = (): SqlPlacement =>
    history === undefined ? { kind: "inPlace" } : { kind: "newMigration", uri: "file:///workspace/migrations/2/migration.sql" };
  return { places, readText: (asked) => (asked === uri ? text : undefined), sqlPlacement };
}

function report(text: string, { start, end }: { readonly start: number; readonly end: number }, message: string): string {
  const line = text.slice(0, start).split("\n").length;
  return `line ${line}, ${JSON.stringify(text.slice(start, end))}: ${message}`;
}
