/**
 * One statement, one plan: on a scratch database, or on a server behind its gate. Promises that nothing of it is left, that
 * what was called off has stopped where it ran, and that whatever goes wrong is an answer in words.
 */
import type { PlanConsent } from "../../../protocol/src/plan.ts";
import type { ConnectionSettings } from "../database/connectionSettings.ts";
import { DatabaseError } from "../database/databaseError.ts";
import type { Environment } from "../database/environment.ts";
import { explain } from "../database/explain.ts";
import type { ScratchDatabase, ScratchFailure } from "../scratch/scratchDatabase.ts";
import { utf16OfCharacters } from "../sql/byteOffsets.ts";
import { explainable } from "../sql/explainable.ts";

export type ExplainPlace =
  | { readonly kind: "scratch"; readonly database: ScratchDatabase }
  | { readonly kind: "server"; readonly settings: ConnectionSettings; readonly environment: Environment };

export interface ExplainedStatement {
  /** With $1, $2, …. */
  readonly text: string;
  /** In PostgreSQL's text form; without them the plan is for no values in particular. */
  readonly values?: readonly (string | null)[] | undefined;
  /** Runs it. */
  readonly analyze: boolean;
  /** What a person has agreed to. */
  readonly consent: readonly PlanConsent[];
}

export type ExplainOutcome =
  /** `plan` is PostgreSQL's JSON; `types` of $1, $2, … where they are known. */
  | { readonly kind: "plan"; readonly plan: string; readonly isGeneric: boolean; readonly types: readonly string[] }
  | { readonly kind: "asks"; readonly about: PlanConsent; readonly why: string }
  | ExplainFailure;

export interface ExplainFailure {
  readonly kind: "failed";
  readonly message: string;
  readonly hint?: string | undefined;
  /** UTF-16 offset in the statement's text. */
  readonly at?: number | undefined;
}

/** Milliseconds that a statement may run on a scratch database: everything there is small. */
const scratchDeadline = { plan: 10_000, run: 60_000 };

export async function explainOn(place: ExplainPlace, statement: ExplainedStatement, signal: AbortSignal): Promise<ExplainOutcome> {
  const objection = objectionTo(statement);
  if (objection !== undefined) return objection;
  return place.kind === "scratch" ? onScratch(place.database, statement, signal) : onServer(place, statement, signal);
}

/** What is said before any database is asked. */
export function objectionTo({ text, values, analyze }: ExplainedStatement): ExplainFailure | undefined {
  const checked = explainable(text);
  if (!checked.ok) return failed(checked.reason, { at: checked.at });
  const { parameters } = checked.statement;
  if (values !== undefined && values.length !== parameters) return failed(`The statement has ${parameters} parameters, and there are ${values.length} values.`);
  if (analyze && parameters > 0 && values === undefined) return failed("To run the statement, values for its parameters are needed.", { hint: "Give them under “Values”." });
  return undefined;
}

async function onScratch(database: ScratchDatabase, { text, values, analyze }: ExplainedStatement, signal: AbortSignal): Promise<ExplainOutcome> {
  const result = await database.explain(text, { analyze, values, signal, deadline: analyze ? scratchDeadline.run : scratchDeadline.plan });
  if (result.ok) {
    const { plan, parameters } = result.value;
    return { kind: "plan", plan, isGeneric: parameters.length > 0 && values === undefined, types: parameters };
  }
  return scratchFailure(result.why);
}

function scratchFailure(why: ScratchFailure): ExplainFailure {
  switch (why.kind) {
    case "canceled":
      return failed("It was called off.");
    case "deadline":
      return failed(`The scratch database gave no answer in ${why.milliseconds / 1_000} s, and was ended.`);
    case "crashed":
      return failed(`The scratch database has ended: ${why.message}`, { hint: "The next question starts it again." });
    case "refused": {
      const { message, detail, hint, at } = why.failure;
      return failed(message, { hint: [detail, hint].filter((part) => part !== undefined).join(" ") || undefined, at });
    }
  }
}

async function onServer({ settings, environment }: Extract<ExplainPlace, { kind: "server" }>, { text, values, analyze, consent }: ExplainedStatement, signal: AbortSignal): Promise<ExplainOutcome> {
  try {
    const agreed = Object.fromEntries(consent.map((each) => [each, true]));
    const answer = await explain(settings, { text, values, analyze, environment, consent: agreed }, signal);
    switch (answer.kind) {
      case "plan":
        return { kind: "plan", plan: answer.plan, isGeneric: answer.isGeneric, types: [] };
      case "asks":
        return answer;
      case "refused":
        return failed(answer.reason, { at: answer.at });
    }
  } catch (error) {
    if (signal.aborted) return failed("It was called off, and the server has stopped the statement.");
    if (!(error instanceof DatabaseError)) throw error;
    const hint = [error.detail, error.hint].filter((part) => part !== undefined).join(" ");
    return failed(error.message, { hint: hint === "" ? undefined : hint, at: error.position === undefined ? undefined : utf16OfCharacters(text, error.position - 1) });
  }
}

function failed(message: string, { hint, at }: { readonly hint?: string | undefined; readonly at?: number | undefined } = {}): ExplainFailure {
  return { kind: "failed", message, hint, at };
}
