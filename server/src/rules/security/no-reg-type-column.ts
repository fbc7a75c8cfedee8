/** Columns whose values are numbers of one cluster's catalog. */
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noRegTypeColumn = defineRule({
  id: "no-reg-type-column",
  aliases: ["reg-type-column"],
  group: "schema",
  category: "security",
  severity: "warning",
  since: "0.1.0",
  summary: "Do not keep references to catalog objects in columns.",
  why: `Such a column holds the object's number in this cluster, which pg_upgrade does not preserve: the upgrade refuses to
begin while any table has one, and with it every security release of the next major version. Keep the name as text.`,
  sources: ["https://www.postgresql.org/docs/current/pgupgrade.html", "https://www.postgresql.org/docs/current/datatype-oid.html"],
  *checkTable(table) {
    if (table.persistence === "temporary") return;
    for (const column of columnsWhere(table, blocksUpgrade)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is ${column.type.name}, which pg_upgrade refuses.`,
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE job (
  id int PRIMARY KEY,
  handler regproc NOT NULL,
--^^^^^^^ job(handler) is regproc, which pg_upgrade refuses.
  language regconfig DEFAULT 'english'
--^^^^^^^^ job(language) is regconfig, which pg_upgrade refuses.
);
`,
      },
      {
        prisma: `model Job {
  id      Int                        @id
  handler Unsupported("regprocedure")
//^^^^^^^ Job(handler) is regprocedure, which pg_upgrade refuses.
}
`,
      },
    ],
    good: [
      {
        title: "Tables, types and roles keep their numbers",
        sql: `CREATE TABLE job (id int PRIMARY KEY, target regclass, kind regtype, owner regrole, handler text);
`,
      },
      {
        prisma: `model Job {
  id     Int                     @id
  target Unsupported("regclass")
}
`,
      },
    ],
  },
});

function blocksUpgrade(column: Column): boolean {
  return column.type.name.startsWith("reg") && lost.has(column.type.name) && column.type.kind === "base" && !isImplied(column);
}

/** `regclass`, `regrole` and `regtype` survive: pg_upgrade keeps the numbers of tables, roles and types. */
const lost = new Set(["regcollation", "regconfig", "regdictionary", "regnamespace", "regoper", "regoperator", "regproc", "regprocedure"]);
