/** What a Prisma schema and the database say about the same thing, where they differ. */
import type { Table } from "../../model/schema.ts";
import { columnsWhere } from "../../model/queries.ts";
import { say, sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noCommentDrift = defineRule({
  id: "no-comment-drift",
  aliases: ["comment-drift"],
  group: "schema",
  category: "documentation",
  severity: "information",
  languages: ["prisma"],
  since: "0.1.0",
  summary: "Say the same in /// and in COMMENT ON.",
  why: `Prisma does not write its /// lines into the database and does not read comments from it. Who looks at the schema
and who looks at the database then read two descriptions, and one of them is wrong.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-comment.html",
    "https://www.prisma.io/docs/orm/prisma-schema/overview#comments",
  ],
  *checkTable(table) {
    if (hasDrifted(table)) {
      yield {
        at: table.origins,
        subject: table.key,
        message: `The comment on ${say(table)} in the database is not what /// says.`,
        fix: { title: "Write what /// says into the database", safety: "review", intent: said(table, table.doc) },
      };
    }
    for (const column of columnsWhere(table, hasDrifted)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `The comment on ${sayColumns(table, [column.name])} in the database is not what /// says.`,
        fix: {
          title: "Write what /// says into the database",
          safety: "review",
          intent: { ...said(table, column.doc), column },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `/// What one customer may buy.
model Deal {
//    ^^^^ The comment on Deal in the database is not what /// says.
  id    Int    @id
  /// Open, won or lost.
  stage String
//^^^^^ The comment on Deal(stage) in the database is not what /// says.
}
`,
        history: `CREATE TABLE "Deal" (id int NOT NULL, stage text NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY (id));
COMMENT ON TABLE "Deal" IS 'A sale.';
COMMENT ON COLUMN "Deal".stage IS 'Open or closed.';
`,
        migration: `COMMENT ON TABLE "Deal" IS 'What one customer may buy.';
`,
      },
    ],
    good: [
      {
        title: "Line breaks are no difference, and what only one of them describes is none either",
        prisma: `/// What one customer
/// may buy.
model Deal {
  id    Int    @id
  /// Open, won or lost.
  stage String
  title String
}
`,
        history: `CREATE TABLE "Deal" (id int NOT NULL, stage text NOT NULL, title text NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY (id));
COMMENT ON TABLE "Deal" IS 'What one customer may buy.';
COMMENT ON COLUMN "Deal".title IS 'As the customer calls it.';
`,
      },
    ],
  },
});

function hasDrifted({ doc, comment }: { readonly doc: string | undefined; readonly comment: string | undefined }): boolean {
  return doc !== undefined && comment !== undefined && doc !== comment && plain(doc) !== plain(comment);
}

/** On one line. */
function plain(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}

function said(table: Table, doc: string | undefined): Extract<Fix["intent"], { do: "setComment" }> {
  return { do: "setComment", table, text: doc ?? "", inDatabase: true };
}
