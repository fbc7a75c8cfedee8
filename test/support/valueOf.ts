/** What an answer holds; a test fails with the reason where it holds none. */
import assert from "node:assert/strict";

export function valueOf<T>(answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string }): T {
  if (!answer.ok) assert.fail(answer.reason);
  return answer.value;
}
