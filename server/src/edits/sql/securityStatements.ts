/** Intents about rights and row-level security as SQL statements over a database that has what they change. */
import { sqlIdentifier } from "../../model/names.ts";
import { formatType } from "../../model/pgTypes.ts";
import type { Routine } from "../../model/schema.ts";
import { isRoutine, type SecurityIntent } from "../intents/securityIntent.ts";

/** How an object is named: with its schema or without. The same as `Naming` of `sqlStatements.ts`. */
type Naming = (object: { readonly schema: string; readonly name: string }) => string;

/** Whole statements with their semicolons, in the order to run them. */
export function securityStatements(intent: SecurityIntent, naming: Naming): readonly string[] {
  switch (intent.do) {
    case "setRowSecurity":
      return [`ALTER TABLE ${naming(intent.table)} ${switchesOf(intent).join(", ")};`];
    case "setPolicy": {
      const conditions = [
        ...(intent.using === undefined ? [] : [`USING (${intent.using})`]),
        ...(intent.withCheck === undefined ? [] : [`WITH CHECK (${intent.withCheck})`]),
      ];
      return [`ALTER POLICY ${sqlIdentifier(intent.policy.name)} ON ${naming(intent.table)} ${conditions.join(" ")};`];
    }
    case "setViewOption":
      return [`ALTER VIEW ${naming(intent.view)} SET (${intent.option} = ${intent.value});`];
    case "setRoutineSetting":
      return [`ALTER ${signature(intent.routine, naming)} ${routineSetting(intent)};`];
    case "revoke": {
      const { on, privileges, from } = intent;
      const object = isRoutine(on) ? signature(on, naming) : naming(on);
      return [`REVOKE ${privileges.join(", ")} ON ${object} FROM ${from === "public" ? "PUBLIC" : sqlIdentifier(from)};`];
    }
  }
}

/** `SET search_path = public, pg_temp`. */
export function routineSetting({ setting, value }: Extract<SecurityIntent, { do: "setRoutineSetting" }>): string {
  return `SET ${setting} = ${value}`;
}

function switchesOf({ enabled, forced }: Extract<SecurityIntent, { do: "setRowSecurity" }>): readonly string[] {
  return [
    ...(enabled === undefined ? [] : [`${enabled ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`]),
    ...(forced === undefined ? [] : [`${forced ? "FORCE" : "NO FORCE"} ROW LEVEL SECURITY`]),
  ];
}

/** `FUNCTION name(integer, text)`: there may be others of that name. */
function signature(routine: Routine, naming: Naming): string {
  const types = routine.argumentTypes.map(formatType).join(", ");
  return `${routine.kind === "procedure" ? "PROCEDURE" : routine.kind === "aggregate" ? "AGGREGATE" : "FUNCTION"} ${naming(routine)}(${types})`;
}
