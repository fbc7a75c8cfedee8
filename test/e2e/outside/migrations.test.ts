/** Migrations in the window of a real VS Code, on a real PostgreSQL: from a changed schema to a changed database and back. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { type RunningPostgres, startPostgres, type TestDatabase } from "../../support/postgres.ts";
import { expectEventually } from "../support/eventually.ts";
import { type ExtensionsFolder, installVsix, packagedOnce } from "../support/installedExtension.ts";
import { Workbench } from "../support/workbench.ts";

const schema = `generator client {
  provider = "prisma-client"
  output   = "../generated"
}

datasource db {
  provider = "postgresql"
}

model Contact {
  id        String   @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  email     String   @unique @db.Citext
  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3)

  @@map("contacts")
}
`;
const first = `CREATE EXTENSION IF NOT EXISTS citext;
CREATE TABLE "contacts" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "email" CITEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "contacts_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "contacts_email_key" ON "contacts" ("email");
`;

describe("Migrations in the editor", () => {
  let extensions: ExtensionsFolder | undefined;
  let folder: string;
  let postgres: RunningPostgres;
  let database: TestDatabase;
  let window: Workbench;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "migrations-"));
    extensions = await installVsix((await packagedOnce()).path);
    postgres = await startPostgres(18);
    database = await postgres.createDatabase();
    await mkdir(join(folder, "prisma/migrations/20260101090000_contacts"), { recursive: true });
    await writeFile(join(folder, "package.json"), '{ "dependencies": { "prisma": "7.10.0" } }\n');
    await writeFile(join(folder, "prisma/schema.prisma"), schema);
    await writeFile(join(folder, "prisma/migrations/migration_lock.toml"), 'provider = "postgresql"\n');
    await writeFile(join(folder, "prisma/migrations/20260101090000_contacts/migration.sql"), first);
    await writeFile(join(folder, "prisma/migrations/20260101090000_contacts/down.sql"), 'DROP TABLE "contacts";\nDROP EXTENSION citext;\n');
    await writeFile(join(folder, ".env"), `DATABASE_URL="${database.url}"\n`);
    window = await Workbench.open({ extensionsFolder: extensions.path, open: folder, settings: { "workbench.colorTheme": "Default Dark Modern" } });
    await window.openFile("schema.prisma");
    await window.page.locator(".codelens-decoration a").first().waitFor();
  });
  after(async () => {
    await window?.close();
    await extensions?.remove();
    await database?.drop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await window?.screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, "-")}`);
  });

  const row = (text: string | RegExp): Locator => window.page.locator(".pane-body .monaco-list-row", { hasText: text }).first();
  const toast = (text: string | RegExp): Locator => window.page.locator(".notification-toast", { hasText: text }).first();
  const dialog = (): Locator => window.page.locator(".monaco-dialog-box");
  const clearToasts = (): Promise<void> => window.runCommand("Notifications: Clear All Notifications");
  const answer = async (button: string): Promise<string> => {
    await dialog().waitFor();
    const said = await dialog().innerText();
    await dialog().locator(".monaco-button", { hasText: button }).click();
    return said;
  };
  const rows = async (sql: string): Promise<readonly unknown[]> => {
    const client = await database.client();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it("are listed by their files, and no database is asked", async () => {
    await window.page.locator(".activitybar .action-item a[aria-label^='Database Architect']").click();
    await row("contacts").waitFor();
    await row("Compare with a database").waitFor();
    assert.deepEqual(await rows("SELECT 1 FROM pg_stat_activity WHERE application_name = 'Database Architect'"), []);
    await window.screenshot("migrations-files");
  });

  it("run on a database after a plan that names it, and are shown as applied", async () => {
    await row("DATABASE_URL").click();
    await answer("Connect");
    await toast(/PostgreSQL 18\./).waitFor();
    await clearToasts();
    await window.runCommand("Database Architect: Apply Migrations");
    assert.match(await answer("Apply"), /Apply 1 migration on 127\.0\.0\.1:\d+\/\w+ \(development\)\?[^]*20260101090000_contacts/);
    await toast("20260101090000_contacts is applied").waitFor();
    await row(/applied \d{4}-/).waitFor();
    assert.equal((await rows("SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL")).length, 1);
    await window.screenshot("migrations-applied");
    await clearToasts();
  });

  it("are previewed while the schema is typed", async () => {
    await window.openFile("schema.prisma");
    await window.runCommand("Database Architect: Preview Migration");
    await window.page.locator(".view-line", { hasText: "there is nothing to do" }).first().waitFor();
    await window.openFile("schema.prisma");
    await window.clickWord("createdAt");
    await window.page.keyboard.press("Home");
    await window.page.keyboard.type("phone String? \n");
    await window.page.locator(".view-line", { hasText: /ADD\s+COLUMN\s+"phone"/ }).first().waitFor();
    await window.screenshot("migrations-preview");
  });

  it("are written with their way back", async () => {
    await window.page.keyboard.press("ControlOrMeta+s");
    await window.runCommand("Database Architect: Create Migration");
    await window.page.locator(".quick-input-widget", { hasText: "What does it do?" }).waitFor();
    await window.page.keyboard.type("add phone");
    await window.page.keyboard.press("Enter");
    await window.page.locator(".tab.active", { hasText: "migration.sql" }).waitFor();
    const migrations = join(folder, "prisma/migrations");
    await expectEventually("The migration", async () => (await readdir(migrations)).some((name) => name.endsWith("_add_phone")));
    const written = join(migrations, (await readdir(migrations)).find((name) => name.endsWith("_add_phone")) ?? "");
    assert.match(await readFile(join(written, "migration.sql"), "utf8"), /ALTER TABLE "contacts" ADD COLUMN\s+"phone" TEXT/i);
    assert.match(await readFile(join(written, "down.sql"), "utf8"), /DROP COLUMN "phone"/i);
    await row("add_phone").waitFor();
  });

  it("are proven in the embedded PostgreSQL", async () => {
    await clearToasts();
    await window.runCommand("Database Architect: Prove Migration");
    await window.choose("Prove Migration", "The newest");
    await toast(/add_phone: proven up and down/).waitFor();
    await row(/add_phone.*proven/).waitFor();
    await window.screenshot("migrations-proven");
  });

  it("are undone, after what that loses was agreed to", async () => {
    await clearToasts();
    await window.runCommand("Database Architect: Apply Migrations");
    await answer("Apply");
    await toast("is applied").waitFor();
    await rows("INSERT INTO contacts (email, phone) VALUES ('ada@example.com', '1')");
    await clearToasts();
    await window.runCommand("Database Architect: Roll Back Migration");
    await answer("Roll Back");
    assert.match(await answer("Go On"), /Data goes for good[^]*phone/);
    await toast("is rolled back").waitFor();
    assert.deepEqual(await rows("SELECT column_name FROM information_schema.columns WHERE table_name = 'contacts' AND column_name = 'phone'"), []);
    await row(/add_phone.*rolled back/).waitFor();
    await window.screenshot("migrations-rolled-back");
  });

  it("that a database does not follow are shown as drift, object by object", async () => {
    await clearToasts();
    await rows("ALTER TABLE contacts ADD COLUMN nickname text");
    await window.runCommand("Database Architect: Migration Status");
    await row("Drift").waitFor();
    await row("Drift").click();
    await window.page.keyboard.press("ArrowRight");
    await row("column public.contacts.nickname").waitFor();
    await window.screenshot("migrations-drift");
  });

  it("have a history for each table", async () => {
    await window.runCommand("Database Architect: Table History");
    await window.choose("Table History", "public.contacts");
    await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "column phone text added" }).first().waitFor();
    await window.screenshot("migrations-table-history");
    await window.page.keyboard.press("Enter");
    await window.page.locator(".tab.active", { hasText: "migration.sql" }).waitFor();
  });
});
