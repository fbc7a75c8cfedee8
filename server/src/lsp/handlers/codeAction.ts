/**
 * `textDocument/codeAction`: for each finding in the range its fix, the same for all of its rule, and comments that
 * suppress it, or a line in the configuration file; for `source.fixAll`, every safe fix of the file.
 */
import { type CodeAction, CodeActionKind, type CodeActionParams, type Diagnostic } from "vscode-languageserver/node";
import { requireWayBack } from "../../rules/changes/require-way-back.ts";
import type { Finding } from "../../rules/rule.ts";
import { suppressionEdit, textOrigin } from "../../rules/suppress.ts";
import { fixAll, fixOf } from "../../workspace/fixes.ts";
import type { FileReport, PlacedFinding, Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { turnOffEdit } from "../../workspace/turnOff.ts";
import { ownUri } from "../../workspace/workspace.ts";
import { fixRuleInWorkspace } from "../commands.ts";
import { findingsAt } from "../findingsAt.ts";
import type { HandlerContext } from "../handling.ts";
import { rangeOf } from "../toDiagnostic.ts";
import { workspaceEditOf } from "../toEdit.ts";
import { wayBackPath, type WayBackTarget, wayBackTarget, withWayBack } from "../wayBackAction.ts";

/** Every safe fix of a file; what `editor.codeActionsOnSave` may name. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.databaseArchitect`;

/** Findings in one range for which actions are offered: a light bulb with more helps nobody. */
const maxFindings = 10;

/** What an unresolved action carries, to be resolved over the newest snapshot. */
export interface FixAllInFile {
  readonly uri: string;
  /** Undefined: every rule. */
  readonly rule: string | undefined;
}

export function* codeAction(snapshot: Snapshot, params: CodeActionParams, context: HandlerContext): Steps<CodeAction[]> {
  const uri = ownUri(params.textDocument.uri);
  const wants = (kind: string): boolean =>
    params.context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? kind === CodeActionKind.QuickFix;
  const report = yield* snapshot.report(uri);
  if (report === undefined) return [];
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    const { lines } = report.file;
    const found = findingsAt(report, { start: lines.offset(params.range.start), end: lines.offset(params.range.end) }).slice(
      0,
      maxFindings,
    );
    actions.push(...spellings(uri, report, snapshot, params, context));
    actions.push(...(yield* fixesOf(uri, found, report, snapshot, params, context)));
    actions.push(...(yield* waysBack(uri, found, report, snapshot, params, context)));
    actions.push(...found.flatMap((one) => suppressions(one, report, snapshot, params, context)));
    actions.push(...(yield* turnOffs(uri, found, report, snapshot, params, context)));
  }
  if (wants(fixAllKind) && report.findings.length > 0) actions.push(...(yield* fixAllInFile({ uri, rule: undefined }, snapshot, context)));
  return actions;
}

/** The edit of an action that was offered without one. */
export function* codeActionResolve(snapshot: Snapshot, action: CodeAction, context: HandlerContext): Steps<CodeAction | Promise<CodeAction>> {
  const migration = wayBackTarget(action.data);
  if (migration !== undefined) return yield* withWayBack(action, migration, snapshot, context.client);
  const target = targetOf(action.data);
  if (target === undefined) return action;
  const { edits } = yield* fixAll(snapshot, isIn(target), context.now);
  const edit = workspaceEditOf(edits, snapshot, context.client);
  return edit === undefined ? action : { ...action, edit };
}

function* fixesOf(
  uri: string,
  found: readonly PlacedFinding[],
  report: FileReport,
  snapshot: Snapshot,
  params: CodeActionParams,
  context: HandlerContext,
): Steps<CodeAction[]> {
  const fixes: CodeAction[] = [];
  const all: CodeAction[] = [];
  for (const placed of found) {
    const { finding, project } = placed;
    const fixed = yield* fixOf(finding, project, snapshot, context.now);
    const edit = fixed === undefined ? undefined : workspaceEditOf(fixed.edits, snapshot, context.client);
    if (fixed === undefined || edit === undefined) continue;
    const { fix } = fixed;
    const isPreferred = fix.safety === "safe" && !fixes.some((other) => other.isPreferred === true);
    const diagnostics = diagnosticsFor(placed, report, params);
    fixes.push({ title: fix.title, kind: CodeActionKind.QuickFix, diagnostics, edit, ...(isPreferred ? { isPreferred } : {}) });
    if (fix.safety !== "safe" || all.some((other) => other.title.includes(` ${finding.rule} `))) continue;
    if (report.findings.filter((other) => other.finding.rule === finding.rule && other.finding.fix !== undefined).length > 1)
      all.push(...(yield* fixAllInFile({ uri, rule: finding.rule }, snapshot, context)).map((action) => ({ ...action, diagnostics })));
    if (context.client.appliesEdits) all.push({ ...inWorkspace(finding.rule), diagnostics });
  }
  return [...fixes, ...all];
}

/** Written when somebody takes it: it takes folding the history. */
function* waysBack(uri: string, found: readonly PlacedFinding[], report: FileReport, snapshot: Snapshot, params: CodeActionParams, { client }: HandlerContext): Steps<CodeAction[]> {
  const placed = found.find(({ finding }) => finding.rule === requireWayBack.id);
  if (placed === undefined || !client.resolvesEdits || !client.createsFiles || (yield* wayBackPath(uri, snapshot)) === undefined) return [];
  const data: WayBackTarget = { wayBackOf: uri };
  return [{ title: "Write the way back", kind: CodeActionKind.QuickFix, diagnostics: diagnosticsFor(placed, report, params), data }];
}

/** For names that stand for nothing: the ones that were probably meant. */
function spellings(uri: string, { problems, file }: FileReport, snapshot: Snapshot, params: CodeActionParams, { client }: HandlerContext): readonly CodeAction[] {
  const start = file.lines.offset(params.range.start);
  const end = file.lines.offset(params.range.end);
  return problems.flatMap(({ span, instead, code, message }) => {
    if (instead === undefined || span.start > end || start > span.end) return [];
    const edit = workspaceEditOf([{ kind: "change", uri, edits: [{ span, text: instead }] }], snapshot, client);
    if (edit === undefined) return [];
    const diagnostics = params.context.diagnostics.filter((diagnostic) => diagnostic.code === code && diagnostic.message === message);
    return [{ title: `Change to ${instead.replaceAll(/\s+/g, " ")}`, kind: CodeActionKind.QuickFix, diagnostics, edit, isPreferred: true }];
  });
}

function* fixAllInFile(target: FixAllInFile, snapshot: Snapshot, context: HandlerContext): Steps<CodeAction[]> {
  const isOfRule = target.rule !== undefined;
  const title = isOfRule ? `Fix all ${target.rule} findings in this file` : "Fix all findings of Database Architect in this file";
  const action: CodeAction = { title, kind: isOfRule ? CodeActionKind.QuickFix : fixAllKind };
  if (isOfRule && context.client.resolvesEdits) return [{ ...action, data: target }];
  const { edits } = yield* fixAll(snapshot, isIn(target), context.now);
  const edit = workspaceEditOf(edits, snapshot, context.client);
  return edit === undefined ? [] : [{ ...action, edit }];
}

function inWorkspace(rule: string): CodeAction {
  const title = `Fix all ${rule} findings in the workspace`;
  return { title, kind: CodeActionKind.QuickFix, command: { title, command: fixRuleInWorkspace, arguments: [rule] } };
}

function suppressions(
  placed: PlacedFinding,
  report: FileReport,
  snapshot: Snapshot,
  params: CodeActionParams,
  { client }: HandlerContext,
): readonly CodeAction[] {
  const { finding, checked } = placed;
  return (["element", "file"] as const).flatMap((scope) => {
    const suppression = suppressionEdit(finding, report.file.text, checked.places, scope);
    const edit = suppression === undefined ? undefined : workspaceEditOf([suppression], snapshot, client);
    if (edit === undefined) return [];
    const title = `Disable ${finding.rule} ${scope === "file" ? "for this file" : "here"}`;
    return [{ title, kind: CodeActionKind.QuickFix, diagnostics: diagnosticsFor(placed, report, params), edit }];
  });
}

/** For a whole team: each rule once. */
function* turnOffs(
  uri: string,
  found: readonly PlacedFinding[],
  report: FileReport,
  snapshot: Snapshot,
  params: CodeActionParams,
  { client }: HandlerContext,
): Steps<CodeAction[]> {
  const actions: CodeAction[] = [];
  const target = found.length === 0 ? undefined : yield* snapshot.configurationFor(uri);
  if (target === undefined) return actions;
  for (const rule of new Set(found.map(({ finding }) => finding.rule))) {
    const turnedOff = turnOffEdit(rule, target.uri, target.text);
    const edit = turnedOff === undefined ? undefined : workspaceEditOf([turnedOff], snapshot, client);
    const diagnostics = found.filter(({ finding }) => finding.rule === rule).flatMap((one) => diagnosticsFor(one, report, params));
    if (edit !== undefined) actions.push({ title: `Disable ${rule} in ${target.name}`, kind: CodeActionKind.QuickFix, diagnostics, edit });
  }
  return actions;
}

/** The client's own diagnostic of the finding, so that it knows what the action is for. */
function diagnosticsFor({ finding, span }: PlacedFinding, report: FileReport, params: CodeActionParams): Diagnostic[] {
  const { start } = rangeOf(span, report.file.lines);
  return params.context.diagnostics.filter(
    ({ code, range, message }) =>
      code === finding.rule && message === finding.message && range.start.line === start.line && range.start.character === start.character,
  );
}

function isIn({ uri, rule }: FixAllInFile): (finding: Finding) => boolean {
  return (finding) => textOrigin(finding)?.uri === uri && (rule === undefined || finding.rule === rule);
}

function targetOf(data: unknown): FixAllInFile | undefined {
  if (typeof data !== "object" || data === null || !("uri" in data) || typeof data.uri !== "string") return undefined;
  const rule = "rule" in data && typeof data.rule === "string" ? data.rule : undefined;
  return { uri: data.uri, rule };
}
