/** Changes of a Prisma schema that no migration makes. */
import { enumOutOfStep, outOfStep } from "../../model/outOfStep.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireMigration = defineRule({
  id: "require-migration",
  aliases: ["schema-migrations-out-of-sync"],
  group: "schema",
  category: "changes",
  severity: "information",
  languages: ["prisma"],
  since: "0.1.0",
  summary: "Create a migration for what the Prisma schema says and the migrations do not.",
  why: `Prisma Client is generated from the schema, and the database is made by the migrations. Where the two differ, queries
for a column that is in no migration fail (P2022) on every database that is deployed to, and the next migration that
somebody creates for something else changes this as well.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-alter.html", "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/mental-model"],
  *checkTable(table, schema) {
    const [first, ...others] = outOfStep(table, schema);
    if (first === undefined) return;
    const [stated] = first.disagreement.layers;
    if (first.name === undefined && stated.value === "absent") {
      yield { at: table.origins, subject: table.key, message: `No model states ${say(table)}, which the migrations make: Prisma's next migration drops it.` };
      return;
    }
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    yield {
      // What is in the migrations only is missed where the schema states the rest of the table.
      at: first.name !== undefined && stated.value === "absent" ? table.origins : first.disagreement.origins,
      subject: table.key,
      message: `${say(table)} differs from its migrations: ${first.what}${more}. Create a migration.`,
    };
  },
  *checkSchema(schema) {
    for (const type of schema.enums.values()) {
      const what = enumOutOfStep(type.key, schema);
      if (what !== undefined) yield { at: type.origins, subject: type.key, message: `${type.name} differs from its migrations: ${what}. Create a migration.` };
    }
  },
  examples: {
    bad: [
      {
        title: "A field that is new, and one that is gone",
        history: `CREATE TABLE "Deal" ("id" SERIAL NOT NULL, "stage" TEXT NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY ("id"));
`,
        prisma: `model Deal {
  id     Int      @id @default(autoincrement())
  amount Decimal?
//^^^^^^ Deal differs from its migrations: column amount is in no migration (and 1 more). Create a migration.
}
`,
      },
      {
        title: "A model, and a value of an enum",
        history: `CREATE TYPE "Stage" AS ENUM ('NEW', 'WON');
CREATE TABLE "Deal" ("id" SERIAL NOT NULL, "stage" "Stage" NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY ("id"));
`,
        prisma: `model Deal {
  id    Int   @id @default(autoincrement())
  stage Stage
}

model Account {
//    ^^^^^^^ Account differs from its migrations: it is in no migration. Create a migration.
  id Int @id
}

enum Stage {
//   ^^^^^ Stage differs from its migrations: LOST is in no migration. Create a migration.
  NEW
  WON
  LOST
}
`,
      },
    ],
    good: [
      {
        title: "What Prisma cannot say is no difference",
        history: `CREATE TABLE "Deal" ("id" SERIAL NOT NULL, "stage" TEXT NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY ("id"));
ALTER TABLE "Deal" ADD CONSTRAINT "Deal_stage_check" CHECK ("stage" <> '');
CREATE INDEX deal_open ON "Deal" ("stage") WHERE "stage" <> 'WON';
`,
        prisma: `model Deal {
  id    Int    @id @default(autoincrement())
  stage String
}
`,
      },
      {
        title: "A column that goes by two names while it is renamed in steps",
        history: `CREATE TABLE "Deal" ("id" SERIAL NOT NULL, "stage" TEXT NOT NULL, CONSTRAINT "Deal_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "Deal_stage_key" ON "Deal" ("stage");
ALTER TABLE "Deal" ADD COLUMN "phase" text;
CREATE UNIQUE INDEX "Deal_phase_key" ON "Deal" ("phase");
CREATE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER zz_stage_phase_sync BEFORE INSERT OR UPDATE ON "Deal" FOR EACH ROW EXECUTE FUNCTION sync();
COMMENT ON TRIGGER zz_stage_phase_sync ON "Deal" IS 'The column "stage" is being renamed to "phase": both are kept in step until a migration ends it.';
`,
        prisma: `model Deal {
  id    Int    @id @default(autoincrement())
  phase String @unique
}
`,
      },
      {
        title: "Without migrations",
        prisma: `model Deal {
  id Int @id
}
`,
      },
    ],
  },
});
