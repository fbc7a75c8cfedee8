/** Draws the diagram of what a command line names: one project, or the difference between two of its states. */
import { basename, dirname } from "node:path";
import type { ErdDiagram } from "../../../protocol/src/erd.ts";
import { diagramOf, type DrawnFinding } from "../erd/diagramOf.ts";
import { differenceDiagram, onlyChanges } from "../erd/differenceDiagram.ts";
import { exportText } from "../erd/exports/exportText.ts";
import type * as Pdf from "../erd/pdf/pdf.ts";
import { join } from "../model/join.ts";
import type { Schema } from "../model/schema.ts";
import { pathOfUri } from "../prisma/fileUris.ts";
import type { FileHost } from "../text/fileHost.ts";
import { diagramFont } from "../workspace/diagramFont.ts";
import { digestOf } from "../workspace/digest.ts";
import { historyUpTo, type Project, urisOf } from "../workspace/projects.ts";
import { filesAtRevision } from "../workspace/revisionFiles.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { finish } from "../workspace/steps.ts";
import type { ErdArguments } from "./arguments.ts";
import { Engine } from "./engine.ts";
import { shownPath } from "./shownPath.ts";

export interface ErdOptions {
  /** Absolute. */
  readonly folder: string;
  readonly host: FileHost;
  log(what: string, error: unknown): void;
}

export type ErdResult =
  /** `complaints` are sentences about files that could not be read in full. */
  | { readonly ok: true; /** Bytes of a PDF, the text of every other format. */ readonly content: string | Uint8Array; readonly complaints: readonly string[] }
  | { readonly ok: false; readonly reason: string };

export async function erd(given: ErdArguments, options: ErdOptions): Promise<ErdResult> {
  const opened = await openProject(given.paths, options.host, options);
  if (!opened.ok) return opened;
  const drawn = given.from === undefined ? { ok: true as const, diagram: ownDiagram(opened) } : await difference(opened, given.from, given, options);
  if (!drawn.ok) return drawn;
  const complaints = complaintsOf(opened, options.folder);
  if (given.format !== "pdf") return { ok: true, content: exportText(drawn.diagram, given.format, { palette: given.theme, digest: digestOf }), complaints };
  const written = await pdf(drawn.diagram, given.theme);
  return { ok: true, content: written.bytes, complaints: written.shapeless.length === 0 ? complaints : [...complaints, shapelessWords(written)] };
}

async function pdf(diagram: ErdDiagram, palette: "light" | "dark"): Promise<Pdf.Pdf> {
  const { pdfOf }: typeof Pdf = await import("../erd/pdf/pdf.ts");
  return pdfOf(diagram, { palette, font: await diagramFont() });
}

function shapelessWords({ shapeless, shapelessIn }: Pdf.Pdf): string {
  const characters = [...new Set(shapeless.join(""))].sort();
  const some = characters.length > 20 ? `${characters.slice(0, 20).join(" ")} …` : characters.join(" ");
  const names = shapelessIn.length > 10 ? `${shapelessIn.slice(0, 10).join(", ")} and ${shapelessIn.length - 10} more` : shapelessIn.join(", ");
  return `The font of the PDF has no shape for ${characters.length === 1 ? "a character" : `${characters.length} characters`}${names === "" ? "" : ` in ${names}`}: ${some} They stand there as boxes, and can still be found and copied. The export of the editor draws them by the fonts of its machine; svg and html show them`;
}

interface Opened {
  readonly snapshot: Snapshot;
  readonly project: Project;
}

type OpenResult = ({ readonly ok: true } & Opened) | { readonly ok: false; readonly reason: string };

/** The one project in the paths, as `host` has them. */
async function openProject(paths: readonly string[], host: FileHost, { folder, log }: ErdOptions): Promise<OpenResult> {
  const engine = await Engine.open({ paths, folder, host, log });
  if (!engine.ok) return engine;
  const { workspace, scope } = engine.engine;
  try {
    await engine.engine.readLargeStatements();
  } finally {
    await engine.engine.dispose();
  }
  const snapshot = workspace.snapshot();
  const projects = finish(snapshot.projects());
  const [project, ...others] = projects;
  const place = scope.roots.join(", ");
  if (project === undefined) return { ok: false, reason: `Nothing to draw in ${place}: there is no Prisma schema, no migrations folder and no schema.sql.` };
  if (others.length > 0) {
    const places = projects.map((each) => shownPath(urisOf(each)[0] ?? each.id, folder));
    return { ok: false, reason: `There are ${projects.length} projects in ${place}: a diagram is of one. Name one of ${places.join(", ")}.` };
  }
  return { ok: true, snapshot, project };
}

function ownDiagram({ snapshot, project }: Opened): ErdDiagram {
  const { schema, findings } = finish(snapshot.check(project));
  return diagramOf(schema, { title: project.name, findings: findings.map(drawnFinding) });
}

function drawnFinding({ rule, severity, message, subject }: DrawnFinding): DrawnFinding {
  return { rule, severity, message, subject };
}

type Drawn = { readonly ok: true; readonly diagram: ErdDiagram } | { readonly ok: false; readonly reason: string };

async function difference(opened: Opened, from: string, { to, paths }: ErdArguments, options: ErdOptions): Promise<Drawn> {
  const before = await schemaAt(from, opened, paths, options);
  if (!before.ok) return before;
  const after = to === undefined ? { ok: true as const, schema: schemaNow(opened, before.isMigration) } : await schemaAt(to, opened, paths, options);
  if (!after.ok) return after;
  const [old, now] = [from, to ?? (before.isMigration ? "the last migration" : "the files as they are")];
  const whole = differenceDiagram(before.schema, after.schema, { title: `${opened.project.name}: ${old} against ${now}` });
  return { ok: true, diagram: onlyChanges(whole, `Nothing differs between ${old} and ${now}.`) };
}

type SchemaResult = { readonly ok: true; readonly schema: Schema; readonly isMigration: boolean } | { readonly ok: false; readonly reason: string };

/** After a migration of the project's history, else in a git revision. */
async function schemaAt(name: string, { snapshot, project }: Opened, paths: readonly string[], options: ErdOptions): Promise<SchemaResult> {
  const migration = project.history?.uris.find((uri) => namesMigration(name, uri));
  if (migration !== undefined) return { ok: true, schema: finish(snapshot.check(historyUpTo(project, migration))).schema, isMigration: true };
  const files = await filesAtRevision(name, options.folder);
  if (!files.ok) return { ok: false, reason: `${files.reason} Nor is there a migration of that name.` };
  const there = await openProject(paths, files.host, options);
  // What was not there yet is empty, so that everything is new.
  return { ok: true, schema: there.ok ? finish(there.snapshot.check(there.project)).schema : join([]), isMigration: false };
}

/** A migration is compared with migrations: the schema may be ahead of them. */
function schemaNow({ snapshot, project }: Opened, ofHistory: boolean): Schema {
  const last = project.history?.uris.at(-1);
  return finish(snapshot.check(ofHistory && last !== undefined ? historyUpTo(project, last) : project)).schema;
}

/** By its file, with or without the ending, or by the folder around it. */
function namesMigration(name: string, uri: string): boolean {
  const path = pathOfUri(uri);
  if (path === undefined) return false;
  return [basename(path), basename(path, ".sql"), ...(basename(path) === "migration.sql" ? [basename(dirname(path))] : [])].includes(name);
}

function complaintsOf({ snapshot, project }: Opened, folder: string): readonly string[] {
  return urisOf(project).flatMap((uri) => {
    const problems = finish(snapshot.report(uri))?.problems.filter(({ severity }) => severity === "error").length ?? 0;
    return problems === 0 ? [] : [`${shownPath(uri, folder)} has ${problems === 1 ? "an error" : `${problems} errors`}: what it concerns may be missing. See database-architect check.`];
  });
}
