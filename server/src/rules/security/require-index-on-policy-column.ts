/** Columns by which policies choose rows, and that no index leads with. */
import { isIndexedBy } from "../../model/indexQueries.ts";
import { doubtAbout, foreignKeysOf, parentOf, partitionsOf } from "../../model/queries.ts";
import type { Policy, Schema, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { searchedColumns } from "./policyConditions.ts";

export const requireIndexOnPolicyColumn = defineRule({
  id: "require-index-on-policy-column",
  aliases: ["rls-policy-column-unindexed"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Index the columns by which policies choose rows.",
  why: `A policy is a condition that every query carries. Without an index on its column, each query reads the rows of
all tenants to show those of one, and gets slower with every tenant that joins.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
    "https://supabase.com/docs/guides/database/postgres/row-level-security#add-indexes",
  ],
  *checkTable(table, schema) {
    if (!table.rowSecurity.enabled || !table.complete) return;
    const reported = new Set<string>();
    for (const policy of table.policies) {
      for (const column of searchedColumns(table, policy.using)) {
        if (reported.has(column) || isFound(schema, table, column)) continue;
        reported.add(column);
        yield {
          at: table.columns.get(column)?.origins ?? policy.origins,
          subject: subjectOfColumns(table, [column]),
          message: `Policy ${policy.name} chooses the rows of ${say(table)} by ${column}, which has no index.`,
          related: [{ at: policy.origins, message: whatItDoes(policy, table, column) }],
          doubt: doubtAbout(schema, table),
          fix: {
            title: `Add an index on ${column}`,
            safety: "safe",
            intent: { do: "addIndex", table, columns: [column] },
          },
        };
      }
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE deal (
  id int PRIMARY KEY,
  stage text NOT NULL,
  org_id int NOT NULL
--^^^^^^ Policy tenant chooses the rows of deal by org_id, which has no index.
);
CREATE INDEX deal_stage_idx ON deal (stage, org_id);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (stage <> 'draft' AND deal.org_id = (SELECT current_setting('app.org_id')::int));
`,
        fixed: `CREATE TABLE deal (
  id int PRIMARY KEY,
  stage text NOT NULL,
  org_id int NOT NULL
);
CREATE INDEX deal_stage_idx ON deal (stage, org_id);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE INDEX deal_org_id_idx ON deal (org_id);
CREATE POLICY tenant ON deal USING (stage <> 'draft' AND deal.org_id = (SELECT current_setting('app.org_id')::int));
`,
      },
    ],
    good: [
      {
        title: "An index leads with it, an alternative leaves it no use, or it is compared with a value of the row",
        sql: `CREATE TABLE deal (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  owner_id int NOT NULL,
  reader_id int NOT NULL,
  writer_id int NOT NULL
);
CREATE INDEX ON deal (org_id, owner_id);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE POLICY own ON deal USING (owner_id = (SELECT current_setting('app.user_id')::int) OR org_id = 1);
CREATE POLICY same ON deal USING (reader_id = abs(writer_id));
`,
      },
    ],
  },
});

/** A single foreign key without an index is what require-index-on-foreign-key reports. */
function isFound(schema: Schema, table: Table, column: string): boolean {
  const columns = [column];
  if (isIndexedBy(table, columns)) return true;
  const parent = parentOf(schema, table);
  if (parent !== undefined && isIndexedBy(parent, columns)) return true;
  const partitions = partitionsOf(schema, table.key);
  if (partitions.length > 0 && partitions.every((partition) => isIndexedBy(partition, columns))) return true;
  return foreignKeysOf(schema, table).some((key) => key.columns.length === 1 && key.columns[0] === column);
}

function whatItDoes({ command }: Policy, table: Table, column: string): string {
  return `Every ${command === "all" ? "query" : command.toUpperCase()} on ${sayColumns(table, [column])} carries this condition.`;
}
