/** Foreign keys over several columns that a row can fill in halfway, and that are then not checked at all. */
import { foreignKeysOf } from "../../model/queries.ts";
import type { Table } from "../../model/schema.ts";
import { sqlIdentifier } from "../../model/names.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noHalfNullForeignKey = defineRule({
  id: "no-half-null-foreign-key",
  aliases: ["multi-column-fk-nullable"],
  group: "schema",
  category: "relations",
  severity: "information",
  since: "0.1.0",
  summary: "Keep the columns of a foreign key from being null one without the other.",
  why: `With MATCH SIMPLE, the default, a key with one null column is not checked: (country, zip) may be ('XX', NULL)
although there is no country XX. MATCH FULL, or a check that the columns are null together, closes the hole.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    "https://www.postgresql.org/docs/current/functions-comparison.html#FUNCTIONS-COMPARISON-FUNC-TABLE",
  ],
  *checkTable(table, schema) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (foreignKey.columns.length < 2 || foreignKey.match === "full") continue;
      const nullable = foreignKey.columns.filter((column) => table.columns.get(column)?.notNull === false);
      if (nullable.length < 2 || areTied(table, nullable)) continue;
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `${sayColumns(table, foreignKey.columns)} is not checked while only one of ${nullable.join(", ")} is null.`,
        fix:
          foreignKey.origins[0].kind === "prisma"
            ? undefined
            : {
                title: "Add a check that they are null together",
                safety: "review",
                intent: { do: "addCheck", table, columns: nullable, expression: nullTogether(nullable) },
              },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Place {
  country String
  zip     String
  visits  Visit[]

  @@id([country, zip])
}

model Visit {
  id      Int     @id
  country String?
  zip     String?
  place   Place?  @relation(fields: [country, zip], references: [country, zip], onDelete: Restrict)
//^^^^^ Visit(country, zip) is not checked while only one of country, zip is null.
}
`,
      },
      {
        sql: `CREATE TABLE place (country text, zip text, PRIMARY KEY (country, zip));
CREATE TABLE visit (
  id int PRIMARY KEY,
  country text,
  zip text,
  CONSTRAINT visit_place FOREIGN KEY (country, zip) REFERENCES place ON DELETE SET NULL
--           ^^^^^^^^^^^ visit(country, zip) is not checked while only one of country, zip is null.
);
`,
        fixed: `CREATE TABLE place (country text, zip text, PRIMARY KEY (country, zip));
CREATE TABLE visit (
  id int PRIMARY KEY,
  country text,
  zip text,
  CONSTRAINT visit_place FOREIGN KEY (country, zip) REFERENCES place ON DELETE SET NULL,
  CONSTRAINT visit_country_zip_check CHECK (num_nulls(country, zip) IN (0, 2))
);
`,
      },
    ],
    good: [
      {
        title: "One nullable column beside the tenant's says whether there is a parent; MATCH FULL and a check say both or none",
        sql: `CREATE TABLE account (org_id int, id int, PRIMARY KEY (org_id, id));
CREATE TABLE task (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  account_id int,
  FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE SET NULL (account_id)
);
CREATE TABLE note (
  id int PRIMARY KEY,
  org_id int,
  account_id int,
  FOREIGN KEY (org_id, account_id) REFERENCES account MATCH FULL ON DELETE CASCADE
);
CREATE TABLE mail (
  id int PRIMARY KEY,
  org_id int,
  account_id int,
  FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE CASCADE,
  CHECK ((org_id IS NULL) = (account_id IS NULL))
);
`,
      },
    ],
  },
});

/** Whether a check of the table speaks of two of the columns: it is there to keep them together. */
function areTied(table: Table, columns: readonly string[]): boolean {
  return table.checks.some(({ expression }) => columns.filter((column) => expression.columns.includes(column)).length > 1);
}

function nullTogether(columns: readonly string[]): string {
  return `num_nulls(${columns.map(sqlIdentifier).join(", ")}) IN (0, ${columns.length})`;
}
