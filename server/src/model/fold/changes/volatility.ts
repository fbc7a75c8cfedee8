/** Whether an expression has one value for a whole statement, or another one for every row. */
import type { AddedColumn } from "../../changes.ts";
import type { Context } from "../context.ts";
import { eachNode, stringsOf } from "../read/nodes.ts";
import type { ExpressionSpec } from "../read/expressionSpec.ts";
import { findRoutine } from "../routineLookup.ts";

/** PostgreSQL's own volatile functions, and those of extensions that make identifiers. `provolatile = 'v'` in pg_proc. */
const volatileFunctions = new Set(
  (
    "random random_normal setseed clock_timestamp timeofday gen_random_uuid uuidv4 uuidv7 nextval setval currval lastval " +
    "pg_sleep set_config txid_current pg_current_xact_id gen_random_bytes gen_salt uuid_generate_v1 uuid_generate_v1mc " +
    "uuid_generate_v4 uuid_generate_v7 uuid_v7 uuid_v4 nanoid ulid generate_ulid gen_ulid cuid cuid2"
  ).split(" "),
);

/**
 * PostgreSQL 11 and newer keep a default that is not volatile beside the table and write no row. Functions of the history
 * are what they say they are; those of others are taken to be stable.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function volatilityOf({ node, hasSubquery }: ExpressionSpec, ctx: Context): AddedColumn["default"] {
  let found: AddedColumn["default"] = "constant";
  if (hasSubquery) return "volatile";
  eachNode(node, (each) => {
    if ("SQLValueFunction" in each) found = found === "volatile" ? found : "stable";
    if (!("FuncCall" in each)) return true;
    const path = stringsOf(each.FuncCall.funcname);
    const known = findRoutine(path, ctx)?.volatility;
    const isVolatile = known === undefined ? volatileFunctions.has(path.at(-1) ?? "") : known === "volatile";
    if (isVolatile) found = "volatile";
    else if (found === "constant") found = "stable";
    return true;
  });
  return found;
}
