/** Facts about row-level security, policies, views, routines and rights, and how the intents that are about them change these. */
import { isRoutine, type SecurityIntent } from "../../server/src/edits/intents/securityIntent.ts";
import { canonicalExpression } from "../../server/src/sql/canonical.ts";
import type { Expression, Grant, Policy, Routine, Table, View } from "../../server/src/model/schema.ts";
import { plain } from "./plain.ts";

/** The table itself, without its parts. */
export function tableFact(table: Table): string {
  const { key, prismaName, doc, kind, persistence, complete, rowSecurity, partitionBy, partitionOf, inherits, comment } = table;
  return `table ${plain({ key, prismaName, doc, kind, persistence, complete, rowSecurity, partitionBy, partitionOf, inherits, comment })}`;
}

export function policyFact(table: Table, { name, permissive, command, roles, using, withCheck, comment }: Policy): string {
  return `${table.key}: policy ${plain({ name, permissive, command, roles, using: using?.canonical, withCheck: withCheck?.canonical, comment })}`;
}

export function viewFact({ key, prismaName, materialized, columns, query, reads, options, indexes, triggers, comment }: View): string {
  return `view ${plain({ key, prismaName, materialized, columns, query, reads, options, indexes, triggers, comment })}`;
}

export function routineFact(routine: Routine): string {
  const { key, kind, argumentTypes, argumentNames, returns, language, volatility, securityDefiner, settings, body, isPublic, comment } =
    routine;
  return `routine ${plain({ key, kind, argumentTypes, argumentNames, returns, language, volatility, securityDefiner, settings, body, isPublic, comment })}`;
}

export function grantFact({ objectKind, object, grantee, privileges, withGrantOption }: Grant): string {
  return `grant ${plain({ objectKind, object, grantee, privileges, withGrantOption })}`;
}

interface Difference {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** In patterns a `*` stands for anything: the text of a view differs between a file and a catalog. */
export function securityDifference(intent: SecurityIntent): Difference {
  switch (intent.do) {
    case "setRowSecurity": {
      const { table, enabled = table.rowSecurity.enabled, forced = table.rowSecurity.forced } = intent;
      return swap(tableFact(table), tableFact({ ...table, rowSecurity: { enabled, forced } }));
    }
    case "setPolicy": {
      const { table, policy, using, withCheck } = intent;
      const changed: Policy = { ...policy, using: changedTo(using, policy.using), withCheck: changedTo(withCheck, policy.withCheck) };
      return swap(policyFact(table, policy), policyFact(table, changed));
    }
    case "setViewOption": {
      const { view, option, value } = intent;
      const about: View = { ...view, query: "*" };
      return swap(viewFact(about), viewFact({ ...about, options: new Map([...view.options, [option, value]]) }));
    }
    case "setRoutineSetting": {
      const { routine, setting, value } = intent;
      return swap(routineFact(routine), routineFact({ ...routine, settings: new Map([...routine.settings, [setting, value]]) }));
    }
    case "revoke": {
      const { on, privileges, from } = intent;
      if (isRoutine(on)) return swap(routineFact(on), routineFact({ ...on, isPublic: on.isPublic && from !== "public" }));
      const gone = [...privileges]
        .sort()
        .map((privilege) => `*"${privilege}"*`)
        .join("");
      const held = `grant {"objectKind":"table","object":"${on.key}","grantee":"${from}","privileges":[`;
      return { removed: [`${held}${gone}`], added: [`?${held}*`] };
    }
  }
}

function changedTo(text: string | undefined, before: Expression | undefined): Expression | undefined {
  return text === undefined ? before : { text, canonical: canonicalExpression(text), columns: [] };
}

function swap(before: string, after: string): Difference {
  return { removed: [before], added: [after] };
}
