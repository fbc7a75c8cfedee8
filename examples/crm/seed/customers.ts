/** Accounts, contacts and what tenants add to them: a few accounts are known to everybody, most to nobody. */
import { slugged } from "./names.ts";
import { day, later, money, type Json } from "./table.ts";
import type { Account, Contact, Tenant, World } from "./world.ts";
import { now } from "./world.ts";

const totals = { accounts: 4_600, contacts: 13_500 };
const tagNames = ["vip", "at risk", "reference", "newsletter", "fair 2026", "partner lead", "do not call", "renewal", "pilot", "public sector", "slow payer", "expansion"];
const tiers = ["gold", "silver", "bronze"];
const industries = ["Manufacturing", "Software", "Retail", "Logistics", "Healthcare", "Education", "Construction", "Finance", "Energy"];

export function seedCustomers(world: World, tenant: Tenant): void {
  seedFields(world, tenant);
  for (const [i, name] of tagNames.entries()) {
    const id = world.random.uuid(tenant.since);
    world.table("tags").add({ id, organization_id: tenant.id, name, color: `#${((i * 0x1f3d5b + 0x336699) & 0xffffff).toString(16).padStart(6, "0")}`, created_at: tenant.since });
    tenant.tags.push(id);
  }
  const size = Math.max(30, Math.round(tenant.share * totals.accounts));
  for (let i = 0; i < size; i++) seedAccount(world, tenant, i, size);
  seedContacts(world, tenant);
}

/** Keys of custom values are those that the tenant has defined: a trigger holds every row to it. */
function seedFields({ random, table }: World, { id, since }: Tenant): void {
  const fields = [
    { entity: "ACCOUNT", key: "tier", type: "OPTION", options: tiers },
    { entity: "ACCOUNT", key: "region", type: "OPTION", options: ["north", "south", "east", "west"] },
    { entity: "ACCOUNT", key: "contract_until", type: "DATE", options: [] },
    { entity: "CONTACT", key: "preferred_channel", type: "OPTION", options: ["email", "phone", "post"] },
    { entity: "OPPORTUNITY", key: "competitor", type: "TEXT", options: [] },
    { entity: "OPPORTUNITY", key: "seats", type: "NUMBER", options: [] },
  ];
  for (const [position, { entity, key, type, options }] of fields.entries()) {
    const field = random.uuid(since);
    const label = key.replaceAll("_", " ");
    table("custom_fields").add({ id: field, organization_id: id, entity, key, label, type, is_required: false, position, created_at: since, updated_at: since });
    for (const [i, value] of options.entries()) table("custom_field_options").add({ organization_id: id, custom_field_id: field, value, label: value, position: i });
  }
}

function seedAccount(world: World, tenant: Tenant, index: number, size: number): void {
  const { random, faker, table } = world;
  const createdAt = random.recent(tenant.since, now, 1.4);
  const name = faker.company.name();
  const domain = `${slugged(name)}-${index + 1}.example`;
  const account: Account = { id: random.uuid(createdAt), domain, createdAt, contacts: [] };
  const isDeleted = random.chance(0.02);
  const lifecycle = index < size * 0.25 ? "CUSTOMER" : random.weighted({ PROSPECT: 62, CUSTOMER: 26, FORMER_CUSTOMER: 9, PARTNER: 3 });
  const values: Json = random.chance(0.55)
    ? { tier: random.weighted({ bronze: 7, silver: 2, gold: 1 }), region: random.pick(["north", "south", "east", "west"]), ...(random.chance(0.3) ? { contract_until: day(random.between(now, later(now, 700))) } : {}) }
    : {};
  const parent = index > 20 && random.chance(0.04) ? random.favourite(tenant.accounts).id : null;
  table("accounts").add(
    {
      ...{ id: account.id, organization_id: tenant.id, parent_id: parent, owner_id: random.chance(0.9) ? random.favourite(tenant.active, 1.5).id : null },
      ...{ name, domain: random.chance(0.82) ? domain : null, lifecycle, industry: random.chance(0.7) ? random.favourite(industries, 1.6) : null },
      ...{ employee_count: random.chance(0.5) ? Math.round(random.longTailed(60, 1.5)) : null, annual_revenue: random.chance(0.3) ? money(Math.round(random.longTailed(3_000_000, 1.6)) * 100) : null },
      ...{ custom_values: values, created_at: createdAt, updated_at: random.recent(createdAt, now, 3), deleted_at: isDeleted ? random.between(createdAt, now) : null },
    },
    createdAt,
  );
  if (random.chance(0.7)) seedAddress(world, tenant, account, "OFFICE");
  if (random.chance(0.15)) seedAddress(world, tenant, account, "BILLING");
  for (const tag of random.chance(0.4) ? random.some(tenant.tags.slice(0, random.integer(1, tenant.tags.length)), random.integer(1, 3)) : []) {
    table("account_tags").add({ organization_id: tenant.id, account_id: account.id, tag_id: tag }, createdAt);
  }
  if (!isDeleted) tenant.accounts.push(account);
}

function seedAddress({ random, faker, table }: World, tenant: Tenant, account: Account, kind: string): void {
  const location = faker.location;
  table("account_addresses").add(
    {
      ...{ id: random.uuid(account.createdAt), organization_id: tenant.id, account_id: account.id, kind, street: location.streetAddress(), city: location.city() },
      ...{ region: random.chance(0.5) ? location.state() : null, postal_code: random.chance(0.95) ? location.zipCode() : null },
      ...{ country_code: random.weighted({ DE: 5, US: 4, FR: 2, CH: 1, AT: 1, GB: 1 }), updated_at: account.createdAt },
    },
    account.createdAt,
  );
}

function seedContacts(world: World, tenant: Tenant): void {
  const { random } = world;
  const size = Math.round(tenant.share * totals.contacts);
  const taken = new Set<string>();
  for (let i = 0; i < size; i++) {
    const account = random.chance(0.94) ? random.favourite(tenant.accounts, 2) : undefined;
    seedContact(world, tenant, account, taken);
  }
}

function seedContact(world: World, tenant: Tenant, account: Account | undefined, taken: Set<string>): void {
  const { random, faker, table } = world;
  const createdAt = random.recent(account?.createdAt ?? tenant.since, now, 1.4);
  const [given, family] = [faker.person.firstName(), faker.person.lastName()];
  const deletedAt = random.chance(0.025) ? random.between(createdAt, now) : null;
  const isErased = deletedAt !== null && random.chance(0.3);
  const domain = account === undefined || random.chance(0.03) ? "mail.example" : account.domain;
  // A few people are known to several tenants, under one address.
  const wanted = random.chance(0.01) ? `adviser${random.integer(1, 80)}@agency.example` : `${slugged(given)}.${slugged(family)}@${domain}`;
  const email = isErased || random.chance(0.06) || taken.has(wanted) ? null : wanted;
  if (email !== null) taken.add(email);
  const contact: Contact = { id: random.uuid(createdAt), email, account, createdAt };
  table("contacts").add(
    {
      ...{ id: contact.id, organization_id: tenant.id, account_id: account?.id ?? null, owner_id: random.chance(0.8) ? random.favourite(tenant.active, 1.5).id : null },
      ...{ given_name: isErased || random.chance(0.05) ? null : given, family_name: isErased ? "erased" : family, email, job_title: isErased || random.chance(0.35) ? null : faker.person.jobTitle() },
      ...{ custom_values: !isErased && random.chance(0.2) ? { preferred_channel: random.weighted({ email: 6, phone: 3, post: 1 }) } : {} },
      ...{ created_at: createdAt, updated_at: random.recent(createdAt, now, 3), deleted_at: deletedAt, erased_at: isErased ? deletedAt : null },
    },
    createdAt,
  );
  if (isErased) return;
  const phones = random.chance(0.45) ? random.integer(1, 2) : 0;
  for (let i = 0; i < phones; i++) {
    const number = `+49${random.integer(30, 89)}${random.integer(1_000_000, 9_999_999)}`;
    table("contact_phones").add({ id: random.uuid(createdAt), organization_id: tenant.id, contact_id: contact.id, kind: random.weighted({ WORK: 5, MOBILE: 4, OTHER: 1 }), number, updated_at: createdAt }, createdAt);
  }
  for (const tag of random.chance(0.2) ? random.some(tenant.tags, random.integer(1, 2)) : []) table("contact_tags").add({ organization_id: tenant.id, contact_id: contact.id, tag_id: tag }, createdAt);
  if (random.chance(0.3)) seedConsents(world, tenant, contact);
  if (deletedAt !== null) return;
  tenant.contacts.push(contact);
  account?.contacts.push(contact);
}

function seedConsents({ random, table }: World, tenant: Tenant, contact: Contact): void {
  for (const purpose of random.some(["NEWSLETTER", "PRODUCT_NEWS", "EVENTS", "PROFILING"], random.integer(1, 2))) {
    const grantedAt = random.between(contact.createdAt, now);
    const withdrawnAt = random.chance(0.12) ? random.between(grantedAt, now) : null;
    table("consents").add(
      {
        ...{ id: random.uuid(grantedAt), organization_id: tenant.id, contact_id: contact.id, lead_id: null, purpose, lawful_basis: random.weighted({ CONSENT: 8, LEGITIMATE_INTEREST: 1, CONTRACT: 1 }) },
        ...{ source: random.pick(["web form", "fair", "e-mail", "contract"]), granted_at: grantedAt, withdrawn_at: withdrawnAt, created_at: grantedAt },
      },
      grantedAt,
    );
  }
}
