/** Changes of a Prisma schema over a history of SQL, for tests of what is written for them. */
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import type { Sending } from "../../server/src/model/migration/migration.ts";
import { type CreateInput, proposeMigration, type Proposal, type ProposedFile } from "../../server/src/migrations/create.ts";
import type { RenameAnswers } from "../../server/src/migrations/renames.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { parseSql } from "../../server/src/sql/parse.ts";

export interface Scenario {
  /** A sentence's rest: "a migration that …". */
  readonly title: string;
  /** On top of `usersHistory`. */
  readonly sql?: string;
  readonly schema: string;
  readonly answers?: Partial<RenameAnswers>;
  readonly sending?: Sending;
  /** Whose files come first. */
  readonly behind?: Scenario;
}

export const usersHistory = `CREATE TYPE "Stage" AS ENUM ('LEAD', 'WON');
CREATE TABLE "Company" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    CONSTRAINT "Company_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "phone1" TEXT,
    "age" INTEGER NOT NULL DEFAULT 1,
    "stage" "Stage" NOT NULL DEFAULT 'LEAD',
    "companyId" INTEGER,
    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE INDEX "User_age_email_idx" ON "User"("age", "email");
ALTER TABLE "User" ADD CONSTRAINT "User_companyId_fkey" FOREIGN KEY ("companyId") REFERENCES "Company"("id") ON DELETE SET NULL ON UPDATE CASCADE;
`;

const stage = "enum Stage {\n  LEAD\n  WON\n}\n";
const company = "model Company {\n  id    Int    @id @default(autoincrement())\n  name  String\n  users User[]\n}\n";
const user = `model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique
  phone1    String?
  age       Int      @default(1)
  stage     Stage    @default(LEAD)
  companyId Int?
  company   Company? @relation(fields: [companyId], references: [id])

  @@index([age, email])
}
`;

/** What `usersHistory` makes. */
export const usersSchema = stage + company + user;

const edited = (from: string | RegExp, to: string): string => usersSchema.replace(from, to);

const seats = (type: string): string => `model Seat {
  row    ${type}
  number Int
  parent ${type}?
  label  String @unique(map: "Seat_label_key")
  of     Seat?  @relation("of", fields: [parent, number], references: [row, number], onDelete: NoAction, onUpdate: NoAction)
  parts  Seat[] @relation("of")

  @@id([row, number])
}
`;
const seatsHistory = `CREATE TABLE "Seat" (
    "row" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "parent" INTEGER,
    "label" TEXT NOT NULL,
    CONSTRAINT "Seat_pkey" PRIMARY KEY ("row", "number")
);
CREATE UNIQUE INDEX "Seat_label_key" ON "Seat"("label");
ALTER TABLE "Seat" ADD CONSTRAINT "Seat_parent_number_fkey" FOREIGN KEY ("parent", "number") REFERENCES "Seat"("row", "number") ON DELETE NO ACTION ON UPDATE NO ACTION;
`;

const numberToPhone: Scenario = { title: "renames a column in steps", schema: edited("phone1    String?", "phone     String? @unique").replace("@@index([age, email])", "@@index([age, email])\n  @@index([phone])"), sql: 'CREATE INDEX "User_phone1_idx" ON "User" ("phone1");\nCREATE UNIQUE INDEX "User_phone1_key" ON "User" ("phone1");\n', answers: { renamed: [{ from: "User.phone1", to: "phone" }], inSteps: ["User.phone1"] } };
const keyInSteps: Scenario = { title: "renames a key that others refer to in steps", schema: edited("  id    Int    @id", "  number Int   @id").replace("references: [id]", "references: [number]"), answers: { renamed: [{ from: "Company.id", to: "number" }], inSteps: ["Company.id"] } };
const userToPerson: Scenario = { title: "renames a table in steps, and a column of it", schema: usersSchema.replaceAll("User", "Person").replace("  email  ", "  mail  ").replace("[age, email]", "[age, mail]"), answers: { renamed: [{ from: "User", to: "Person" }, { from: "Person.email", to: "mail" }], inSteps: ["User"] } };

export const scenarios: readonly Scenario[] = [
  numberToPhone,
  { ...numberToPhone, title: "ends a rename in steps", answers: { ended: ["User.phone1"] }, behind: numberToPhone },
  { ...numberToPhone, title: "calls a rename in steps off", schema: edited("phone1    String?", "phone1    String? @unique").replace("@@index([age, email])", "@@index([age, email])\n  @@index([phone1])"), answers: {}, behind: numberToPhone },
  keyInSteps,
  { ...keyInSteps, title: "ends the rename of a key", answers: { ended: ["Company.id"] }, behind: keyInSteps },
  userToPerson,
  { ...userToPerson, title: "ends the rename of a table", answers: { ended: ["User"] }, behind: userToPerson },
  { title: "puts the values of an enum in another order", schema: edited("  LEAD\n  WON\n", "  WON\n  LEAD\n"), answers: { reordered: ["Stage"] } },
  { title: "adds an index to a table in use", schema: edited("@@index([age, email])", "@@index([age, email])\n  @@index([phone1])") },
  { title: "drops an index", schema: edited("  @@index([age, email])\n", "") },
  { title: "changes an index under its name", schema: edited("@@index([age, email])", '@@index([age(sort: Desc), email], map: "User_age_email_idx")') },
  { title: "adds a unique index", schema: edited("phone1    String?", "phone1    String? @unique") },
  { title: "adds a foreign key on a new column", schema: edited("  companyId Int?", "  bossId Int?\n  boss User? @relation(\"boss\", fields: [bossId], references: [id])\n  staff User[] @relation(\"boss\")\n  companyId Int?") },
  { title: "changes what a foreign key does", schema: edited("references: [id])", "references: [id], onDelete: Cascade)") },
  { title: "adds a table with a foreign key to one in use", schema: `${edited("companyId Int?", "posts Post[]\n  companyId Int?")}model Post {\n  id String @id @default(uuid()) @db.Uuid\n  userId Int\n  user User @relation(fields: [userId], references: [id])\n  @@index([userId])\n}\n` },
  { title: "adds a required column with a constant", schema: edited("  phone1 ", "  city String @default(\"Berlin\")\n  phone1 ") },
  { title: "adds a required column with a value of its own for each row", schema: edited("  phone1 ", '  token String @default(dbgenerated("gen_random_uuid()")) @db.Uuid\n  phone1 ') },
  { title: "adds a required column that Prisma Client fills", schema: edited("  phone1 ", "  token String @default(uuid()) @db.Uuid\n  phone1 ") },
  { title: "adds a required column that people fill", schema: edited("  phone1 ", "  city String\n  phone1 "), answers: { filled: [{ subject: "User.city", sql: "'Berlin'" }] } },
  { title: "numbers the rows there are", schema: edited("  phone1 ", "  number Int @default(autoincrement())\n  phone1 ") },
  { title: "requires a column", schema: edited("phone1    String?", "phone1    String"), answers: { filled: [{ subject: "User.phone1", sql: "'-'" }] } },
  { title: "gives an integer more room beside everybody", schema: edited("age       Int ", "age       BigInt ") },
  { title: "makes a text of a number", schema: edited('age       Int      @default(1)', 'age       String   @default("1")') },
  { title: "makes a text of an enum", schema: edited('stage     Stage    @default(LEAD)', 'stage     String   @default("LEAD")').replace(stage, "") },
  { title: "gives a numbered key more room", schema: edited("model User {\n  id        Int ", "model User {\n  id        BigInt ") },
  { title: "gives a key that others refer to more room, with those that refer to it", schema: edited("model Company {\n  id    Int ", "model Company {\n  id    BigInt ").replace("companyId Int?", "companyId BigInt?") },
  { title: "gives a key of two columns more room, and a tree that refers to itself", schema: usersSchema + seats("BigInt"), sql: seatsHistory },
  { title: "adds a value to an enum and uses it", schema: edited("  WON\n", "  WON\n  LOST\n").replace("@default(LEAD)", "@default(LOST)") },
  { title: "takes a value from an enum", schema: edited("  WON\n", ""), answers: { dropped: ["Stage.WON"] } },
  { title: "renames a value of an enum", schema: edited("  WON\n", "  CLOSED\n"), answers: { renamed: [{ from: "Stage.WON", to: "CLOSED" }] } },
  { title: "renames an enum", schema: usersSchema.replaceAll("Stage", "Phase"), answers: { renamed: [{ from: "Stage", to: "Phase" }] } },
  { title: "renames a column and indexes it", schema: edited("phone1    String?", "phone     String?").replace("@@index([age, email])", "@@index([age, email])\n  @@index([phone])"), answers: { renamed: [{ from: "User.phone1", to: "phone" }] } },
  { title: "renames a table", schema: usersSchema.replaceAll("User", "Person").replaceAll("Person[]", "Person[]"), answers: { renamed: [{ from: "User", to: "Person" }] } },
  { title: "drops a column with its index", schema: edited("  age       Int      @default(1)\n", "").replace("  @@index([age, email])\n", "") },
  { title: "drops a required column without a default", schema: edited("  name  String\n", ""), answers: { dropped: ["Company.name"] } },
  { title: "drops a table", schema: usersSchema.replace(company, "").replace(/ {2}companyId Int\?\n {2}company .*\n/, "") , answers: { dropped: ["Company"] } },
  { title: "changes a primary key", schema: edited("model User {\n  id        Int      @id @default(autoincrement())", "model User {\n  id        Int      @default(autoincrement())").replace("  @@index([age, email])", "  @@id([id, email])\n  @@index([age, email])") },
];

/** The files that are there before, each sent on its own. */
export function historyOf({ sql = "", behind }: Scenario): readonly ProposedFile[] {
  if (behind === undefined) return [{ suffix: "", up: usersHistory + sql, down: "" }];
  const proposal = proposalOf(behind);
  return [...historyOf(behind), ...(proposal.kind === "migration" ? proposal.files : [])];
}

export function proposalOf(scenario: Scenario, more: Partial<CreateInput> = {}): Proposal {
  const { schema, answers = {}, sending = "message" } = scenario;
  return proposeMigration({
    prisma: fromPrisma([parsePrisma("file:///schema.prisma", schema)], { major: 7 }),
    history: historyOf(scenario).map(({ up }, i) => parseSql(`file:///${i}.sql`, up)),
    foldOptions: {},
    engineSql: undefined,
    answers: { renamed: [], dropped: [], ...answers },
    sending,
    ...more,
  });
}
