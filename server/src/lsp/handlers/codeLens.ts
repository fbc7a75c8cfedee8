/** `textDocument/codeLens`: above a model and a CREATE TABLE, its relations both ways and its findings. */
import type { CodeLens, CodeLensParams, Location } from "vscode-languageserver/node";
import { showPlaces } from "../../../../protocol/src/requests.ts";
import { PrismaNames } from "../../editing/prismaNames.ts";
import { relationsOf } from "../../editing/relations.ts";
import { counted, placeOf } from "../../editing/sheets/wording.ts";
import { type TableLine, tablesInPrisma, tablesInSql } from "../../editing/tableLines.ts";
import type { Element, TextOrigin } from "../../model/schema.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import type { FileReport, Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { HandlerContext } from "../handling.ts";
import { locationOf } from "../location.ts";
import { resolverFor } from "../objectUnder.ts";
import { rangeOf } from "../toDiagnostic.ts";

export function* codeLens(snapshot: Snapshot, params: CodeLensParams, { client }: HandlerContext): Steps<CodeLens[]> {
  const uri = ownUri(params.textDocument.uri);
  if (!snapshot.settingsFor(uri).settings.codeLens) return [];
  const tree = yield* snapshot.tree(uri);
  const report = yield* snapshot.report(uri);
  const [project] = yield* snapshot.projectsOf(uri);
  if (tree === undefined || report === undefined || project === undefined) return [];
  const checked = yield* snapshot.check(project);
  yield;
  const tables =
    tree.kind === "prisma"
      ? tablesInPrisma(tree.file, new PrismaNames(checked.schema, checked.prismaFiles))
      : tablesInSql(tree.file, resolverFor(checked));
  const findings = [...report.findings].sort((a, b) => a.span.start - b.span.start);
  let next = 0;
  return tables.flatMap((line) => {
    while ((findings[next]?.span.start ?? Number.POSITIVE_INFINITY) < line.span.start) next++;
    const first = next;
    while ((findings[next]?.span.start ?? Number.POSITIVE_INFINITY) < line.span.end) next++;
    const above: TableAbove = { line, kind: tree.kind, checked, report: { ...report, findings: findings.slice(first, next) }, snapshot };
    const range = rangeOf(line.nameSpan, report.file.lines);
    return lenses.flatMap((lens) => {
      const shown = lens(above);
      if (shown === undefined) return [];
      const places = shown.places.length > 0 && client.showsPlaces;
      const command = places ? { command: showPlaces, arguments: [params.textDocument.uri, range.start, shown.places] } : { command: "" };
      return [{ range, command: { title: shown.title, ...command } }];
    });
  });
}

/** A table where its lenses are shown. */
interface TableAbove {
  readonly line: TableLine;
  readonly kind: "prisma" | "sql";
  readonly checked: CheckedProject;
  /** With the findings in its lines only. */
  readonly report: FileReport;
  readonly snapshot: Snapshot;
}

interface Lens {
  readonly title: string;
  /** What it leads to. */
  readonly places: readonly Location[];
}

/** From left to right; each answers undefined where it has nothing to say. */
const lenses: readonly ((above: TableAbove) => Lens | undefined)[] = [relationsLens, findingsLens];

function relationsLens({ line: { table }, kind, checked, snapshot }: TableAbove): Lens | undefined {
  const { out, in: incoming, implied } = relationsOf(checked.schema, table);
  if (out.length + incoming.length + implied.length === 0) return undefined;
  const many = implied.length === 0 ? "" : `, ${implied.length} many-to-many`;
  const title = `Relations: ${out.length} out, ${incoming.length} in${many}`;
  const places = [...out, ...incoming.map(({ foreignKey }) => foreignKey)].flatMap((key) => {
    const origin = originIn(key, kind);
    return origin === undefined ? [] : locationOf({ uri: origin.uri, span: checked.places.nameSpan(origin) }, snapshot);
  });
  return { title, places };
}

function findingsLens({ report, snapshot }: TableAbove): Lens | undefined {
  const { findings, file } = report;
  if (findings.length === 0) return undefined;
  return { title: counted(findings.length, "finding"), places: findings.flatMap(({ span }) => locationOf({ uri: file.uri, span }, snapshot)) };
}

/** In the language one is reading, where it says so. */
function originIn(element: Element, kind: "prisma" | "sql"): TextOrigin | undefined {
  return element.origins.find((origin): origin is TextOrigin => origin.kind === kind) ?? placeOf(element);
}
