/** What fixes of rights and row-level security mean. Prisma has no words for any of it: they are always written in SQL. */
import type { Origins, Policy, Routine, Table, View } from "../../model/schema.ts";

export type SecurityIntent =
  /** What is not named stays as it is. */
  | { readonly do: "setRowSecurity"; readonly table: Table; readonly enabled?: boolean; readonly forced?: boolean }
  /** New conditions of a policy, as SQL; what is not named stays as it is. */
  | { readonly do: "setPolicy"; readonly table: Table; readonly policy: Policy; readonly using?: string; readonly withCheck?: string }
  | { readonly do: "setViewOption"; readonly view: View; readonly option: string; readonly value: string }
  /** `value` as SQL: names are quoted where they must be. */
  | { readonly do: "setRoutineSetting"; readonly routine: Routine; readonly setting: string; readonly value: string }
  /** `stated` is where the right was granted; where nobody granted it, as with functions, what made the object. */
  | {
      readonly do: "revoke";
      readonly on: Table | View | Routine;
      readonly privileges: readonly string[];
      /** A role; `public` is everybody. */
      readonly from: string;
      readonly stated: Origins;
    };

export function isSecurityIntent(intent: { readonly do: string }): intent is SecurityIntent {
  return kinds.has(intent.do);
}

const kinds: ReadonlySet<string> = new Set<SecurityIntent["do"]>([
  "setRowSecurity",
  "setPolicy",
  "setViewOption",
  "setRoutineSetting",
  "revoke",
]);

/** A routine has a language, a table or view columns. */
export function isRoutine(object: Table | View | Routine): object is Routine {
  return "language" in object;
}
