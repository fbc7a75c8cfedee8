/** Columns that repeat a column of a row they refer to. */
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { copiedColumns, partOfKey } from "./copiedColumns.ts";

export const noTransitiveCopy = defineRule({
  id: "no-transitive-copy",
  aliases: ["transitive-copy"],
  group: "schema",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "Read through a foreign key what the referenced row says, instead of copying it.",
  why: `The copy depends on the reference and not on the row it stands in (third normal form): when the original changes,
every copy has to change too, and the one update that forgets it leaves two answers to one question. Where the copy is
meant, as what a document said on its day, a comment on the column that calls it a snapshot says so, here too.`,
  sources: ["https://www.postgresql.org/docs/current/tutorial-fk.html", "https://www.postgresql.org/docs/current/tutorial-join.html"],
  *checkTable(table, schema) {
    for (const { column, foreignKey, referenced, original } of copiedColumns(schema, table)) {
      if (partOfKey(table, foreignKey) !== undefined) continue;
      const columns = [column.name];
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, columns),
        message: `${sayColumns(table, columns)} repeats ${sayColumns(referenced, [original.name])}, where ${foreignKey.columns.join(", ")} leads to.`,
        related: [{ at: original.origins, message: "This is the original." }],
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
  id       Int       @id
  name     String
  contacts Contact[]
}

model Contact {
  id          Int      @id
  accountId   Int?
  accountName String?
//^^^^^^^^^^^ Contact(accountName) repeats Account(name), where accountId leads to.
  account     Account? @relation(fields: [accountId], references: [id], onDelete: SetNull)

  @@index([accountId])
}
`,
      },
      {
        title: "By the name the reference has here",
        sql: `CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, full_name varchar(200));
CREATE TABLE deal (
  id int PRIMARY KEY,
  owner_id int NOT NULL REFERENCES users,
  owner_email text
--^^^^^^^^^^^ deal(owner_email) repeats users(email), where owner_id leads to.
);
`,
      },
    ],
    good: [
      {
        title: "What a document said on its day, what is called a snapshot, and what only sounds alike",
        sql: `CREATE TABLE product (id int PRIMARY KEY, name text NOT NULL, status text, price numeric(19, 4));
CREATE TABLE order_line (id int PRIMARY KEY, product_id int REFERENCES product, product_name text NOT NULL);
CREATE TABLE review (
  id int PRIMARY KEY,
  product_id int REFERENCES product,
  product_name text,
  product_status text,
  product_opinion text,
  product_price numeric(19, 4)
);
COMMENT ON COLUMN review.product_name IS 'As it was when the review was written';
`,
      },
    ],
  },
});
