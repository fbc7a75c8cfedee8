/** What assistants hand to tools, validated; what is wrong with it is said so that they can mend it. */
import * as v from "valibot";
import { nearestName } from "../text/nearestName.ts";

/** A text with something in it. */
export function text(description: string, says = "must be a text that is not empty; leave it out when it is not needed"): v.GenericSchema<string> {
  return v.pipe(v.string(says), v.minLength(1, says), v.maxLength(1000, "is longer than 1,000 characters"), v.description(description));
}

/** A whole number of a range. */
export function whole(least: number, most: number, description: string): v.GenericSchema<number> {
  const says = most === Number.MAX_SAFE_INTEGER ? `must be a whole number, ${least} or more` : `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(says), v.integer(says), v.minValue(least, says), v.maxValue(most, says), v.description(description));
}

export type ParsedInput<T> = { readonly ok: true; readonly input: T } | { readonly ok: false; readonly reason: string };

/** Without any input, `{}`; `null`, which some write for what they leave out, counts as left out. */
export function parseInput<Entries extends v.ObjectEntries>(
  schema: v.StrictObjectSchema<Entries, undefined>,
  given: unknown,
): ParsedInput<v.InferOutput<v.StrictObjectSchema<Entries, undefined>>> {
  const stated: unknown = typeof given === "object" && given !== null && !Array.isArray(given) ? withoutNulls(given) : (given ?? {});
  const parsed = v.safeParse(schema, stated);
  if (parsed.success) return { ok: true, input: parsed.output };
  const names = Object.keys(schema.entries);
  const sentences = parsed.issues.map((issue) => sentenceAbout(issue, names));
  return { ok: false, reason: [...new Set(sentences)].slice(0, mostSentences).join(" ") };
}

const mostSentences = 5;

function withoutNulls(given: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function sentenceAbout(issue: v.BaseIssue<unknown>, names: readonly string[]): string {
  const key = issue.path?.[0]?.key;
  if (typeof key !== "string") return `The input must be an object with any of ${names.join(", ")}.`;
  if (names.includes(key)) {
    return issue.input === undefined ? `The input ${key} is missing.` : `The input ${key} ${issue.message}.`;
  }
  const meant = nearestName(key, names);
  return `There is no input ${JSON.stringify(key.slice(0, 100))}${meant === undefined ? "." : `; did you mean ${meant}?`} The inputs are ${names.join(", ")}.`;
}
