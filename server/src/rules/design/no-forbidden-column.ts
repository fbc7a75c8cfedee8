/** Columns that the house does not want. */
import { builtInTypeName, formatType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { namedBy, namesIn } from "../options.ts";
import { defineRule } from "../rule.ts";

export const noForbiddenColumn = defineRule({
  id: "no-forbidden-column",
  aliases: ["forbid-field"],
  group: "schema",
  category: "design",
  severity: "warning",
  since: "0.1.0",
  summary: "Use no column name and no type that the project has ruled out.",
  why: `Some names and types a team has agreed to be done with: an old key that is on its way out, a name that was once used
for two things, a type that a tool cannot read. The rule forbids nothing until its options name something.`,
  sources: ["https://www.postgresql.org/docs/current/datatype.html"],
  options: {
    names: { default: [], description: "Names of columns; case and underscores do not matter. None by default." },
    types: { default: [], description: "Types as SQL writes them, without length or precision: `xml`, `money`. None by default." },
  },
  *checkTable(table, _schema, context) {
    const names = namesIn(context.options, "names");
    const types = namesIn(context.options, "types").map((type) => builtInTypeName(type.toLowerCase()) ?? type);
    if (names.length === 0 && types.length === 0) return;
    const isForbidden = namedBy(context, "names");
    for (const column of columnsWhere(table, (each) => isForbidden(each.name) || types.includes(each.type.name))) {
      if (isImplied(column)) continue;
      const columns = [column.name];
      const what = isForbidden(column.name) ? "has a name" : `is ${formatType({ ...column.type, modifiers: [] })}, a type`;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, columns),
        message: `${sayColumns(table, columns)} ${what} that the settings of this rule forbid.`,
      };
    }
  },
  examples: {
    bad: [
      {
        options: { names: ["legacy_id"], types: [] },
        prisma: `model Account {
  id       Int @id
  legacyId Int
//^^^^^^^^ Account(legacyId) has a name that the settings of this rule forbid.
}
`,
      },
      {
        options: { names: [], types: ["timestamp"] },
        sql: `CREATE TABLE account (
  id int PRIMARY KEY,
  created_at timestamp(3)
--^^^^^^^^^^ account(created_at) is timestamp without time zone, a type that the settings of this rule forbid.
);
`,
      },
    ],
    good: [
      {
        options: { names: ["legacy_id"], types: ["timestamp"] },
        sql: `CREATE TABLE account (
  id int PRIMARY KEY,
  legacy_identifier int,
  created_at timestamptz
);
`,
      },
    ],
  },
});
