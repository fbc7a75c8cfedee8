import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import type { ColumnDef, Constraint, Node, RangeVar } from "@pgsql/types";
import pg from "pg";
import { keyOf, quoteIdentifier } from "../../server/src/model/names.ts";
import { canonicalExpression, canonicalNode } from "../../server/src/sql/canonical.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import type { Statement } from "../../server/src/sql/syntax.ts";
import { forEachCorpus, rolesFile } from "../support/corpora.ts";
import { corpusHistory } from "../support/histories.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { createdStandIn, isLeftOut } from "../support/standIns.ts";

/** Every expression of the corpora is looked up in the catalog right after the statement that states it. */
describe("Canonical expressions of real histories", function () {
  this.timeout(120_000);

  before(loadSqlParser);

  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length === 0) return;
    it(corpus.id, async () => {
      const database = await (await sharedPostgres()).createDatabase();
      try {
        const client = await database.client();
        if (existsSync(rolesFile)) await client.query(readFileSync(rolesFile, "utf8"));
        await client.query('SET check_function_bodies = off; SET search_path = "$user", public, extensions');
        const different: string[] = [];
        for (const { uri, text } of corpusHistory(corpus).files) {
          for (const statement of parseSql(uri, text).statements) {
            if (await isApplied(client, statement)) different.push(...(await missingIn(client, statement)));
          }
        }
        assert.deepEqual(different, []);
      } finally {
        await database.drop();
      }
    });
  });
});

/** Statements run outside of transactions, so that one that fails spoils no other. */
async function isApplied(client: pg.Client, statement: Statement): Promise<boolean> {
  const { tree } = statement;
  if (statement.section === "down" || tree === undefined || "TransactionStmt" in tree || isLeftOut(statement)) return false;
  let isSkipped = false;
  const skipped = ({ code }: { readonly code: string | undefined }): void => void (isSkipped ||= code === duplicateTable);
  client.on("notice", skipped);
  try {
    if (!(await createdStandIn(client, statement))) await client.query(statement.text);
    return !isSkipped;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return false;
    throw error;
  } finally {
    client.off("notice", skipped);
  }
}

/** Also the notice of IF NOT EXISTS when something of that name does exist. */
const duplicateTable = "42P07";

/** The expressions of a statement that the catalog does not have in the same form, beside what it has. */
async function missingIn(client: pg.Client, statement: Statement): Promise<string[]> {
  const stated = statement.tree === undefined ? undefined : expressionsOf(statement.tree);
  if (stated === undefined || stated.expressions.length === 0) return [];
  const printed = await printedExpressions(client, stated.table);
  const known = new Set(printed.map(canonicalExpression));
  return stated.expressions
    .map(canonicalNode)
    .filter((one) => !known.has(one))
    .map((one) => `${one}   NOT IN   ${[...known].join("   ")}`);
}

interface Stated {
  /** As it can stand in SQL. */
  readonly table: string;
  readonly expressions: readonly Node[];
}

function expressionsOf(tree: Node): Stated | undefined {
  if ("CreateStmt" in tree) return stated(tree.CreateStmt.relation, (tree.CreateStmt.tableElts ?? []).flatMap(ofElement));
  if ("IndexStmt" in tree) {
    const keys = (tree.IndexStmt.indexParams ?? []).map((one) => ("IndexElem" in one ? one.IndexElem.expr : undefined));
    return stated(tree.IndexStmt.relation, defined([...keys, tree.IndexStmt.whereClause]));
  }
  if ("AlterTableStmt" in tree) {
    const nodes = (tree.AlterTableStmt.cmds ?? []).flatMap((one) => {
      if (!("AlterTableCmd" in one) || one.AlterTableCmd.def === undefined) return [];
      const { subtype, def } = one.AlterTableCmd;
      return subtype === "AT_ColumnDefault" ? [def] : subtype === "AT_AddColumn" || subtype === "AT_AddConstraint" ? ofElement(def) : [];
    });
    return stated(tree.AlterTableStmt.relation, nodes);
  }
  if ("CreatePolicyStmt" in tree)
    return stated(tree.CreatePolicyStmt.table, defined([tree.CreatePolicyStmt.qual, tree.CreatePolicyStmt.with_check]));
  if ("AlterPolicyStmt" in tree)
    return stated(tree.AlterPolicyStmt.table, defined([tree.AlterPolicyStmt.qual, tree.AlterPolicyStmt.with_check]));
  if ("CreateTrigStmt" in tree) return stated(tree.CreateTrigStmt.relation, defined([tree.CreateTrigStmt.whenClause]));
  return undefined;
}

function stated(relation: RangeVar | undefined, expressions: readonly Node[]): Stated {
  const { schemaname, relname = "" } = relation ?? {};
  return {
    table: schemaname === undefined ? quoteIdentifier(relname) : keyOf(quoteIdentifier(schemaname), quoteIdentifier(relname)),
    expressions,
  };
}

function ofElement(element: Node): Node[] {
  if ("ColumnDef" in element) return ofColumn(element.ColumnDef);
  return "Constraint" in element ? ofConstraint(element.Constraint) : [];
}

function ofColumn(column: ColumnDef): Node[] {
  return (column.constraints ?? []).flatMap((one) => ("Constraint" in one ? ofConstraint(one.Constraint) : []));
}

function ofConstraint({ contype, raw_expr, where_clause }: Constraint): Node[] {
  const isNull = raw_expr !== undefined && "A_Const" in raw_expr && raw_expr.A_Const.isnull === true;
  // A default of NULL is no default; what an exclusion constraint excludes stands in an index.
  return contype === "CONSTR_DEFAULT" && isNull ? [] : defined([raw_expr, where_clause]);
}

function defined(nodes: readonly (Node | undefined)[]): Node[] {
  return nodes.filter((node) => node !== undefined);
}

/** Everything the catalog prints for a table. */
async function printedExpressions(client: pg.Client, table: string): Promise<string[]> {
  const query = `
    SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype = 'c'
    UNION ALL SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = to_regclass($1)
    UNION ALL SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indrelid = to_regclass($1)
    UNION ALL SELECT pg_get_indexdef(indexrelid, key, false) FROM pg_index, generate_series(1, indnkeyatts) key WHERE indrelid = to_regclass($1) AND indkey[key - 1] = 0
    UNION ALL SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = to_regclass($1)
    UNION ALL SELECT pg_get_expr(polwithcheck, polrelid) FROM pg_policy WHERE polrelid = to_regclass($1)
    UNION ALL SELECT substring(pg_get_triggerdef(oid) FROM ' WHEN \\((.*)\\) EXECUTE ') FROM pg_trigger WHERE tgrelid = to_regclass($1)`;
  const { rows } = await client.query<[string | null]>({ text: query, values: [table], rowMode: "array" });
  return rows.flatMap(([text]) => (text === null ? [] : [text]));
}
