/** Tables that nothing describes. */
import { doubtAbout, isImplied } from "../../model/queries.ts";
import type { Element } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireComment = defineRule({
  id: "require-comment",
  aliases: ["model-undocumented"],
  group: "schema",
  category: "documentation",
  severity: "information",
  preset: "all",
  since: "0.1.0",
  summary: "Say of every table what one row of it stands for.",
  why: `A name is short, and who reads it later was not there when it was chosen. A sentence in /// or COMMENT ON goes where
the table goes: into the editor, the data dictionary, the database's own \\d+, and to whoever asks an assistant.`,
  sources: ["https://www.postgresql.org/docs/current/sql-comment.html"],
  options: { columns: { default: false, description: "Whether columns need one too." } },
  *checkTable(table, schema, { options }) {
    if (!table.complete || table.partitionOf !== undefined) return;
    if (isUndescribed(table)) {
      yield { at: table.origins, subject: table.key, message: `Nothing says what ${say(table)} is.`, doubt: doubtAbout(schema, table) };
    }
    if (options["columns"] !== true) return;
    for (const column of table.columns.values()) {
      if (!isUndescribed(column) || isImplied(column)) continue;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `Nothing says what ${sayColumns(table, [column.name])} is.`,
        doubt: doubtAbout(schema, table),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Deal {
//    ^^^^ Nothing says what Deal is.
  id Int @id
}
`,
      },
      {
        sql: `-- A comment of the file is not in the database.
CREATE TABLE deal (id int PRIMARY KEY);
--           ^^^^ Nothing says what deal is.
`,
      },
    ],
    good: [
      {
        prisma: `/// What one customer may buy.
model Deal {
  id Int @id
}
`,
      },
      {
        title: "In either place",
        prisma: `model Deal {
  id Int @id
}
`,
        history: `CREATE TABLE "Deal" (id int NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY (id));
COMMENT ON TABLE "Deal" IS 'What one customer may buy.';
`,
      },
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE deal_1 PARTITION OF deal FOR VALUES FROM (1) TO (1000);
COMMENT ON TABLE deal IS 'What one customer may buy.';
`,
      },
    ],
  },
});

function isUndescribed({ comment, doc }: Element & { readonly doc: string | undefined }): boolean {
  return comment === undefined && doc === undefined;
}
