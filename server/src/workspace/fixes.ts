/** What fixes do to files: of one finding, or of many at once without one in another's way. */
import type { Intent } from "../edits/intent.ts";
import { isRefusal } from "../edits/refusal.ts";
import { renderIntent, renderIntents } from "../edits/render.ts";
import type { RenderContext } from "../edits/renderContext.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import { type Finding, type Fix, fixIn } from "../rules/rule.ts";
import { textOrigin } from "../rules/suppress.ts";
import type { SqlFile } from "../sql/syntax.ts";
import { templateNames } from "../sql/templateNames.ts";
import { commonPrefix, commonSuffix } from "../text/common.ts";
import { applyEdits, type Edit, type FileEdit } from "../text/edit.ts";
import type { CheckedProject } from "./checkedProject.ts";
import { sqlPlacementOf } from "./placement.ts";
import type { Project } from "./projects.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Steps } from "./steps.ts";

/** A fix and what it does to files. */
export interface Fixed {
  readonly fix: Fix;
  readonly edits: readonly FileEdit[];
}

/** The fix of one finding; undefined when it has none, or it cannot be written. `now` names new migrations. */
export function* fixOf(finding: Finding, project: Project, snapshot: Snapshot, now: Date): Steps<Fixed | undefined> {
  if (finding.fix === undefined) return undefined;
  const checked = yield* snapshot.check(project);
  const fix = fixIn(checked.schema, finding);
  if (fix === undefined) return undefined;
  const edits = renderIntent(fix.intent, contextOf(project, checked, snapshot, now));
  return isRefusal(edits) || edits.length === 0 ? undefined : { fix, edits: asTemplates(edits, checked) };
}

export interface FixedAll {
  readonly edits: readonly FileEdit[];
  /** How many findings the edits remove. */
  readonly fixed: number;
}

/** A fix may have to wait for another that touches the same text: so often at most. */
const maxRounds = 6;

/** The safe fixes of all findings that `isWanted` chooses. */
export function* fixAll(snapshot: Snapshot, isWanted: (finding: Finding) => boolean, now: Date): Steps<FixedAll> {
  const texts = new Map<string, string>();
  const created = new Map<string, string>();
  const done = new Set<string>();
  const rounds: Round[] = [];
  for (let current = snapshot; rounds.length < maxRounds; current = snapshot.withTexts(texts)) {
    const round = yield* fixOnce(current, (finding) => isWanted(finding) && !done.has(nameOf(finding)), now);
    if (round.fixed.length === 0) break;
    rounds.push(round);
    for (const finding of round.fixed) done.add(nameOf(finding));
    for (const edit of round.edits) {
      if (edit.kind === "change") texts.set(edit.uri, applyEdits(current.file(edit.uri)?.text ?? "", edit.edits));
      else created.set(edit.uri, [...(created.has(edit.uri) ? [created.get(edit.uri)] : []), edit.text].join("\n"));
    }
    if (!round.hasLeftSome) break;
  }
  const [only, ...others] = rounds;
  if (only !== undefined && others.length === 0) return { edits: only.edits, fixed: only.fixed.length };
  const changes = [...texts].map(
    ([uri, text]): FileEdit => ({ kind: "change", uri, edits: [difference(snapshot.file(uri)?.text ?? "", text)] }),
  );
  const creations = [...created].map(([uri, text]): FileEdit => ({ kind: "create", uri, text }));
  return { edits: [...changes, ...creations], fixed: done.size };
}

interface Round {
  readonly edits: readonly FileEdit[];
  readonly fixed: readonly Finding[];
  readonly hasLeftSome: boolean;
}

function* fixOnce(snapshot: Snapshot, isWanted: (finding: Finding) => boolean, now: Date): Steps<Round> {
  const edits: FileEdit[] = [];
  const fixed: Finding[] = [];
  let hasLeftSome = false;
  for (const project of yield* snapshot.projects()) {
    const checked = yield* snapshot.check(project);
    const wanted = checked.findings.flatMap((finding) => {
      const fix = isWanted(finding) ? fixIn(checked.schema, finding) : undefined;
      return fix?.safety === "safe" ? [{ finding, intent: fix.intent }] : [];
    });
    if (wanted.length === 0) continue;
    yield;
    const rendered = editsOf(
      wanted.map(({ intent }) => intent),
      project,
      checked,
      snapshot,
      now,
    );
    const refused = new Set(rendered.refused.map(({ intent }) => intent));
    edits.push(...rendered.edits);
    fixed.push(...wanted.flatMap(({ finding, intent }) => (refused.has(intent) ? [] : [finding])));
    hasLeftSome ||= refused.size > 0;
  }
  return { edits, fixed, hasLeftSome };
}

/** Intents that no finding stated, all of them or with the reasons against some. */
export function editsOf(intents: readonly Intent[], project: Project, checked: CheckedProject, snapshot: Snapshot, now: Date, migrationName?: string): ReturnType<typeof renderIntents> {
  const rendered = renderIntents(intents, contextOf(project, checked, snapshot, now, migrationName));
  return { ...rendered, edits: asTemplates(rendered.edits, checked) };
}

const knownNames = new WeakMap<SqlFile, ReadonlyMap<string, string>>();

function namesOf(file: SqlFile): ReadonlyMap<string, string> {
  let names = knownNames.get(file);
  if (names === undefined) knownNames.set(file, (names = templateNames(file.text)));
  return names;
}

/** What is written names objects as the files do, where those leave names to what sends them: `:schema.jobs`. */
function asTemplates(edits: readonly FileEdit[], { sqlFiles }: CheckedProject): readonly FileEdit[] {
  const names = new Map(sqlFiles.flatMap((file) => [...namesOf(file)]));
  if (names.size === 0) return edits;
  const written = (text: string): string => text.replace(/\w+/g, (word) => names.get(word) ?? word);
  return edits.map((edit) => {
    if (!edit.uri.endsWith(".sql")) return edit;
    return edit.kind === "create" ? { ...edit, text: written(edit.text) } : { ...edit, edits: edit.edits.map((each) => ({ ...each, text: written(each.text) })) };
  });
}

function contextOf(project: Project, checked: CheckedProject, snapshot: Snapshot, now: Date, migrationName?: string): RenderContext {
  return {
    places: checked.places,
    readText: (uri) => snapshot.file(uri)?.text,
    sqlPlacement: (uri) => sqlPlacementOf(uri, project, now, migrationName),
    previewFeatures: () => checked.prismaFiles.flatMap(previewFeatures),
  };
}

function previewFeatures(file: PrismaFile): readonly string[] {
  return file.blocks.flatMap(({ block }) => {
    if (block.kind !== "generator") return [];
    const value = block.properties.find((property) => property.name.text === "previewFeatures")?.value;
    return value?.kind === "array" ? value.items.flatMap((item) => (item.kind === "string" ? [item.value] : [])) : [];
  });
}

/** Tells a finding from others while its place moves. */
function nameOf(finding: Finding): string {
  return [finding.rule, textOrigin(finding)?.uri, finding.subject, finding.message].join("\n");
}

/** One edit that makes `before` into `after`. */
function difference(before: string, after: string): Edit {
  const start = commonPrefix(before, after);
  const end = commonSuffix(before, after, start);
  return { span: { start, end: before.length - end }, text: after.slice(start, after.length - end) };
}
