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
  let params: CreateMigrationParams = { history: history.id, name: "migration", renamed: [], dropped: [], filled: [], isAlone: false };
  const ask = (): Promise<CreatedMigration> => operations.run(`Comparing the schema of ${history.name} with its migrations`, (_operation, token) => server.ask(createMigration, params, parsing(createdShape), token));
  let answer = await ask();
  while (answer.ok && answer.kind === "questions") {
    const [rename] = answer.renames;
    const [fill] = answer.fills;
    if (rename !== undefined) {
      const isRename = await choose(`Is the ${rename.kind} ${rename.from} now called ${rename.to}?`, "Renamed, it keeps its data", [
        { label: "$(check) Yes, it is renamed", detail: "Its data is kept", value: true },
        { label: "$(trash) No, it goes", detail: `${rename.to} is another one, and starts empty`, value: false },
      ]);
      if (isRename === undefined) return undefined;
      params = isRename ? { ...params, renamed: [...params.renamed, [rename.from, rename.to]] } : { ...params, dropped: [...params.dropped, rename.from] };
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
