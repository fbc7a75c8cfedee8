/** People who cannot be deleted, because rows that must name them refuse. */
import { isAboutPeople } from "../../model/personalData.ts";
import { type Reference, referencingKeys } from "../../model/queries.ts";
import type { Schema, Table } from "../../model/schema.ts";
import { say, sayColumns, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";
import { isErasedByRoutine } from "./upkeep.ts";

export const noBlockedErasure = defineRule({
  id: "no-blocked-erasure",
  aliases: ["erasure-path-blocked"],
  group: "schema",
  category: "privacy",
  severity: "information",
  since: "0.1.0",
  summary: "Have a way to erase a person.",
  why: `Everybody may ask to be erased. Here a delete is refused by rows that must name the person, and nothing marks him as
erased while they stay: neither a column such as erased_at or deleted_at, nor a routine that takes out what is
personal. It is found out under a deadline of one month.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK", "https://gdpr-info.eu/art-17-gdpr/"],
  *checkTable(table, schema) {
    if (!isAboutPeople(table) || canBeAnonymised(table) || isErasedByRoutine(schema, table)) return;
    const blocking = blockingKeys(schema, table);
    const [first] = blocking;
    if (first === undefined) return;
    const others = blocking.length - 1;
    const more = others === 0 ? "" : ` and ${others} more`;
    yield {
      at: table.origins,
      subject: table.key,
      message: `A row of ${say(table)} cannot be erased: ${sayColumns(first.table, first.foreignKey.columns)}${more} must name it.`,
      related: blocking.map(({ table: owner, foreignKey }) => ({ at: foreignKey.origins, message: `${say(owner)} refuses the delete.` })),
    };
  },
  examples: {
    bad: [
      {
        prisma: `model User {
//    ^^^^ A row of User cannot be erased: Post(authorId) must name it.
  id    Int    @id
  email String
  posts Post[]
}

model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [id], onDelete: Restrict)
}
`,
      },
      {
        title: "Also below what a delete takes along",
        sql: `CREATE TABLE customer (id int PRIMARY KEY, email text NOT NULL);
--           ^^^^^^^^ A row of customer cannot be erased: payment(order_id) must name it.
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE);
CREATE TABLE payment (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders);
`,
      },
    ],
    good: [
      {
        title: "Rows go along or are cut loose, a column marks the erased, or nothing in it is personal",
        sql: `CREATE TABLE customer (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customer);
CREATE TABLE visit (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE);
CREATE TABLE patient (id int PRIMARY KEY, last_name text NOT NULL, anonymized_at timestamptz);
CREATE TABLE treatment (id int PRIMARY KEY, patient_id int NOT NULL REFERENCES patient);
CREATE TABLE member (id int PRIMARY KEY, level int NOT NULL);
CREATE TABLE fee (id int PRIMARY KEY, member_id int NOT NULL REFERENCES member);
`,
      },
      {
        title: "A routine takes out what is personal",
        sql: `CREATE TABLE customer (id int PRIMARY KEY, email text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer);
CREATE FUNCTION erase_customer(customer_id int) RETURNS void LANGUAGE sql AS 'UPDATE customer SET email = NULL WHERE id = customer_id';
`,
      },
    ],
  },
});

/** The keys that refuse a delete of the person, by himself or of what goes along. A key whose columns may be null can be cut loose first. */
function blockingKeys(schema: Schema, person: Table): readonly Reference[] {
  const found: Reference[] = [];
  const waiting = [person.key];
  const seen = new Set(waiting);
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    for (const reference of referencingKeys(schema, key)) {
      const { table, foreignKey } = reference;
      if (table.key === person.key) continue;
      if (foreignKey.onDelete === "cascade") {
        if (seen.has(table.key)) continue;
        seen.add(table.key);
        waiting.push(table.key);
      } else if (refuses(reference)) found.push(reference);
    }
  }
  // What a delete takes along by another way refuses nothing.
  return found.filter(({ table }) => !seen.has(table.key));
}

function refuses({ table, foreignKey }: Reference): boolean {
  if (foreignKey.onDelete !== "restrict" && foreignKey.onDelete !== "noAction") return false;
  return foreignKey.columns.every((column) => table.columns.get(column)?.notNull === true);
}

/** A column that marks a row as erased says that rows stay and lose what is personal. */
function canBeAnonymised(table: Table): boolean {
  for (const { name } of table.columns.values()) if (wordsOf(name).some((word) => marks.has(word))) return true;
  return false;
}

const marks = new Set(
  "erased anonymized anonymised anonymous deleted pseudonymized pseudonymised redacted forgotten scrubbed deactivated".split(" "),
);
