/** `migrate prove`: migrations run up, down and up again in an embedded PostgreSQL. */
import { proveMigration } from "../migrations/prove.ts";
import { type Proof, proofMarkdown, verdictText } from "../migrations/proof.ts";
import { scratchAssets, scratchWorker } from "../workspace/assets.ts";
import { foldOptionsOf } from "../workspace/check.ts";
import type { MigrateArguments } from "./arguments.ts";
import { chosen, complaintText, couldNot, type Ended, type MigrateContext } from "./migrateContext.ts";

/** Ends with 1 when one of them is not proven: it fails, or could not be run. */
export async function proveMigrations(given: MigrateArguments, { project, history, surroundings: { folder } }: MigrateContext): Promise<Ended> {
  const wanted = chosen(given, history);
  if (!wanted.ok) return couldNot(wanted.reason);
  const proofs: Proof[] = [];
  for (const migration of wanted.migrations) {
    const earlier = history.migrations.slice(0, history.migrations.indexOf(migration));
    proofs.push(await proveMigration(migration, earlier, { scratch: { worker: scratchWorker, assets: scratchAssets }, foldOptions: foldOptionsOf(project) }));
  }
  const status = proofs.every(({ verdict }) => verdict === "proven" || verdict === "up only") ? 0 : 1;
  const complaints = history.complaints.filter(({ severity }) => severity === "error").map((complaint) => complaintText(complaint, folder));
  if (given.format === "json") return { status, output: `${JSON.stringify({ proofs }, undefined, 2)}\n`, complaints };
  if (given.format === "markdown") return { status, output: `# Migrations, proven\n\n${proofs.map(proofMarkdown).join("\n")}`, complaints };
  return { status, output: proofs.map((proof) => `${proof.migration}: ${verdictText(proof)}\n`).join(""), complaints };
}
