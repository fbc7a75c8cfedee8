/** Examples of rules run as the product runs texts: parsed, modelled, checked, suppressed; and their fixes applied. */
import type { RenderContext } from "../../server/src/edits/render.ts";
import { renderIntent } from "../../server/src/edits/render.ts";
import type { Places } from "../../server/src/model/places.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { type Example, type Finding, type Fix, fixIn, type Rule } from "../../server/src/rules/rule.ts";
import { runRules } from "../../server/src/rules/run.ts";
import { presetSettings } from "../../server/src/rules/settings.ts";
import { applySuppressions, shownSpan } from "../../server/src/rules/suppress.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import type { Problem } from "../../server/src/text/problem.ts";
import { readMarkers } from "./markers.ts";
import { parsePrismaText, parseSqlText } from "./schemas.ts";

export interface CheckedText {
  readonly uri: string;
  readonly text: string;
  readonly schema: Schema;
  readonly places: Places;
  readonly problems: readonly Problem[];
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

export function checkText(text: string, language: Language): CheckedText {
  const { uri, schema, places, problems } = language === "prisma" ? parsePrismaText(text) : parseSqlText(text);
  const found = runRules(schema, {
    settings: everyRule,
    log: (rule, error) => {
      throw new Error(`${rule} threw`, { cause: error });
    },
  });
  const { findings, extra } = applySuppressions(found, (asked) => (asked === uri ? text : undefined), { uris: [uri], places });
  return { uri, text, schema, places, problems, findings: [...findings, ...extra] };
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

/** The text after the fix of the first finding, with both; undefined when it has none. */
export function fixFirst(
  rule: Rule,
  checked: CheckedText,
): { readonly text: string; readonly finding: Finding; readonly fix: Fix } | undefined {
  const finding = checked.findings
    .filter((found) => found.rule === rule.id && fixIn(checked.schema, found) !== undefined)
    .sort((a, b) => startOf(a, checked) - startOf(b, checked))[0];
  const fix = finding === undefined ? undefined : fixIn(checked.schema, finding);
  if (finding === undefined || fix === undefined) return undefined;
  const edits = renderIntent(fix.intent, inPlace(checked));
  if ("ok" in edits) throw new Error(`The fix of ${finding.subject} was refused: ${edits.reason}`);
  const [edit, ...others] = edits;
  if (edit?.kind !== "change" || others.length > 0) throw new Error(`The fix of ${finding.subject} changes ${edits.length} files.`);
  return { text: applyEdits(checked.text, edit.edits), finding, fix };
}

function startOf(finding: Finding, { places }: CheckedText): number {
  return shownSpan(finding, places)?.start ?? 0;
}

/** As for a schema file of its own: SQL may be edited where it stands. */
export function inPlace({ uri, text, places }: Pick<CheckedText, "uri" | "text" | "places">): RenderContext {
  return { places, readText: (asked) => (asked === uri ? text : undefined), sqlPlacement: () => ({ kind: "inPlace" }) };
}

function report(text: string, { start, end }: { readonly start: number; readonly end: number }, message: string): string {
  const line = text.slice(0, start).split("\n").length;
  return `line ${line}, ${JSON.stringify(text.slice(start, end))}: ${message}`;
}
