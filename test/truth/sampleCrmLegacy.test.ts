/** The deletes that `examples/crm-legacy/EXPECTED.md` says fail do fail: the cascade gaps there are real. */
import assert from "node:assert/strict";
import type pg from "pg";
import { failureOf, migrated } from "../support/migratedSample.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { crmLegacy } from "../support/samples.ts";

const failures: readonly (readonly [statement: string, failure: string])[] = [
  [`DELETE FROM "Organization" WHERE id = 'with a deal'`, "23503 Opportunity_accountId_fkey"],
  [`DELETE FROM "Pipeline" WHERE name = 'with a deal'`, "23503 Opportunity_stageId_fkey"],
  [`DELETE FROM "Organization" WHERE id = 'with a product sold'`, "23503 QuoteLine_productId_fkey"],
  [`DELETE FROM "Account" WHERE id = 'with a payment'`, "23503 Payment_invoiceId_fkey"],
  [`DELETE FROM "Contact" WHERE id = 'with a mail'`, "23502"],
];

describe("The sample crm-legacy", function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let client: pg.Client;

  before(async () => {
    database = await migrated(crmLegacy, 15);
    client = await database.client();
    await client.query(rows);
  });

  after(() => database.drop());

  for (const [statement, failure] of failures) {
    it(`fails: ${statement}`, async () => {
      assert.equal(await failureOf(client, statement), failure);
    });
  }
});

/** Rows that make the cascade gaps felt, named after what they are for. */
const rows = `
INSERT INTO "Organization" (id, name) VALUES ('ours', 'ours'), ('with a deal', 'x'), ('with a product sold', 'x');
INSERT INTO "User" (id, "organizationId", email, name, password) VALUES ('ann', 'ours', 'ann@example.com', 'Ann', 'x');
INSERT INTO "Account" (id, "organizationId", name, "updatedAt") VALUES ('with a deal', 'with a deal', 'x', now()), ('with a payment', 'ours', 'y', now());
INSERT INTO "Pipeline" (id, "organizationId", name) VALUES (1, 'ours', 'with a deal');
INSERT INTO "Stage" (id, "pipelineId", name, position) VALUES (1, 1, 'First', 1);
INSERT INTO "Opportunity" (id, "organizationId", "accountId", "stageId", "ownerId", name, currency, "updatedAt")
VALUES ('deal', 'with a deal', 'with a deal', 1, 'ann', 'x', 'EUR', now());
INSERT INTO "Product" (id, "organizationId", sku, name, price) VALUES (1, 'with a product sold', 'x', 'x', 1);
INSERT INTO "Quote" (id, "opportunityId", number, "validUntil") VALUES ('quote', 'deal', '1', now());
INSERT INTO "QuoteLine" ("quoteId", "productId", "productName", "unitPrice") VALUES ('quote', 1, 'x', 1);
INSERT INTO "Invoice" (id, "organizationId", "accountId", number, amount, currency, "dueDate") VALUES (1, 'ours', 'with a payment', '1', 1, 'EUR', now());
INSERT INTO "Payment" ("invoiceId", amount) VALUES (1, 1);
INSERT INTO "Contact" (id, "organizationId", "lastName", "updatedAt") VALUES ('with a mail', 'ours', 'x', now());
INSERT INTO "EmailLog" ("contactId", "to", subject) VALUES ('with a mail', 'x', 'x');
`;
