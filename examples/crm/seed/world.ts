/** What is made so far, for what is made next: a row that refers to another takes it from here. */
import type { Faker } from "@faker-js/faker";
import type { Random } from "./random.ts";
import { Table } from "./table.ts";

/** The moment at which everything below was: nothing is younger, and nothing depends on the day the seed runs. */
export const now = new Date("2026-11-01T08:00:00.000Z");
export const beginning = new Date("2023-10-01T08:00:00.000Z");

export interface World {
  readonly random: Random;
  readonly faker: Faker;
  /** In the order in which foreign keys let them be loaded. */
  readonly tables: ReadonlyMap<string, Table>;
  table(name: string): Table;
  readonly tenants: Tenant[];
}

/** An organization with what belongs to it. The first has the most. */
export interface Tenant {
  readonly id: string;
  readonly currency: string;
  readonly since: Date;
  /** Of all customers, deals and activities. */
  readonly share: number;
  readonly members: Member[];
  /** Those that work now. */
  readonly active: Member[];
  readonly accounts: Account[];
  readonly contacts: Contact[];
  readonly leads: Lead[];
  readonly opportunities: Opportunity[];
  readonly pipelines: Pipeline[];
  readonly lossReasons: string[];
  readonly tags: string[];
  readonly campaigns: Campaign[];
  readonly products: Product[];
  readonly priceBooks: string[];
  readonly quotes: Quote[];
}

export interface Member {
  readonly id: string;
  readonly email: string;
}

export interface Account {
  readonly id: string;
  readonly domain: string;
  readonly createdAt: Date;
  readonly contacts: Contact[];
}

export interface Contact {
  readonly id: string;
  readonly email: string | null;
  readonly account: Account | undefined;
  readonly createdAt: Date;
}

export interface Lead {
  readonly id: string;
  readonly createdAt: Date;
}

export interface Pipeline {
  readonly id: string;
  /** From left to right, with the chance of winning in percent. */
  readonly stages: readonly { readonly id: string; readonly probability: number }[];
}

export interface Opportunity {
  readonly id: string;
  readonly account: Account;
  readonly owner: Member;
  readonly status: "OPEN" | "WON" | "LOST";
  readonly createdAt: Date;
  readonly closedAt: Date | null;
}

export interface Campaign {
  readonly id: string;
  readonly startsOn: Date;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  /** Cents. */
  readonly price: number;
}

export interface Quote {
  readonly id: string;
  readonly opportunity: Opportunity;
  readonly isAccepted: boolean;
  readonly decidedAt: Date;
}

const tableNames = [
  ...["organizations", "users", "roles", "role_permissions", "memberships", "teams", "team_memberships"],
  ...["custom_fields", "custom_field_options", "tags", "accounts", "account_addresses", "contacts", "contact_phones"],
  ...["pipelines", "pipeline_stages", "loss_reasons", "campaigns", "opportunities", "opportunity_contacts", "opportunity_stage_changes"],
  ...["leads", "campaign_members", "account_tags", "contact_tags", "opportunity_tags", "consents"],
  ...["activities", "tasks", "notes", "email_threads", "emails", "email_recipients", "meetings", "meeting_attendees"],
  ...["products", "price_books", "price_book_entries", "quotes", "quote_lines", "orders", "order_lines", "invoices", "invoice_lines", "payments"],
  ...["attachments", "webhook_endpoints", "webhook_subscriptions", "webhook_deliveries", "imports", "import_rows", "audit_entries"],
];

export function emptyWorld(random: Random, faker: Faker): World {
  const tables = new Map(tableNames.map((name) => [name, new Table(name)]));
  const table = (name: string): Table => {
    const found = tables.get(name);
    if (found === undefined) throw new Error(`There is no table ${name}.`);
    return found;
  };
  return { random, faker, tables, table, tenants: [] };
}
