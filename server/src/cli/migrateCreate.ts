/** `migrate create`: what differs between the Prisma schema and its history, as a migration with its way back. */
import { type LeftAsItIs, proposeMigration, type Questions } from "../migrations/create.ts";
import { filesOfNew } from "../migrations/files.ts";
import { fromPrisma } from "../model/fromPrisma.ts";
import { countLoss, countText } from "../migrations/run/countLoss.ts";
import type { MigrationHistory } from "../migrations/history.ts";
import type { Risk } from "../migrations/writing.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import { SchemaEngine } from "../prisma/schemaEngine.ts";
import { schemaEngineWorker, scratchAssets } from "../workspace/assets.ts";
import { foldOptionsOf } from "../workspace/check.ts";
import { sendingOf } from "../workspace/migrations.ts";
import type { MigrateArguments } from "./arguments.ts";
import { complaintText, couldNot, type Ended, type MigrateContext } from "./migrateContext.ts";
import { shownPath } from "./shownPath.ts";

export async function createMigration(given: MigrateArguments, context: MigrateContext): Promise<Ended> {
  const { project, checked, history, surroundings } = context;
  const { folder, now, create } = surroundings;
  if (checked.prismaFiles.length === 0) return couldNot(`There is no Prisma schema beside ${history.place.root} to compare the migrations with: write the migration by hand, and its way back beside it.`);
  const broken = history.complaints.filter(({ severity }) => severity === "error");
  if (broken.length > 0) return { status: 2, output: "", complaints: [...broken.map((complaint) => complaintText(complaint, folder)), "The history cannot be read as it is: mend it first."] };
  const files = checked.prismaFiles.map(({ uri, text }) => [uri, text] as const);
  const engine = new SchemaEngine({ worker: schemaEngineWorker, assets: scratchAssets });
  const script = await engine.script(undefined, files).finally(() => engine.close());
  if (!script.ok) return couldNot(`Prisma does not take the schema: ${script.reason}`);
  const proposal = proposeMigration({
    prisma: fromPrisma(checked.prismaFiles, { major: project.major }),
    history: history.migrations.map(({ file }) => file),
    foldOptions: foldOptionsOf(project),
    engineSql: script.sql,
    answers: { renamed: given.renamed, dropped: given.dropped, filled: given.filled, inSteps: given.inSteps, ended: given.ended, reordered: given.reordered },
    sending: sendingOf(project, newUri(history), ""),
    isAlone: given.isAlone,
  });
  const [idle] = proposal.kind === "questions" ? [] : proposal.idle;
  if (idle !== undefined) return couldNot(`${idle} is no old name of a rename in steps, and no enum whose values have another order: nothing was written. migrate create says which there are.`);
  if (proposal.kind === "nothing") return { status: 0, output: `Nothing to do: the migrations make what the schema says.\n${leftText(proposal)}`, complaints: [] };
  if (proposal.kind === "questions") return { status: 1, output: questions(proposal), complaints: [] };
  const counted = given.url === undefined ? undefined : await countLoss({ url: given.url, allowsUnverified: given.allowsUnverified }, proposal.upRisks);
  if (counted?.ok === false) return couldNot(counted.reason);
  const counts = new Map(counted?.counted.map((each) => [each.risk, countText(each)]));
  const isEmpty = (risk: Risk): boolean => counted?.counted.some((each) => each.risk === risk && each.count === 0n) === true;
  const loss = proposal.upRisks.filter((risk) => risk.kind === "loses data" && !isEmpty(risk));
  const refused = loss.length > 0 && !given.acceptsLoss && !given.isDryRun;
  const written = filesOfNew(history.place, history.migrations.map(({ path }) => path), given.names[0] ?? "", now(), proposal.files);
  const notes = [
    ...proposal.upRisks.map((risk) => `${said[risk.kind]}: ${risk.message}${counts.has(risk) ? ` (${counts.get(risk)})` : ""}`),
    ...proposal.downRisks.map((message) => `Way back: ${message}`),
    ...proposal.upGaps,
    ...proposal.downGaps,
    ...(proposal.kept.length === 0 ? [] : [`Kept, though the schema does not say it: ${proposal.kept.join(", ")}.`]),
  ];
  if (refused) return { status: 1, output: `${notes.join("\n")}\n\nNothing was written. Say --accept-data-loss if that is meant.\n`, complaints: [] };
  if (given.isDryRun) return { status: 0, output: `${written.map(({ path, text }) => `-- ${shownPath(uriOfPath(path), folder)}\n${text}`).join("\n")}\n${notes.map((note) => `-- ${note}\n`).join("")}`, complaints: [] };
  for (const { path, text } of written) {
    try {
      create(path, text);
    } catch (error) {
      if (path.endsWith("migration_lock.toml")) continue;
      return couldNot(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { status: proposal.upGaps.length > 0 ? 1 : 0, output: `${written.map(({ path }) => `Wrote ${shownPath(uriOfPath(path), folder)}\n`).join("")}${notes.map((note) => `${note}\n`).join("")}${leftText(proposal)}`, complaints: [] };
}

function leftText({ inSteps, otherOrder }: LeftAsItIs): string {
  return [
    ...inSteps.map(({ text, from }) => `${text} When nobody uses the old name any more: migrate create <name> --end-rename '${from}'\n`),
    ...otherOrder.map((type) => `The values of ${type} have another order in the schema. PostgreSQL cannot move a value: to make the type anew, which writes the tables that use it anew: migrate create <name> --reorder '${type}'\n`),
  ].join("");
}

const said = { "loses data": "Loses data", "fails on rows": "May fail", blocks: "Blocks", "breaks clients": "Breaks clients" } as const satisfies Record<Risk["kind"], string>;

/** As the next file of the history will be called: its form tells how it is sent. */
function newUri({ migrations }: MigrationHistory): string {
  return migrations.at(-1)?.uri ?? "";
}

function questions({ candidates, fills }: Questions): string {
  const asked = [
    ...candidates.map(({ kind, from, to, whyAtOnce }) => {
      const steps = whyAtOnce === undefined ? `  yes, by both names for a while, for clients of both versions:\n                            --rename-in-steps '${from}=${to}'\n` : "";
      return `Is the ${kind} ${from} now called ${to}?\n  yes, and keeps its data:  --rename '${from}=${to}'\n${steps}  no, it goes:              --drop '${from}'\n`;
    }),
    ...fills.map(({ subject, type }) => `What do rows that are there get in ${subject} (${type}), which is required and has no default?\n  a value, as SQL:          --fill "${subject}=…"\n  nothing, it has no rows:  --fill "${subject}="\n`),
  ];
  return `${asked.join("\n")}\nNothing was written.\n`;
}
