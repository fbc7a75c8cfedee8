/** What a scratch database says about a query, as it is kept and told. */
import type { TypeCheck } from "../workspace/typeChecks.ts";
import type { Lab } from "./labs.ts";

/** Milliseconds for one query: PostgreSQL takes one. */
const deadline = 3_000;

/** PostgreSQL's answer to one query, nothing of which is run. */
export async function described({ database }: Lab, text: string, signal: AbortSignal): Promise<TypeCheck> {
  const result = await database.describe(text, { signal, deadline });
  if (result.ok) return { kind: "described", ...result.value };
  if (result.why.kind !== "refused") return { kind: "unanswered" };
  return { kind: "refused", ...result.why.failure };
}

/** What people should know of, in a few sentences. */
export function noticesOf(name: string, { complaints }: Lab): readonly string[] {
  const [first, second, ...others] = complaints;
  if (first === undefined) return [];
  const rest = others.length === 0 ? "" : ` And ${others.length} more.`;
  return [`Queries of ${name} are type-checked without some of its schema, and unknown names are not reported. ${[first, second].filter((part) => part !== undefined).join(" ")}${rest}`];
}
