/** What runs beside the business: files, webhooks, imports, and who changed what. */
import { later, money } from "./table.ts";
import type { Tenant, World } from "./world.ts";
import { now } from "./world.ts";

const totals = { attachments: 1_700, deliveries: 3_500, importRows: 4_000, auditEntries: 8_000 };
const events = ["LEAD_CREATED", "LEAD_CONVERTED", "OPPORTUNITY_STAGE_CHANGED", "OPPORTUNITY_CLOSED", "QUOTE_ACCEPTED", "INVOICE_PAID"];

export function seedOperations(world: World, tenant: Tenant): void {
  seedAttachments(world, tenant);
  seedWebhooks(world, tenant);
  seedImports(world, tenant);
  seedAudit(world, tenant);
}

function seedAttachments({ random, faker, table }: World, tenant: Tenant): void {
  const size = Math.round(tenant.share * totals.attachments);
  for (let i = 0; i < size; i++) {
    const kind = random.weighted({ opportunity: 5, account: 3, quote: 2, contact: 1 });
    const record = { opportunity: tenant.opportunities, account: tenant.accounts, quote: tenant.quotes, contact: tenant.contacts }[kind];
    if (record.length === 0) continue;
    const of = random.favourite<{ readonly id: string }>(record, 2).id;
    const createdAt = random.recent(tenant.since, now, 2);
    const id = random.uuid(createdAt);
    table("attachments").add(
      {
        ...{ id, organization_id: tenant.id, uploaded_by_id: random.favourite(tenant.active, 1.5).id },
        ...{ account_id: kind === "account" ? of : null, contact_id: kind === "contact" ? of : null, opportunity_id: kind === "opportunity" ? of : null, activity_id: null, quote_id: kind === "quote" ? of : null },
        ...{ file_name: faker.system.commonFileName("pdf"), content_type: "application/pdf", byte_size: Math.round(random.longTailed(180_000, 1.2)), sha256: random.bytes(32), storage_key: `${tenant.id}/${id}`, created_at: createdAt },
      },
      createdAt,
    );
  }
}

function seedWebhooks({ random, table }: World, tenant: Tenant): void {
  const endpoints = Array.from({ length: tenant.share > 0.05 ? 2 : 1 }, (_, i) => {
    const id = random.uuid(tenant.since);
    table("webhook_endpoints").add({ id, organization_id: tenant.id, url: `https://hooks.example/${id.slice(-12)}`, secret_ciphertext: random.bytes(48), is_active: i === 0, created_at: tenant.since, updated_at: tenant.since });
    for (const event of random.some(events, 4)) table("webhook_subscriptions").add({ organization_id: tenant.id, endpoint_id: id, event });
    return id;
  });
  const size = Math.round(tenant.share * totals.deliveries);
  for (let i = 0; i < size; i++) {
    const createdAt = random.recent(later(now, -60), now, 2);
    const status = createdAt > later(now, -0.2) ? "PENDING" : random.weighted({ DELIVERED: 97, FAILED: 3, PENDING: 0 });
    const record = random.pick(tenant.opportunities).id;
    table("webhook_deliveries").add(
      {
        ...{ id: random.uuid(createdAt), organization_id: tenant.id, endpoint_id: random.favourite(endpoints), event: random.favourite(events, 1.5), payload: { id: record, at: createdAt.toISOString() }, status },
        ...{ attempts: status === "PENDING" ? 0 : status === "FAILED" ? 8 : 1, next_attempt_at: createdAt, response_status: status === "PENDING" ? null : status === "FAILED" ? 503 : 200, last_error: status === "FAILED" ? "Service Unavailable" : null, created_at: createdAt },
      },
      createdAt,
    );
  }
}

function seedImports({ random, faker, table }: World, tenant: Tenant): void {
  const rows = Math.round(tenant.share * totals.importRows);
  const size = Math.max(1, Math.round(rows / 400));
  for (let i = 0; i < size; i++) {
    const createdAt = random.between(tenant.since, now);
    const id = random.uuid(createdAt);
    table("imports").add(
      {
        ...{ id, organization_id: tenant.id, created_by_id: random.pick(tenant.active).id, kind: random.weighted({ CONTACTS: 6, ACCOUNTS: 2, LEADS: 2 }), status: "COMPLETED", file_name: `import-${i + 1}.csv`, storage_key: `${tenant.id}/imports/${id}` },
        ...{ created_at: createdAt, started_at: createdAt, finished_at: later(createdAt, 0.01) },
      },
      createdAt,
    );
    for (let row = 1; row <= Math.round(rows / size); row++) {
      const status = random.weighted({ IMPORTED: 93, SKIPPED: 5, FAILED: 2 });
      table("import_rows").add(
        { organization_id: tenant.id, import_id: id, row_number: row, raw: { name: faker.person.fullName(), line: row }, status, error: status === "FAILED" ? "The address is not one." : null },
        createdAt,
      );
    }
  }
}

function seedAudit({ random, table }: World, tenant: Tenant): void {
  const size = Math.round(tenant.share * totals.auditEntries);
  for (let i = 0; i < size; i++) {
    const opportunity = random.favourite(tenant.opportunities, 2);
    const changedAt = random.recent(opportunity.createdAt, now, 2);
    const [before, after] = [random.longTailed(9_000, 1), random.longTailed(9_000, 1)].map((amount) => ({ amount: Number(money(Math.round(amount * 100))) }));
    table("audit_entries").add(
      {
        ...{ id: random.uuid(changedAt), organization_id: tenant.id, table_name: "opportunities", row_key: opportunity.id, action: "UPDATE", actor_id: random.chance(0.95) ? opportunity.owner.id : null, changed_at: changedAt },
        ...{ before: before ?? null, after: after ?? null },
      },
      changedAt,
    );
  }
}
