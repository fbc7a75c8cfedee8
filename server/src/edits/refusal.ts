/** Why an intent cannot be written: an expected outcome, told to the user as it is. */
export interface Refusal {
  readonly ok: false;
  /** One sentence: what cannot be done, and what to do instead. */
  readonly reason: string;
}

export function refuse(reason: string): Refusal {
  return { ok: false, reason };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "ok" in value && value.ok === false;
}
