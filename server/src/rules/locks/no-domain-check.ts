/** Checks of domains, which read every table that uses them. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noDomainCheck = defineRule({
  id: "no-domain-check",
  aliases: ["domain-constraint"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Add checks of domains NOT VALID, and validate them afterwards.",
  why: `ALTER DOMAIN ADD CONSTRAINT and SET NOT NULL read all rows of every table with a column of the domain, while
nobody can write to any of them. ADD CONSTRAINT takes NOT VALID, and VALIDATE CONSTRAINT follows in another
transaction.`,
  sources: ["https://www.postgresql.org/docs/current/sql-alterdomain.html"],
  *checkStatement(statement) {
    for (const { at, domain, isValid, tables } of changesOf(statement, "addDomainCheck")) {
      if (!isValid) continue;
      yield {
        at,
        subject: domain,
        message: `Nobody can write to ${tables.slice(0, 3).map(say).join(", ")}${tables.length > 3 ? " and others" : ""} while ${domain} is checked for every row.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Every table that uses it is read",
        history: `CREATE DOMAIN email AS text;
CREATE TABLE contact (id int PRIMARY KEY, email email);
`,
        sql: `ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (VALUE LIKE '%@%');
--           ^^^^^ Nobody can write to contact while email is checked for every row.
`,
      },
    ],
    good: [
      {
        title: "NOT VALID",
        history: `CREATE DOMAIN email AS text;
CREATE TABLE contact (id int PRIMARY KEY, email email);
`,
        sql: "ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (VALUE LIKE '%@%') NOT VALID;\n",
      },
    ],
  },
});
