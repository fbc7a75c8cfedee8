/** Reading a rule's options: `settings.ts` has checked their types against the defaults, so a reader cannot fail. */
import type { OptionValues } from "./rule.ts";

/** A list option; empty when there is none of that name. */
export function namesIn(options: OptionValues, name: string): readonly string[] {
  const value = options[name];
  return typeof value === "object" ? value : [];
}
