/** Fields of a model in the order that the house is used to. */
import { memoised } from "../../model/memoised.ts";
import { anyOfNames } from "../../model/names.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { namesIn } from "../options.ts";
import { defineRule, type Fix, type OptionValues } from "../rule.ts";

const rest = "...";

export const preferFieldOrder = defineRule({
  id: "prefer-field-order",
  aliases: ["field-order"],
  group: "schema",
  category: "design",
  severity: "information",
  preset: "all",
  languages: ["prisma"],
  since: "0.1.0",
  summary: "Write the fields that many models have at the same place in each of them.",
  why: `Who opens a model looks for its key at the top and for the times of its rows at the bottom. A new table gets its
columns in this order; of tables that are there already nothing changes.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createtable.html", "https://www.prisma.io/docs/orm/prisma-schema/data-model/models"],
  options: {
    order: {
      default: ["id", rest, "created_at", "updated_at", "deleted_at"],
      description: "Names of columns, in their order; case and underscores do not matter. `...` stands for all others.",
    },
  },
  *checkTable(table, _schema, { options }) {
    if (table.prismaName === undefined) return;
    const rankOf = rankingOf(options);
    let before: Column | undefined;
    for (const column of table.columns.values()) {
      if (column.prismaName === undefined) continue;
      if (before !== undefined && rankOf(column) < rankOf(before)) {
        const columns = [column.name];
        yield {
          at: column.origins,
          subject: subjectOfColumns(table, columns),
          message: `${sayColumns(table, columns)} is to stand before ${before.name}.`,
          fix: fixFor(table, rankOf),
        };
        return;
      }
      before = column;
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
  createdAt DateTime @default(now()) @db.Timestamptz(3)
  id        Int      @id
//^^ Account(id) is to stand before createdAt.
  // as on the letterhead
  name      String
}
`,
        fixed: `model Account {
  id        Int      @id
  // as on the letterhead
  name      String
  createdAt DateTime @default(now()) @db.Timestamptz(3)
}
`,
      },
    ],
    good: [
      {
        title: "One of the last ones is missing, and the key is called otherwise",
        prisma: `model Account {
  code      String   @id
  name      String
  createdAt DateTime @default(now()) @db.Timestamptz(3)
  deletedAt DateTime @default(now()) @db.Timestamptz(3)
}
`,
      },
    ],
  },
});

type Ranking = (column: Column) => number;

/** The place of a column's name in the option; of the others, that of `...`, or the end. */
const rankingOf = memoised((options: OptionValues): Ranking => {
  const order = namesIn(options, "order");
  const others = order.includes(rest) ? order.indexOf(rest) : order.length;
  const tests = order.map((name) => (name === rest ? () => false : anyOfNames([name])));
  return ({ name }) => {
    const at = tests.findIndex((isIt) => isIt(name));
    return at < 0 ? others : at;
  };
});

function fixFor(table: Table, rankOf: Ranking): Fix {
  const columns = [...table.columns.values()].sort((a, b) => rankOf(a) - rankOf(b)).map(({ name }) => name);
  return { title: "Put the fields in order", safety: "safe", intent: { do: "orderFields", table, columns } };
}
