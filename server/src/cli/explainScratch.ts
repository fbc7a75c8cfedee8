/** A scratch database with what the migrations of the workspace build: where a query is explained when there is no database. */
import { ScratchDatabase } from "../scratch/scratchDatabase.ts";
import { pathOfUri } from "../prisma/fileUris.ts";
import { nextPiece } from "../sql/split.ts";
import { scratchAssets, scratchWorker } from "../workspace/assets.ts";
import { type Project, urisOf } from "../workspace/projects.ts";
import { finish } from "../workspace/steps.ts";
import { Engine, type EngineOptions } from "./engine.ts";
import { shownPath } from "./shownPath.ts";

export type OpenedScratch =
  | { readonly ok: true; readonly database: ScratchDatabase; readonly complaints: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** `path` is of the query: the project nearest to it is built. The database must be closed. */
export async function openScratch(path: string, options: EngineOptions, signal: AbortSignal): Promise<OpenedScratch> {
  const opened = await Engine.open(options);
  if (!opened.ok) return opened;
  const { workspace, scope } = opened.engine;
  await opened.engine.dispose();
  const snapshot = workspace.snapshot();
  const projects = finish(snapshot.projects()).filter(({ history }) => (history?.uris.length ?? 0) > 0);
  const project = nearest(projects, path);
  if (project?.history === undefined) {
    const hint = "Without any, say which database to ask: --url postgresql://…";
    return { ok: false, reason: `There are no migrations in ${scope.roots.join(", ")} to build a scratch database from. ${hint}` };
  }
  const steps = project.history.uris.flatMap((uri) => statementsOf(snapshot.file(uri)?.text ?? "").map((text) => ({ uri, text })));
  const database = new ScratchDatabase(
    { worker: scratchWorker, assets: scratchAssets },
    steps.map(({ text }) => text),
  );
  const built = await database.build({ signal });
  if (!built.ok) {
    await database.close();
    return { ok: false, reason: signal.aborted ? "Canceled." : `The scratch database could not be built: ${whyNot(built.why)}.` };
  }
  const complaints = built.value.flatMap((outcome, i): readonly string[] => {
    const at = shownPath(steps[i]?.uri ?? "", options.folder);
    if (outcome.kind === "refused") return [`${at}: the scratch database does without a statement: ${outcome.failure.message}`];
    return outcome.kind === "lacksExtension" ? [`${at}: the scratch database has no extension ${outcome.extension}.`] : [];
  });
  return { ok: true, database, complaints };
}

/** What a failure of the scratch database is, in words. */
export function whyNot(why: { readonly kind: "deadline"; readonly milliseconds: number } | { readonly kind: "canceled" } | { readonly kind: "crashed"; readonly message: string } | { readonly kind: "refused"; readonly failure: { readonly message: string } }): string {
  switch (why.kind) {
    case "deadline":
      return `it gave no answer in ${why.milliseconds / 1_000} s`;
    case "canceled":
      return "it was called off";
    case "crashed":
      return why.message;
    case "refused":
      return why.failure.message;
  }
}

/** One by one: a script that fails in its middle would else leave out what comes before. */
function statementsOf(text: string): readonly string[] {
  const texts: string[] = [];
  for (let piece = nextPiece(text, 0); piece !== undefined; piece = nextPiece(text, piece.next)) if (piece.kind === "sql") texts.push(text.slice(piece.start, piece.end));
  return texts;
}

/** The one with the most folders in common with the query. */
function nearest(projects: readonly Project[], path: string): Project | undefined {
  const shared = (project: Project): number => Math.max(0, ...urisOf(project).map((uri) => commonFolders(pathOfUri(uri) ?? "", path)));
  return projects.toSorted((a, b) => shared(b) - shared(a))[0];
}

function commonFolders(a: string, b: string): number {
  const [first, second] = [a.split(/[\\/]/), b.split(/[\\/]/)];
  let count = 0;
  while (count < Math.min(first.length, second.length) && first[count] === second[count]) count++;
  return count;
}
