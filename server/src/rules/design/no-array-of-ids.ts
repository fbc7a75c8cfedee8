/** Arrays that hold the keys of another table's rows. */
import { isSameTypeName } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import { onlyKeyColumn, tableOfStem } from "../namedTables.ts";
import { say, sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";
import { stemOfWords } from "../words.ts";

export const noArrayOfIds = defineRule({
  id: "no-array-of-ids",
  aliases: ["array-of-ids"],
  group: "schema",
  category: "design",
  severity: "warning",
  since: "0.1.0",
  summary: "Keep references to many rows in a table of their own.",
  why: `PostgreSQL has no foreign key for the elements of an array: ids of rows that are gone stay in it, and ids of rows
that never were get in. Finding who refers to a row needs a GIN index, and every change writes the whole array again. A
join table has a foreign key on both sides, and room for what is to say about the pair.`,
  sources: ["https://www.postgresql.org/docs/current/arrays.html#ARRAYS-SEARCHING", "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  *checkTable(table, schema) {
    for (const column of columnsWhere(table, isNamedIds)) {
      const target = targetOf(schema, column);
      if (target === undefined) continue;
      const columns = [column.name];
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, columns),
        message: `${sayColumns(table, columns)} holds keys of ${say(target)} in an array: no foreign key checks them.`,
        related: [{ at: target.origins, message: `${say(target)} has keys of this type.` }],
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Tag {
  id String @id @default(uuid(7)) @db.Uuid
}

model Post {
  id     Int      @id
  tagIds String[] @db.Uuid
//^^^^^^ Post(tagIds) holds keys of Tag in an array: no foreign key checks them.
}
`,
      },
      {
        sql: `CREATE TABLE people (id uuid PRIMARY KEY);
CREATE TABLE task (
  id int PRIMARY KEY,
  assigned_person_ids uuid[] NOT NULL DEFAULT '{}'
--^^^^^^^^^^^^^^^^^^^ task(assigned_person_ids) holds keys of people in an array: no foreign key checks them.
);
`,
      },
    ],
    good: [
      {
        title: "Ids of another system, and of a type that no key here has",
        sql: `CREATE TABLE customer (id bigint PRIMARY KEY);
CREATE TABLE campaign (
  id int PRIMARY KEY,
  stripe_customer_ids text[],
  message_ids text[],
  customer_ids text[]
);
`,
      },
      {
        title: "A table of their own",
        prisma: `model Tag {
  id    Int       @id
  posts PostTag[]
}

model Post {
  id   Int       @id
  tags PostTag[]
}

model PostTag {
  postId Int
  tagId  Int
  post   Post @relation(fields: [postId], references: [id], onDelete: Cascade)
  tag    Tag  @relation(fields: [tagId], references: [id], onDelete: Cascade)

  @@id([postId, tagId])
  @@index([tagId])
}
`,
      },
    ],
  },
});

const endsInIds = /(?:^|[_a-z0-9])(?:ids|Ids|IDS|uuids|Uuids)$/;

function isNamedIds(column: Column): boolean {
  return column.type.isArray && endsInIds.test(column.name) && !isImplied(column);
}

/** The table that the name says, whose key has the elements' type. Words before its name count for UUIDs only: other ids may be anybody's. */
function targetOf(schema: Schema, { name, type }: Column): Table | undefined {
  const words = wordsOf(name).slice(0, -1);
  for (let from = 0; from < (type.name === "uuid" ? words.length : 1); from++) {
    const target = tableOfStem(schema, stemOfWords(words.slice(from)));
    const key = target === undefined ? undefined : onlyKeyColumn(target);
    if (key !== undefined && isSameTypeName(key.type, { ...type, isArray: false })) return target;
  }
  return undefined;
}
