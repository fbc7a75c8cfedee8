/** What a person is asked before a migration is written: its name, what is a rename, what rows get that are there. */
import { window } from "vscode";
import { type CreatedMigration, createMigration, type CreateMigrationParams, type MigrationHistoryListing } from "../../../protocol/src/migrations.ts";
import { createdShape } from "../../../protocol/src/migrationsShapes.ts";
import { choose } from "../connections/asking.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "../webviews/parsing.ts";
import type { Operations } from "./operations.ts";

type Answered = Exclude<CreatedMigration, { readonly kind: "questions" }>;

/** Undefined when the person left. */
export async function askForMigration(history: MigrationHistoryListing, server: ServerSession, operations: Operations): Promise<Answered | undefined> {
  let params: CreateMigrationParams = { history: history.id, name: "migration", renamed: [], dropped: [], inSteps: [], ended: [], reordered: [], kept: [], filled: [], isAlone: false };
  const ask = (): Promise<CreatedMigration> => operations.run(`Comparing the schema of ${history.name} with its migrations`, (_operation, token) => server.ask(createMigration, params, parsing(createdShape), token));
  let answer = await ask();
  while (answer.ok && answer.kind === "questions") {
    const [rename] = answer.renames;
    const [fill] = answer.fills;
    const [twice] = answer.names;
    const [order] = answer.orders;
    if (rename !== undefined) {
      const inSteps = { label: "$(versions) Yes, by both names for a while", detail: "Clients of the old and of the new version work, until a later migration ends it", value: "in steps" } as const;
      const what = await choose(`Is the ${rename.kind} ${rename.from} now called ${rename.to}?`, rename.whyAtOnce === null ? "Renamed, it keeps its data" : `Renamed, it keeps its data; at once, for ${rename.whyAtOnce}`, [
        { label: "$(check) Yes, it is renamed", detail: "Its data is kept; clients that say the old name fail until they are deployed anew", value: "at once" } as const,
        ...(rename.whyAtOnce === null ? [inSteps] : []),
        { label: "$(trash) No, it goes", detail: `${rename.to} is another one, and starts empty`, value: "goes" } as const,
      ]);
      if (what === undefined) return undefined;
      if (what === "goes") params = { ...params, dropped: [...params.dropped, rename.from] };
      else params = { ...params, renamed: [...params.renamed, [rename.from, rename.to]], inSteps: what === "in steps" ? [...params.inSteps, rename.from] : params.inSteps };
    } else if (twice !== undefined) {
      const isEnded = await choose(`Does anybody still use the name ${twice.from}?`, `It is called ${twice.to} too, since a migration renamed it in steps`, [
        { label: "$(versions) Yes, keep both names", detail: "Create Migration asks again the next time", value: false },
        { label: "$(check) No, the old name can go", detail: `What still says ${twice.from} fails from then on`, value: true },
      ]);
      if (isEnded === undefined) return undefined;
      params = isEnded ? { ...params, ended: [...params.ended, twice.from] } : { ...params, kept: [...params.kept, twice.from] };
    } else if (order !== undefined) {
      const isAnew = await choose(`Do the values of ${order} need the order of the schema?`, "PostgreSQL sorts by it, and cannot move a value", [
        { label: "$(list-ordered) No, the order stays", detail: "Prisma does not care for it", value: false },
        { label: "$(sync) Yes, make the type anew", detail: "Tables that use it are written anew, and nobody can use them meanwhile", value: true },
      ]);
      if (isAnew === undefined) return undefined;
      params = isAnew ? { ...params, reordered: [...params.reordered, order] } : { ...params, kept: [...params.kept, order] };
    } else if (fill !== undefined) {
      const sql = await window.showInputBox({
        title: `${fill.subject} is required and has no default`,
        prompt: `What do rows get that are there? A value as SQL of the type ${fill.type}; empty when the table has no rows.`,
        placeHolder: "'unknown', now(), gen_random_uuid(), …",
        ignoreFocusOut: true,
      });
      if (sql === undefined) return undefined;
      params = { ...params, filled: [...params.filled, [fill.subject, sql]] };
    } else break;
    answer = await ask();
  }
  if (!answer.ok || answer.kind !== "proposed") return answer.ok && answer.kind === "questions" ? undefined : answer;
  const name = await window.showInputBox({ title: "Create Migration", prompt: "What does it do?", placeHolder: "add phone to contacts", ignoreFocusOut: true, validateInput: (text) => (/[\p{L}\p{N}]/u.test(text) ? undefined : "A name with letters or digits") });
  if (name === undefined) return undefined;
  params = { ...params, name };
  const named = await ask();
  return named.ok && named.kind === "questions" ? undefined : named;
}
