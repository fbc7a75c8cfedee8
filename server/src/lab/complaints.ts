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

/** As many reasons are said one by one. */
const most = 20;

/** A sentence for each reason, at the first statement that it keeps out; what only lacks something that is missing for such a reason is counted. */
export function complaintsOf(made: readonly MadeStatement[], outcomes: readonly StatementOutcome[]): readonly LabComplaint[] {
  const unmade = new Set(outcomes.flatMap((outcome, i) => (outcome.kind === "refused" ? (createdBy(made[i]?.text ?? "") ?? []) : [])));
  const reasons = new Map<string, { readonly kind: LabComplaint["kind"]; readonly uri: string; readonly sentence: string; others: number }>();
  let left = 0;
  for (const [i, outcome] of outcomes.entries()) {
    const uri = made[i]?.uri ?? "";
    const reason = reasonOf(outcome);
    if (reason === undefined) continue;
    const known = reasons.get(reason);
    if (outcome.kind === "refused" && unmade.has(missingIn(outcome.failure.message) ?? "")) left++;
    else if (known !== undefined) known.others++;
    else if (reasons.size === most) left++;
    else reasons.set(reason, { kind: outcome.kind === "lacksExtension" ? "extension" : "statement", uri, sentence: `${shortPath(uri)}: ${reason}`, others: 0 });
  }
  const complaints = [...reasons.values()].map(({ kind, uri, sentence, others }): LabComplaint => ({ kind, uri, sentence: others === 0 ? sentence : `${sentence} (${others} more for this reason)` }));
  if (left > 0) complaints.push({ kind: "statement", uri: "", sentence: `The scratch database does without ${left} further statements.` });
  return complaints;
}

function reasonOf(outcome: StatementOutcome): string | undefined {
  switch (outcome.kind) {
    case "done":
    case "notTried":
      return undefined;
    case "lacksExtension":
      return `the scratch database has no extension ${outcome.extension}.`;
    case "refused":
      // What only means something in a transaction is not missing outside of one.
      if (outcome.failure.sqlState === "25P01") return undefined;
      return `the scratch database does without a statement: ${outcome.failure.message}`;
  }
}

/** PostgreSQL's `relation "orders" does not exist`, of types and functions as well. */
function missingIn(message: string): string | undefined {
  return /^(?:relation|type) "([^"]+)" does not exist$/.exec(message)?.[1];
}

/** As PostgreSQL would name it in that message. */
function createdBy(statement: string): string | undefined {
  const [, name] = /\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+|materialized\s+)?(?:table|view|type)\s+(?:if\s+not\s+exists\s+)?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)/i.exec(statement) ?? [];
  return name?.replace(/"([^"]+)"|([\w$]+)/g, (_, quoted: string | undefined, plain = "") => quoted ?? plain.toLowerCase());
}

/** Enough to know a migration by: its file is called like all the others. */
function shortPath(uri: string): string {
  return (pathOfUri(uri) ?? uri).split(/[\\/]/).slice(-2).join("/");
}
