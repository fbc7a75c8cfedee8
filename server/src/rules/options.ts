/** Reading a rule's options: `settings.ts` has checked their types against the defaults, so a reader cannot fail. */
import { memoised } from "../model/memoised.ts";
import { anyOfNames } from "../model/names.ts";
import type { OptionValues, RuleContext } from "./rule.ts";

/** A list option; empty when there is none of that name. */
export function namesIn(options: OptionValues, name: string): readonly string[] {
  const value = options[name];
  return typeof value === "object" ? value : [];
}

/** A number option; 0 when there is none of that name. */
export function numberIn(options: OptionValues, name: string): number {
  const value = options[name];
  return typeof value === "number" ? value : 0;
}

/** A switch; off when there is none of that name. */
export function isOn(options: OptionValues, name: string): boolean {
  return options[name] === true;
}

/** A test whether a name is one of a list option, case and underscores aside. */
export function namedBy({ options }: RuleContext, name: string): (name: string) => boolean {
  const known = testsOf(options);
  let test = known.get(name);
  if (test === undefined) {
    test = anyOfNames(namesIn(options, name));
    known.set(name, test);
  }
  return test;
}

const testsOf = memoised((_options: OptionValues) => new Map<string, (name: string) => boolean>());
