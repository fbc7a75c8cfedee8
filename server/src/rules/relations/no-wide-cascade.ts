/** Tables whose delete reaches many others, cascade by cascade. */
import { cascadeCount, cascadeSteps } from "../../model/cascades.ts";
import { say } from "../names.ts";
import { numberIn } from "../options.ts";
import { defineRule } from "../rule.ts";
import { cascadeStep } from "./cascadeStep.ts";

export const noWideCascade = defineRule({
  id: "no-wide-cascade",
  aliases: ["cascade-blast"],
  group: "schema",
  category: "relations",
  severity: "information",
  since: "0.1.0",
  summary: "Know what one DELETE takes along, and keep it within bounds.",
  why: `One statement then deletes rows of all these tables in one transaction, locks them until it ends, and nothing asks
again. A row that was deleted by mistake cannot be put back without the rest. Deleting in steps, or marking rows as
deleted and removing them later in batches, keeps it reviewable.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  options: { tables: { default: 10, description: "From how many other tables on a delete is reported." } },
  *checkTable(table, schema, { options }) {
    const count = cascadeCount(schema, table.key);
    if (count === 0 || count < numberIn(options, "tables")) return;
    const steps = cascadeSteps(schema, table.key);
    yield {
      at: table.origins,
      subject: table.key,
      message: listed(
        `Deleting ${say(table)} deletes from ${count} table${count === 1 ? "" : "s"}: `,
        steps.map((step) => say(step.table)),
        count,
      ),
      related: steps.map(cascadeStep),
    };
  },
  examples: {
    bad: [
      {
        title: "Ten tables, most of them not next to the one that is deleted from",
        prisma: `model Org {
//    ^^^ Deleting Org deletes from 10 tables: Team, Account, Seat, Deal, Contact, Task, Quote, Note, Mail, Line.
  id       Int       @id
  teams    Team[]
  accounts Account[]
}

model Team {
  id    Int    @id
  orgId Int
  org   Org    @relation(fields: [orgId], references: [id], onDelete: Cascade)
  seats Seat[]
}

model Seat {
  id     Int  @id
  teamId Int
  team   Team @relation(fields: [teamId], references: [id], onDelete: Cascade)
}

model Account {
  id       Int       @id
  orgId    Int
  org      Org       @relation(fields: [orgId], references: [id], onDelete: Cascade)
  deals    Deal[]
  contacts Contact[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
  tasks     Task[]
  quotes    Quote[]
}

model Contact {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
  notes     Note[]
  mails     Mail[]
}

model Task {
  id     Int  @id
  dealId Int
  deal   Deal @relation(fields: [dealId], references: [id], onDelete: Cascade)
}

model Quote {
  id     Int    @id
  dealId Int
  deal   Deal   @relation(fields: [dealId], references: [id], onDelete: Cascade)
  lines  Line[]
}

model Line {
  id      Int   @id
  quoteId Int
  quote   Quote @relation(fields: [quoteId], references: [id], onDelete: Cascade)
}

model Note {
  id        Int     @id
  contactId Int
  contact   Contact @relation(fields: [contactId], references: [id], onDelete: Cascade)
}

model Mail {
  id        Int     @id
  contactId Int
  contact   Contact @relation(fields: [contactId], references: [id], onDelete: Cascade)
}
`,
      },
      {
        title: "In a circle each table takes all the others along",
        sql: `CREATE TABLE a (id int PRIMARY KEY);
--           ^ Deleting a deletes from 10 tables: t1, t2, t3, t4, t5, t6, t7, t8, t9, t10.
CREATE TABLE t1 (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE CASCADE);
--           ^^ Deleting t1 deletes from 10 tables: t2, t3, t4, t5, t6, t7, t8, t9, t10, a.
CREATE TABLE t2 (id int PRIMARY KEY, t1_id int REFERENCES t1 ON DELETE CASCADE);
CREATE TABLE t3 (id int PRIMARY KEY, t1_id int REFERENCES t1 ON DELETE CASCADE);
CREATE TABLE t4 (id int PRIMARY KEY, t1_id int REFERENCES t1 ON DELETE CASCADE);
CREATE TABLE t5 (id int PRIMARY KEY, t1_id int REFERENCES t1 ON DELETE CASCADE);
CREATE TABLE t6 (id int PRIMARY KEY, t1_id int REFERENCES t1 ON DELETE CASCADE);
CREATE TABLE t7 (id int PRIMARY KEY, t1_id int REFERENCES t1 ON DELETE CASCADE);
CREATE TABLE t8 (id int PRIMARY KEY, t1_id int REFERENCES t1 ON DELETE CASCADE);
CREATE TABLE t9 (id int PRIMARY KEY, t1_id int REFERENCES t1 ON DELETE CASCADE);
CREATE TABLE t10 (id int PRIMARY KEY, t1_id int REFERENCES t1 ON DELETE CASCADE);
--           ^^^ Deleting t10 deletes from 10 tables: a, t1, t2, t3, t4, t5, t6, t7, t8, t9.
ALTER TABLE a ADD t10_id int REFERENCES t10 ON DELETE CASCADE;
`,
      },
    ],
    good: [
      {
        title: "Rows that are cut loose or that refuse are not deleted, nor is a tree more than one table",
        sql: `CREATE TABLE org (id int PRIMARY KEY, parent_id int REFERENCES org ON DELETE CASCADE);
CREATE TABLE t1 (id int PRIMARY KEY, org_id int REFERENCES org ON DELETE CASCADE, other_id int REFERENCES org ON DELETE CASCADE);
CREATE TABLE t2 (id int PRIMARY KEY, org_id int REFERENCES org ON DELETE CASCADE);
CREATE TABLE t3 (id int PRIMARY KEY, org_id int REFERENCES org ON DELETE CASCADE);
CREATE TABLE t4 (id int PRIMARY KEY, org_id int REFERENCES org ON DELETE CASCADE);
CREATE TABLE t5 (id int PRIMARY KEY, org_id int REFERENCES org ON DELETE CASCADE);
CREATE TABLE t6 (id int PRIMARY KEY, org_id int REFERENCES org ON DELETE CASCADE);
CREATE TABLE t7 (id int PRIMARY KEY, org_id int REFERENCES org ON DELETE CASCADE);
CREATE TABLE t8 (id int PRIMARY KEY, org_id int REFERENCES org ON DELETE CASCADE);
CREATE TABLE t9 (id int PRIMARY KEY, org_id int REFERENCES org ON DELETE SET NULL);
CREATE TABLE t10 (id int PRIMARY KEY, t8_id int REFERENCES t8 ON DELETE RESTRICT);
CREATE TABLE t11 (id int PRIMARY KEY, t10_id int REFERENCES t10 ON DELETE CASCADE);
`,
      },
    ],
  },
});

/** As many names as a line of 120 characters holds, nearest first, and how many more there are. */
function listed(start: string, names: readonly string[], count: number): string {
  let text = start;
  for (const [i, name] of names.entries()) {
    const next = `${text}${i === 0 ? "" : ", "}${name}`;
    const rest = i + 1 === count ? "." : ` and ${count - i - 1} more.`;
    if (i > 0 && next.length + rest.length > 120) return `${text} and ${count - i} more.`;
    text = next;
  }
  return names.length === count ? `${text}.` : `${text} and ${count - names.length} more.`;
}
