/** Personal data from which no foreign key leads to the person. */
import { isAboutPeople, personalColumns } from "../../model/personalData.ts";
import { foreignKeysOf, referencingKeys } from "../../model/queries.ts";
import { lookup } from "../../model/lookup.ts";
import type { Schema, Table } from "../../model/schema.ts";
import { say, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noOrphanedPersonalData = defineRule({
  id: "no-orphaned-personal-data",
  aliases: ["erasure-path-orphan"],
  group: "schema",
  category: "privacy",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Let foreign keys lead from personal data to the person.",
  why: `Who answers what is stored about a person, or erases it, follows the foreign keys. A table with somebody's e-mail
address that no key connects with him is found by searching for the address, if anybody thinks of it.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK", "https://gdpr-info.eu/art-17-gdpr/"],
  *checkTable(table, schema) {
    const found = personalColumns(table).filter(({ data }) => data.isIdentifying);
    const [first] = found;
    if (first === undefined || table.partitionOf !== undefined || table.kind === "foreign") return;
    if (isAboutPeople(table) || !hasPeople(schema, "") || leadsToPeople(schema, table)) return;
    const names = found.map(({ column }) => column.name);
    yield {
      at: first.column.origins,
      subject: subjectOfColumns(table, names),
      message: `${say(table)} holds ${first.data.what} in ${first.column.name}, and no foreign key leads to the person.`,
    };
  },
  examples: {
    bad: [
      {
        prisma: `model User {
  id    Int    @id
  email String
}

model NewsletterEntry {
  id    Int    @id
  email String
//^^^^^ NewsletterEntry holds an e-mail address in email, and no foreign key leads to the person.
}
`,
      },
      {
        sql: `CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE sms (
  id int PRIMARY KEY,
  phone_number text NOT NULL
--^^^^^^^^^^^^ sms holds a telephone number in phone_number, and no foreign key leads to the person.
);
`,
      },
    ],
    good: [
      {
        title: "A key leads to the person, by another table or from him; or there are no people here",
        sql: `CREATE TABLE address (id int PRIMARY KEY, street text NOT NULL);
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, address_id int REFERENCES address ON DELETE SET NULL);
CREATE TABLE session (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE);
CREATE TABLE login (id int PRIMARY KEY, session_id int NOT NULL REFERENCES session ON DELETE CASCADE, ip inet NOT NULL);
`,
      },
      {
        sql: `CREATE TABLE shop (id int PRIMARY KEY, email text NOT NULL);
`,
      },
    ],
  },
});

const hasPeople = lookup((schema) => {
  const found = [...schema.tables.values()].some(isAboutPeople);
  return (): boolean => found;
});

/** How far a key may lead: farther away nobody finds it. */
const maxSteps = 4;

function leadsToPeople(schema: Schema, start: Table): boolean {
  if (referencingKeys(schema, start.key).some(({ table }) => isAboutPeople(table))) return true;
  let reached = [start];
  const seen = new Set([start.key]);
  for (let step = 0; step < maxSteps && reached.length > 0; step++) {
    const next: Table[] = [];
    for (const table of reached) {
      for (const { references } of foreignKeysOf(schema, table)) {
        if (seen.has(references.key)) continue;
        seen.add(references.key);
        const target = schema.tables.get(references.key);
        // Another project's table may be where its people are.
        if (target === undefined || isAboutPeople(target)) return true;
        next.push(target);
      }
    }
    reached = next;
  }
  return false;
}
