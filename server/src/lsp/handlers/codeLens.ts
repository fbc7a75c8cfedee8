/**
 * `textDocument/codeLens`: above a model and a CREATE TABLE, its relations both ways, its findings, and the way to the
 * diagram; above a query, what its last plan came to; above a migration, what came of its proof.
 */
import type { CodeLens, CodeLensParams, Location } from "vscode-languageserver/node";
import { openErd, showPlaces } from "../../../../protocol/src/requests.ts";
import { PrismaNames } from "../../editing/prismaNames.ts";
import { relationsOf, type TableRelations } from "../../editing/relations.ts";
import { counted, placeOf } from "../../editing/sheets/wording.ts";
import { type TableLine, tablesInPrisma, tablesInSql } from "../../editing/tableLines.ts";
import type { Element, TextOrigin } from "../../model/schema.ts";
import { isProgram } from "../../sql/queries/query.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import type { FileReport, Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { TextFile } from "../../workspace/textFile.ts";
import { ownUri } from "../../workspace/workspace.ts";
import type { HandlerContext } from "../handling.ts";
import { locationOf } from "../location.ts";
import { migrationLenses } from "../migrationLenses.ts";
import { resolverFor } from "../objectUnder.ts";
import { queryLens, queryLenses, resolvedQueryLens } from "../queryLenses.ts";
import { rangeOf } from "../toDiagnostic.ts";

/** Those that count without titles and targets: an editor asks for those of the lines that it shows. */
export function* codeLens(snapshot: Snapshot, params: CodeLensParams, { client, proofs, lastPlans }: HandlerContext): Steps<CodeLens[] | Promise<CodeLens[]>> {
  const { uri } = params.textDocument;
  const queries = client.explainsQueries ? yield* queryLenses(snapshot, ownUri(uri), uri) : [];
  const proven = yield* migrationLenses(snapshot, ownUri(uri), uri, client, proofs);
  const tables = yield* tablesAbove(ownUri(uri), snapshot);
  const overTables = tables.flatMap((above): CodeLens[] => {
    const range = rangeOf(above.line.nameSpan, above.report.file.lines);
    const counts = lenses.flatMap(({ id, isShown }) => (isShown(above) ? [{ range, data: { uri, at: above.line.nameSpan.start, id } }] : []));
    if (!client.showsErd) return counts;
    return [...counts, { range, command: { title: "Show in ERD", command: openErd, arguments: [uri, above.line.table.key] } }];
  });
  const shown = [...proven, ...overTables, ...queries];
  const calls = client.explainsQueries ? yield* whereCallsMayBe(ownUri(uri), snapshot) : undefined;
  if (calls === undefined) return shown;
  return import("../callLenses.ts").then(({ callLenses }) => [...shown, ...callLenses(calls.file, uri, calls.prismaFiles, lastPlans)]);
}

/** A program in a project with a Prisma schema; undefined for any other file. */
function* whereCallsMayBe(uri: string, snapshot: Snapshot): Steps<{ readonly file: TextFile; readonly prismaFiles: CheckedProject["prismaFiles"] } | undefined> {
  const file = snapshot.file(uri);
  if (file === undefined || !isProgram(uri) || !clientCall.test(file.text) || !snapshot.settingsFor(uri).settings.codeLens) return undefined;
  const [project] = yield* snapshot.projectsQueriedBy(uri);
  if (project === undefined) return undefined;
  const { prismaFiles } = yield* snapshot.check(project);
  return prismaFiles.length === 0 ? undefined : { file, prismaFiles };
}

/** Of Prisma's client, by its name. */
const clientCall = /\.\s*(?:find(?:Many|First|Unique)|create|update|upsert|delete|aggregate|groupBy|count)/;

/** The lens with its title and what it leads to; as it is when its table has gone. */
export function* codeLensResolve(snapshot: Snapshot, lens: CodeLens, { client, lastPlans }: HandlerContext): Steps<CodeLens> {
  const target = targetOf(lens.data);
  if (target === undefined) return lens;
  if (target.id === queryLens) return yield* resolvedQueryLens(snapshot, lens, ownUri(target.uri), target.uri, target.at, lastPlans);
  const above = (yield* tablesAbove(ownUri(target.uri), snapshot)).find(({ line }) => line.nameSpan.start === target.at);
  const kind = lenses.find(({ id }) => id === target.id);
  if (above === undefined || kind === undefined) return lens;
  const title = kind.title(above);
  const places = client.showsPlaces ? kind.places(above) : [];
  const command = places.length > 0 ? { command: showPlaces, arguments: [target.uri, lens.range.start, places] } : { command: "" };
  return { ...lens, command: { title, ...command } };
}

function* tablesAbove(uri: string, snapshot: Snapshot): Steps<readonly TableAbove[]> {
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
  return tables.map((line) => {
    while ((findings[next]?.span.start ?? Number.POSITIVE_INFINITY) < line.span.start) next++;
    const first = next;
    while ((findings[next]?.span.start ?? Number.POSITIVE_INFINITY) < line.span.end) next++;
    const own = { ...report, findings: findings.slice(first, next) };
    return { line, kind: tree.kind, checked, relations: relationsOf(checked.schema, line.table), report: own, snapshot };
  });
}

/** A table where its lenses are shown. */
interface TableAbove {
  readonly line: TableLine;
  readonly kind: "prisma" | "sql";
  readonly checked: CheckedProject;
  readonly relations: TableRelations;
  /** With the findings in its lines only. */
  readonly report: FileReport;
  readonly snapshot: Snapshot;
}

interface Lens {
  readonly id: string;
  /** Whether there is something to say. */
  isShown(above: TableAbove): boolean;
  title(above: TableAbove): string;
  /** What it leads to. */
  places(above: TableAbove): readonly Location[];
}

const relationsLens: Lens = {
  id: "relations",
  isShown: ({ relations }) => relations.out.length + relations.in.length + relations.implied.length > 0,
  title({ relations: { out, in: incoming, implied } }) {
    const many = implied.length === 0 ? "" : `, ${implied.length} many-to-many`;
    return `Relations: ${out.length} out, ${incoming.length} in${many}`;
  },
  places: ({ relations, kind, checked, snapshot }) =>
    [...relations.out, ...relations.in.map(({ foreignKey }) => foreignKey)].flatMap((key) => {
      const origin = originIn(key, kind);
      return origin === undefined ? [] : locationOf({ uri: origin.uri, span: checked.places.nameSpan(origin) }, snapshot);
    }),
};

const findingsLens: Lens = {
  id: "findings",
  isShown: ({ report }) => report.findings.length > 0,
  title: ({ report }) => counted(report.findings.length, "finding"),
  places: ({ report, snapshot }) => report.findings.flatMap(({ span }) => locationOf({ uri: report.file.uri, span }, snapshot)),
};

/** From left to right. */
const lenses: readonly Lens[] = [relationsLens, findingsLens];

function targetOf(data: unknown): { readonly uri: string; readonly at: number; readonly id: string } | undefined {
  if (typeof data !== "object" || data === null || !("uri" in data && "at" in data && "id" in data)) return undefined;
  const { uri, at, id } = data;
  return typeof uri === "string" && typeof at === "number" && typeof id === "string" ? { uri, at, id } : undefined;
}

/** In the language one is reading, where it says so. */
function originIn(element: Element, kind: "prisma" | "sql"): TextOrigin | undefined {
  return element.origins.find((origin): origin is TextOrigin => origin.kind === kind) ?? placeOf(element);
}
