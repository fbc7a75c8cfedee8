/** `migrate status` without a database. */
import { uriOfPath } from "../prisma/fileUris.ts";
import { complaintText, type Ended, type MigrateContext } from "./migrateContext.ts";
import type { RunArguments } from "./migrateRunArguments.ts";
import { shownPath } from "./shownPath.ts";

/** What is in the history, as far as files tell: what has run where, only a database knows. */
export function statusOfFiles(format: RunArguments["format"], { history, surroundings: { folder } }: MigrateContext): Ended {
  const { migrations, complaints, place } = history;
  const hasErrors = complaints.some(({ severity }) => severity === "error");
  if (format === "json") {
    const value = {
      kind: place.kind,
      root: place.root,
      migrations: migrations.map(({ name, path, checksum, sending, down }) => ({ name, path, checksum, sending, down: down?.path })),
      complaints,
    };
    return { status: hasErrors ? 1 : 0, output: `${JSON.stringify(value, undefined, 2)}\n`, complaints: [] };
  }
  const width = Math.max(0, ...migrations.map(({ name }) => name.length));
  const lines = migrations.map(({ name, checksum, down }) => `${name.padEnd(width)}  ${checksum.slice(0, 12)}  ${down === undefined ? "no way back" : "with a way back"}`);
  const without = migrations.filter(({ down }) => down === undefined).length;
  const summary = `${migrations.length === 1 ? "1 migration" : `${migrations.length} migrations`} in ${shownPath(uriOfPath(place.root), folder)} (${place.kind}), ${without} without a way back.`;
  const said = complaints.map((complaint) => complaintText(complaint, folder));
  const text = format === "markdown" ? [...migrations.map(({ name, checksum, down }) => `- \`${name}\` \`${checksum.slice(0, 12)}\`${down === undefined ? ", no way back" : ""}`), "", summary, ...said.map((line) => `- ${line}`)] : [...lines, "", summary, ...said];
  return { status: hasErrors ? 1 : 0, output: `${text.join("\n")}\n`, complaints: [] };
}
