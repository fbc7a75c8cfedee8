/**
 * The rows of a CRM that has been in use for three years: about 200,000, skewed as real ones are. A few tenants and a few
 * accounts have most of everything, most deals are closed, most activities are recent. The same bytes every time: its own
 * chance, its own clock, and names from a fixed version of faker.
 */
import { en, Faker } from "@faker-js/faker";
import { seedActivities } from "./activities.ts";
import { seedCommerce } from "./commerce.ts";
import { seedCustomers } from "./customers.ts";
import { seedOperations } from "./operations.ts";
import { Random } from "./random.ts";
import { seedSales } from "./sales.ts";
import type { Table } from "./table.ts";
import { seedTenants } from "./tenants.ts";
import { emptyWorld, now } from "./world.ts";

/** In the order in which they can be loaded. */
export function seedTables(): readonly Table[] {
  const faker = new Faker({ locale: en, seed: 20_261_101 });
  faker.setDefaultRefDate(now);
  const world = emptyWorld(new Random(20_261_101), faker);
  seedTenants(world);
  for (const tenant of world.tenants) {
    seedCustomers(world, tenant);
    seedSales(world, tenant);
    seedActivities(world, tenant);
    seedCommerce(world, tenant);
    seedOperations(world, tenant);
  }
  return [...world.tables.values()];
}

/**
 * Triggers that write history: the seed brings the history along, with its own times. All others, and every constraint,
 * hold for the rows that are loaded. To be run in the transaction that loads them, by whoever owns the tables; row-level
 * security lets only a role with BYPASSRLS load several tenants.
 */
const ownHistory = [
  ...["memberships", "accounts", "contacts", "leads", "opportunities", "quotes", "orders", "invoices", "consents"].map((table) => ({ table, trigger: "audit" })),
  { table: "opportunities", trigger: "record_first_stage" },
];

export const beforeLoading = ownHistory.map(({ table, trigger }) => `ALTER TABLE public.${table} DISABLE TRIGGER ${trigger};`).join("\n");
export const afterLoading = ownHistory.map(({ table, trigger }) => `ALTER TABLE public.${table} ENABLE TRIGGER ${trigger};`).join("\n");
