/**
 * Suppression of findings by comments, and what is wrong with such comments: one that suppresses nothing, gives no
 * reason, or names no rule is a finding too. Works on texts alone, so it holds for every language that has findings.
 */
import type { FileEdit } from "../text/edit.ts";
import { LineIndex } from "../text/lineIndex.ts";
import { contains, type Span } from "../text/span.ts";
import type { Places } from "../model/places.ts";
import type { TextOrigin } from "../model/schema.ts";
import { ruleNamed } from "./registry.ts";
import type { Finding, Fix } from "./rule.ts";
import { defaultRuleSettings, type RuleSettings } from "./settings.ts";
import { commentMarker, languageOf } from "./suppression/lineComments.ts";
import { noUnknownRule } from "./suppression/no-unknown-rule.ts";
import { noUnusedSuppression } from "./suppression/no-unused-suppression.ts";
import { requireSuppressionReason } from "./suppression/require-suppression-reason.ts";
import {
  reasonPlaceholder,
  type SuppressedRule,
  type SuppressionComment,
  suppressionComments,
  suppressionWord,
} from "./suppression/suppressionComments.ts";

export interface Suppressions {
  /** What remains of the findings, in their order. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Finding[];
  /** Findings about the comments themselves, by file and position. */
  readonly extra: readonly Finding[];
}

export interface SuppressionOptions {
  /** Files to look through for comments besides those with findings; without them a useless comment goes unseen there. */
  readonly uris?: readonly string[];
  /** What holds in a file, by its URI; the preset `recommended` unless said. */
  readonly settingsOf?: (uri: string) => RuleSettings;
  /** Where the findings stand. */
  readonly places: Places;
}

export function applySuppressions(
  findings: readonly Finding[],
  texts: (uri: string) => string | undefined,
  { uris = [], settingsOf = () => defaultRuleSettings, places }: SuppressionOptions,
): Suppressions {
  const files = new Map<string, File>();
  const look = (uri: string): void => {
    if (!files.has(uri)) files.set(uri, readFile(uri, texts(uri)));
  };
  for (const finding of findings) {
    const origin = textOrigin(finding);
    if (origin !== undefined) look(origin.uri);
  }
  uris.forEach(look);
  const used = new Set<SuppressedRule>();
  const [kept, suppressed] = divide(findings, files, places, used);
  const comments = [...files.values()].flatMap((file) => file.comments);
  const about = comments.flatMap((comment) => {
    const settings = settingsOf(comment.uri);
    return [...findingsAbout(comment, settings), ...unused(comment, used, settings, false)];
  });
  const [extra, suppressedExtra] = divide(about, files, places, used);
  const late = comments.flatMap((comment) => unused(comment, used, settingsOf(comment.uri), true));
  return { findings: kept, suppressed: [...suppressed, ...suppressedExtra], extra: [...extra, ...late] };
}

/**
 * The edit that suppresses a finding where it is shown, or in its whole file, with a placeholder for the reason.
 * `text` is the text of the finding's file. Undefined for a finding that is shown in no text.
 */
export function suppressionEdit(finding: Finding, text: string, places: Places, scope: "element" | "file" = "element"): FileEdit | undefined {
  const origin = textOrigin(finding);
  if (origin === undefined) return undefined;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const at = scope === "file" ? startOfText(text) : startOfLine(text, isInBody(origin) ? places.span(origin).start : places.nameSpan(origin).start);
  const indent = scope === "file" ? "" : (/[ \t]*/y.exec(text.slice(at))?.[0] ?? "");
  const word = scope === "file" ? `${suppressionWord}-file` : suppressionWord;
  const comment = `${indent}${commentMarker(languageOf(origin.uri))} ${word} ${finding.rule}: ${reasonPlaceholder}${newline}`;
  return { kind: "change", uri: origin.uri, edits: [{ span: { start: at, end: at }, text: comment }] };
}

/** What stands in the body of a routine is text of a string: a comment there suppresses nothing. */
function isInBody({ nameSpan, parts }: TextOrigin): boolean {
  const body = parts?.["body"];
  return body !== undefined && contains(body, nameSpan);
}

/** The name a finding underlines; undefined when it stands in no text. */
export function shownSpan(finding: Pick<Finding, "at">, places: Places): Span | undefined {
  const origin = textOrigin(finding);
  return origin === undefined ? undefined : places.nameSpan(origin);
}

/** Where a finding is shown, and from where its spans count; undefined when it stands in no text. */
export function textOrigin(finding: Pick<Finding, "at">): TextOrigin | undefined {
  for (const origin of finding.at) if (origin.kind === "prisma" || origin.kind === "sql") return origin;
  return undefined;
}

interface File {
  readonly comments: readonly SuppressionComment[];
  lineOf(offset: number): number;
}

function readFile(uri: string, text: string | undefined): File {
  let index: LineIndex | undefined;
  const lines = (): LineIndex => {
    index ??= new LineIndex(text ?? "");
    return index;
  };
  return { comments: text === undefined ? [] : suppressionComments(uri, text, lines), lineOf: (offset) => lines().position(offset).line };
}

/** Those that stay, and those that a comment suppresses; what does it is noted in `used`. */
function divide(
  findings: readonly Finding[],
  files: ReadonlyMap<string, File>,
  places: Places,
  used: Set<SuppressedRule>,
): [Finding[], Finding[]] {
  const kept: Finding[] = [];
  const suppressed: Finding[] = [];
  for (const finding of findings) (isSuppressed(finding, files, places, used) ? suppressed : kept).push(finding);
  return [kept, suppressed];
}

function isSuppressed(finding: Finding, files: ReadonlyMap<string, File>, places: Places, used: Set<SuppressedRule>): boolean {
  const origin = textOrigin(finding);
  const file = origin === undefined ? undefined : files.get(origin.uri);
  if (origin === undefined || file === undefined || file.comments.length === 0) return false;
  const lines = [file.lineOf(places.span(origin).start), file.lineOf(places.nameSpan(origin).start)];
  let result = false;
  for (const comment of file.comments) {
    if (comment.scope === "element" && (comment.line === undefined || !lines.includes(comment.line))) continue;
    for (const rule of comment.rules) {
      if (ruleNamed(rule.id)?.id !== finding.rule) continue;
      used.add(rule);
      result = true;
    }
  }
  return result;
}

function findingsAbout(comment: SuppressionComment, settings: RuleSettings): readonly Finding[] {
  const found: Finding[] = [];
  if (comment.reason === undefined) {
    const subject = comment.rules.map((rule) => rule.id).join(", ");
    found.push(
      ...report(
        requireSuppressionReason,
        settings,
        comment,
        comment.span,
        subject,
        "This suppression does not say why.",
        removeComment(comment),
      ),
    );
  }
  if (comment.rules.length === 0) {
    found.push(...report(noUnknownRule, settings, comment, comment.span, "", "This suppression names no rule.", removeComment(comment)));
  }
  for (const rule of comment.rules) {
    if (ruleNamed(rule.id) !== undefined) continue;
    found.push(...report(noUnknownRule, settings, comment, rule.span, rule.id, `There is no rule ${rule.id}.`, removeRule(comment, rule)));
  }
  return found;
}

/** A comment about comments is judged last: only then is known what it suppressed. A rule that is off reports nothing. */
function unused(
  comment: SuppressionComment,
  used: ReadonlySet<SuppressedRule>,
  settings: RuleSettings,
  isLast: boolean,
): readonly Finding[] {
  return comment.rules.flatMap((named) => {
    const rule = ruleNamed(named.id);
    if (rule === undefined || used.has(named) || (rule.group === "suppression") !== isLast) return [];
    if (settings.get(rule.id)?.severity === "off") return [];
    const where = comment.scope === "file" ? "in this file" : "here";
    return report(
      noUnusedSuppression,
      settings,
      comment,
      named.span,
      rule.id,
      `${rule.id} reports nothing ${where}.`,
      removeRule(comment, named),
    );
  });
}

function report(
  rule: { readonly id: string },
  settings: RuleSettings,
  comment: SuppressionComment,
  nameSpan: Span,
  subject: string,
  message: string,
  fix: Fix,
): readonly Finding[] {
  const severity = settings.get(rule.id)?.severity ?? "off";
  if (severity === "off") return [];
  const kind = languageOf(comment.uri) === "prisma" ? "prisma" : "sql";
  return [
    {
      rule: rule.id,
      severity,
      message,
      subject,
      at: [{ kind, uri: comment.uri, span: comment.span, nameSpan }],
      fix,
      related: [],
      doubt: undefined,
    },
  ];
}

function removeComment(comment: SuppressionComment): Fix {
  return fixBy("Remove the comment", comment, comment.removal);
}

function removeRule(comment: SuppressionComment, rule: SuppressedRule): Fix {
  return comment.rules.length === 1 ? removeComment(comment) : fixBy(`Remove ${rule.id} from the comment`, comment, rule.removal);
}

function fixBy(title: string, comment: SuppressionComment, span: Span): Fix {
  return { title, safety: "safe", intent: { do: "replaceText", uri: comment.uri, span, text: "" } };
}

function startOfText(text: string): number {
  return text.startsWith("\uFEFF") ? 1 : 0;
}

function startOfLine(text: string, offset: number): number {
  return Math.max(startOfText(text), text.lastIndexOf("\n", offset - 1) + 1);
}
