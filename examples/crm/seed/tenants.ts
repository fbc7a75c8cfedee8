/** Organizations of very different size, and the people who work in them: a few large tenants have most of everything. */
import type { Member, Tenant, World } from "./world.ts";
import { beginning, now } from "./world.ts";
import { later } from "./table.ts";

const count = 14;
const roles = {
  Administrator: ["accounts", "contacts", "opportunities", "quotes", "invoices", "settings"].flatMap((each) => [`${each}:read`, `${each}:write`]),
  "Sales representative": ["accounts:read", "accounts:write", "contacts:read", "contacts:write", "opportunities:read", "opportunities:write", "quotes:read"],
  Accountant: ["accounts:read", "quotes:read", "invoices:read", "invoices:write"],
  Viewer: ["accounts:read", "contacts:read", "opportunities:read"],
};
const regions = ["Europe/Berlin", "Europe/Paris", "America/New_York", "UTC", "Asia/Singapore"];

export function seedTenants(world: World): void {
  // Zipf's law: the n-th largest has an n-th of the largest.
  const sizes = Array.from({ length: count }, (_, i) => 1 / (i + 1) ** 1.1);
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  for (const [i, size] of sizes.entries()) seedTenant(world, i, size / whole);
}

function seedTenant(world: World, index: number, share: number): void {
  const { random, faker } = world;
  const since = index === 0 ? beginning : random.between(beginning, later(now, -200));
  const id = random.uuid(since);
  const name = faker.company.name();
  const currency = random.weighted({ EUR: 6, USD: 3, CHF: 1 });
  const slug = `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}-${index + 1}`;
  world.table("organizations").add({ id, name, slug, currency, time_zone: random.pick(regions), created_at: since, updated_at: since }, since);
  const tenant: Tenant = {
    ...{ id, currency, since, share, members: [], active: [], accounts: [], contacts: [], leads: [], opportunities: [] },
    ...{ pipelines: [], lossReasons: [], tags: [], campaigns: [], products: [], priceBooks: [], quotes: [] },
  };
  world.tenants.push(tenant);
  seedMembers(world, tenant, seedRoles(world, tenant), slug);
  seedTeams(world, tenant);
}

function seedRoles({ random, table }: World, { id, since }: Tenant): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(roles).map(([name, permissions]) => {
      const role = random.uuid(since);
      table("roles").add({ id: role, organization_id: id, name, created_at: since, updated_at: since });
      for (const permission of permissions) table("role_permissions").add({ organization_id: id, role_id: role, permission, granted_at: since });
      return [name, role];
    }),
  );
}

function seedMembers(world: World, tenant: Tenant, roleIds: ReadonlyMap<string, string>, slug: string): void {
  const { random, faker, table } = world;
  const size = Math.max(4, Math.round(tenant.share * 260));
  for (let i = 0; i < size; i++) {
    const createdAt = i < 3 ? tenant.since : random.between(tenant.since, later(now, -5));
    const [given, family] = [faker.person.firstName(), faker.person.lastName()];
    const user = random.uuid(createdAt);
    const email = `${given}.${family}${i + 1}@${slug}.example`.toLowerCase().replace(/[^a-z0-9.@-]/g, "");
    const status = i < 3 ? "ACTIVE" : random.weighted({ ACTIVE: 82, LEFT: 12, INVITED: 4, SUSPENDED: 2 });
    const hasSignedIn = status !== "INVITED";
    table("users").add(
      {
        ...{ id: user, email, display_name: `${given} ${family}`, locale: random.weighted({ en: 7, de: 2, fr: 1 }) },
        ...{ last_signed_in_at: hasSignedIn ? random.recent(createdAt, now, 4) : null, deactivated_at: status === "LEFT" ? random.between(createdAt, now) : null },
        ...{ created_at: createdAt, updated_at: createdAt },
      },
      createdAt,
    );
    const role = i === 0 ? "Administrator" : random.weighted({ "Sales representative": 78, Viewer: 14, Accountant: 6, Administrator: 2 });
    const member: Member = { id: random.uuid(createdAt), email };
    const job = random.chance(0.85) ? faker.person.jobTitle() : null;
    table("memberships").add(
      { id: member.id, organization_id: tenant.id, user_id: user, role_id: roleIds.get(role) ?? null, status, job_title: job, created_at: createdAt, updated_at: createdAt },
      createdAt,
    );
    tenant.members.push(member);
    if (status === "ACTIVE") tenant.active.push(member);
  }
}

function seedTeams(world: World, tenant: Tenant): void {
  const { random, table } = world;
  const names = ["Sales", "New business", "Key accounts", "Partners", "Customer success"].slice(0, Math.max(2, Math.round(tenant.share * 20)));
  let root: string | null = null;
  for (const name of names) {
    const id = random.uuid(tenant.since);
    table("teams").add({ id, organization_id: tenant.id, parent_id: root, name, created_at: tenant.since, updated_at: tenant.since });
    const members = root === null ? tenant.active : tenant.active.filter(() => random.chance(1.2 / names.length));
    for (const [i, member] of members.entries()) table("team_memberships").add({ organization_id: tenant.id, team_id: id, membership_id: member.id, is_lead: i === 0, joined_at: tenant.since });
    root ??= id;
  }
}
