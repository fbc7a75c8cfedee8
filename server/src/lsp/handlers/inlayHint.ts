/** `textDocument/inlayHint`: default actions, types behind scalars, indexes behind keys and locks of migrations, as the settings want them. */
import { type InlayHint, InlayHintKind, type InlayHintParams } from "vscode-languageserver/node";
import { type Hint, type HintChoice, hintsInPrisma, hintsInSql } from "../../editing/hints.ts";
import { PrismaNames } from "../../editing/prismaNames.ts";
import { hintsOfLocks } from "../../editing/lockHints.ts";
import type { LineIndex } from "../../text/lineIndex.ts";
import { changesIn } from "../../workspace/check.ts";
import { sendingOf } from "../../workspace/migrations.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { ownUri } from "../../workspace/workspace.ts";

export function* inlayHint(snapshot: Snapshot, params: InlayHintParams): Steps<InlayHint[]> {
  const uri = ownUri(params.textDocument.uri);
  const { inlayHintActions, inlayHintTypes, inlayHintIndexes, inlayHintLocks } = snapshot.settingsFor(uri).settings;
  const choice: HintChoice = { actions: inlayHintActions, types: inlayHintTypes, indexes: inlayHintIndexes };
  const lines = snapshot.file(uri)?.lines;
  const tree = yield* snapshot.tree(uri);
  const [project] = yield* snapshot.projectsOf(uri);
  if (lines === undefined || tree === undefined || project === undefined) return [];
  const checked = yield* snapshot.check(project);
  const { schema, places, prismaFiles, postgresVersion } = checked;
  yield;
  const range = { start: lines.offset(params.range.start), end: lines.offset(params.range.end) };
  const hints =
    tree.kind === "prisma"
      ? hintsInPrisma(tree.file, range, new PrismaNames(schema, prismaFiles), choice)
      : hintsInSql(tree.file, range, schema, places, choice);
  const changes = tree.kind === "sql" && inlayHintLocks ? changesIn(project, checked, uri) : undefined;
  const locks = changes === undefined ? [] : hintsOfLocks(changes, sendingOf(project, uri, tree.file.text), postgresVersion, places, range);
  return [...hints.map((hint) => shown(hint, lines)), ...locks.map(({ at, label, explanation }) => ({ position: lines.position(at), label, tooltip: explanation, paddingLeft: true }))];
}

function shown({ kind, at, label, explanation, insertion }: Hint, lines: LineIndex): InlayHint {
  const position = lines.position(at);
  return {
    position,
    label: label.trimStart(),
    tooltip: explanation,
    paddingLeft: kind !== "action" || label.startsWith(" "),
    ...(kind === "type" ? { kind: InlayHintKind.Type } : {}),
    ...(insertion === undefined ? {} : { textEdits: [{ range: { start: position, end: position }, newText: insertion }] }),
  };
}
