/** `migrate prove`: migrations run up, down and up again, in an embedded PostgreSQL or in a database of its own on a server. */
import { dirname, join } from "node:path";
import { type Proof, proofMarkdown, verdictText } from "../migrations/proof.ts";
import { proveMigrations as prove } from "../migrations/prove.ts";
import { serverPlace } from "../migrations/run/serverProof.ts";
import { queryCompilerWorker, scratchAssets, scratchWorker } from "../workspace/assets.ts";
import { filesBefore } from "../workspace/revisionFiles.ts";
import { foldOptionsOf } from "../workspace/check.ts";
import type { MigrateArguments } from "./arguments.ts";
import { chosen, complaintText, couldNot, type Ended, type MigrateContext } from "./migrateContext.ts";

/** Ends with 1 when one of them is not proven: it fails, or could not be run. */
export async function proveMigrations(given: MigrateArguments, { project, checked, history, surroundings: { folder, host, cacheFolder } }: MigrateContext): Promise<Ended> {
  const wanted = chosen(given, history);
  if (!wanted.ok) return couldNot(wanted.reason);
  const server = given.url === undefined ? undefined : await serverPlace({ url: given.url, allowsUnverified: given.allowsUnverified });
  if (server?.ok === false) return couldNot(server.reason);
  // What reads programs and compiles calls is loaded for proofs only.
  const { queriesBeside } = await import("../migrations/workspaceCalls.ts");
  const { earlierClients } = await import("../migrations/earlierClients.ts");
  const root = project.prisma?.root ?? dirname(history.place.root);
  const beside = { root, except: history.place.root, schema: checked.prismaFiles, host };
  const compiler = { worker: queryCompilerWorker, assets: scratchAssets };
  const options = {
    scratch: { worker: scratchWorker, assets: scratchAssets, cache: cacheFolder === undefined ? undefined : join(cacheFolder, "scratch") },
    place: server?.place,
    foldOptions: foldOptionsOf(project),
    queries: await queriesBeside(beside, compiler),
    earlier: earlierClients(history.migrations, beside, filesBefore, compiler),
  };
  const proofs: Proof[] = [];
  for await (const proof of prove(history.migrations, new Set(wanted.migrations), options)) proofs.push(proof);
  const status = proofs.every(({ verdict }) => verdict === "proven" || verdict === "up only") ? 0 : 1;
  const complaints = history.complaints.filter(({ severity }) => severity === "error").map((complaint) => complaintText(complaint, folder));
  if (given.format === "json") return { status, output: `${JSON.stringify({ proofs }, undefined, 2)}\n`, complaints };
  if (given.format === "markdown") return { status, output: `# Migrations, proven\n\n${proofs.map(proofMarkdown).join("\n")}`, complaints };
  return { status, output: proofs.map((proof) => `${proof.migration}: ${verdictText(proof)}\n`).join(""), complaints };
}
