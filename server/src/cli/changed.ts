/**
 * Of a report, what belongs to a change: findings in blocks and statements that are new or say something else than
 * before, and findings that the same check did not have before, wherever they are shown. A dropped index leaves its
 * foreign key's old statement alone, and yet is why there is a finding.
 */
import { configurationFile } from "../../../protocol/src/settings.ts";
import { pathOfUri } from "../prisma/fileUris.ts";
import type { FileHost } from "../text/fileHost.ts";
import type { Span } from "../text/span.ts";
import type { Tree } from "../workspace/memory.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { finish } from "../workspace/steps.ts";
import type { Changes } from "./git.ts";
import { Tally } from "./tally.ts";
import type { Report, ReportedFinding, ReportedProblem } from "./report.ts";

/** `report` says what there is to say about all of `uris` in `snapshot`. */
export async function onlyChanged(
  report: Report,
  uris: readonly string[],
  snapshot: Snapshot,
  changes: Changes,
  host: FileHost,
): Promise<Report> {
  const textsBefore = new Map<string, string>();
  for (const uri of uris) {
    const path = pathOfUri(uri);
    const real = path === undefined ? undefined : host.realPath(path);
    if (real !== undefined && changes.hasChanged(real)) textsBefore.set(uri, (await changes.textBefore(real)) ?? "");
  }
  const before = snapshot.withTexts(textsBefore);
  const pieces = new Map([...textsBefore.keys()].map((uri) => [uri, new ChangedPieces(uri, snapshot, before)]));
  const known = textsBefore.size === 0 ? undefined : findingsOf(uris, before);
  const isChanged = (finding: ReportedFinding): boolean => pieces.get(finding.uri)?.hold(finding) === true;
  const isNew = (finding: ReportedFinding): boolean => known !== undefined && !known.take(nameOf(finding));
  const isSchemaChanged = [...textsBefore.keys()].some((uri) => uri.endsWith(".prisma"));
  // What is wrong with the configuration or a baseline is wrong with this check, whoever wrote it.
  const checked = new Set(uris);
  const isChecked = (uri: string): boolean => checked.has(uri) && !uri.endsWith(`/${configurationFile}`);
  const keeps = ({ uri, code }: ReportedProblem): boolean =>
    uri === undefined || !isChecked(uri) || textsBefore.has(uri) || (isSchemaChanged && code === "prisma-validation");
  return {
    ...report,
    findings: report.findings.filter((finding) => isChanged(finding) || isNew(finding)),
    problems: report.problems.filter(keeps),
  };
}

function findingsOf(uris: readonly string[], snapshot: Snapshot): Tally {
  const tally = new Tally();
  for (const uri of uris)
    for (const { finding } of finish(snapshot.report(uri))?.findings ?? []) tally.add(nameOf({ ...finding, uri }));
  return tally;
}

function nameOf({ rule, subject, uri }: Pick<ReportedFinding, "rule" | "subject" | "uri">): string {
  return [rule, subject, uri].join("\n");
}

/** The blocks or statements of a file that did not stand in it before, and its lines outside of any. */
class ChangedPieces {
  readonly #snapshot: Snapshot;
  readonly #uri: string;
  readonly #pieces: readonly Span[];
  readonly #piecesBefore: ReadonlySet<string>;
  readonly #linesBefore: ReadonlySet<string>;

  constructor(uri: string, snapshot: Snapshot, before: Snapshot) {
    const textBefore = before.file(uri)?.text ?? "";
    this.#snapshot = snapshot;
    this.#uri = uri;
    this.#pieces = piecesOf(finish(snapshot.tree(uri)));
    this.#piecesBefore = new Set(piecesOf(finish(before.tree(uri))).map(({ start, end }) => normalised(textBefore.slice(start, end))));
    this.#linesBefore = new Set(textBefore.split("\n").map(normalised));
  }

  hold({ range }: ReportedFinding): boolean {
    const file = this.#snapshot.file(this.#uri);
    if (file === undefined) return true;
    const at = file.lines.offset(range.start);
    const piece = this.#pieces.find(({ start, end }) => start <= at && at < end);
    if (piece !== undefined) return !this.#piecesBefore.has(normalised(file.text.slice(piece.start, piece.end)));
    return !this.#linesBefore.has(normalised(file.text.split("\n")[range.start.line] ?? ""));
  }
}

function piecesOf(tree: Tree | undefined): readonly Span[] {
  if (tree === undefined) return [];
  if (tree.kind === "sql") return tree.file.statements.map(({ span }) => span);
  return tree.file.blocks.map(({ offset, block }) => ({ start: offset, end: offset + block.text.length }));
}

/** A checkout may have other line ends than the repository. */
function normalised(text: string): string {
  return text.replaceAll("\r", "").trim();
}
