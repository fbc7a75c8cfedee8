/** What of a project its scratch database does without, in words. */
import { pathOfUri } from "../prisma/fileUris.ts";
import type { StatementOutcome } from "../scratch/messages.ts";
import type { MadeStatement } from "./made.ts";

export interface LabComplaint {
  readonly kind: "extension" | "statement";
  /** URI of the file that has the statement. */
  readonly uri: string;
  /** Whole. */
  readonly sentence: string;
}

/** As many are said one by one; an extension that is missing may take a hundred statements with it. */
const most = 20;

export function complaintsOf(made: readonly MadeStatement[], outcomes: readonly StatementOutcome[]): readonly LabComplaint[] {
  const complaints: LabComplaint[] = [];
  let left = 0;
  for (const [i, outcome] of outcomes.entries()) {
    const uri = made[i]?.uri ?? "";
    const sentence = sentenceOf(outcome, shortPath(uri));
    if (sentence === undefined) continue;
    if (complaints.length < most) complaints.push({ kind: outcome.kind === "lacksExtension" ? "extension" : "statement", uri, sentence });
    else left++;
  }
  if (left > 0) complaints.push({ kind: "statement", uri: "", sentence: `The scratch database does without ${left} further statements.` });
  return complaints;
}

function sentenceOf(outcome: StatementOutcome, at: string): string | undefined {
  switch (outcome.kind) {
    case "done":
    case "notTried":
      return undefined;
    case "lacksExtension":
      return `${at}: the scratch database has no extension ${outcome.extension}.`;
    case "refused":
      return `${at}: the scratch database does without a statement: ${outcome.failure.message}`;
  }
}

/** Enough to know a migration by: its file is called like all the others. */
function shortPath(uri: string): string {
  return (pathOfUri(uri) ?? uri).split(/[\\/]/).slice(-2).join("/");
}
