/** From offer to payment: products, quotes, orders, invoices. Totals are the sums of their lines, to the cent. */
import { day, later, money } from "./table.ts";
import type { Opportunity, Product, Tenant, World } from "./world.ts";
import { now } from "./world.ts";

const productTotal = 700;

export function seedCommerce(world: World, tenant: Tenant): void {
  seedProducts(world, tenant);
  const numbers = { quote: 0, order: 0, invoice: 0 };
  for (const opportunity of tenant.opportunities) {
    if (opportunity.status === "WON" ? world.random.chance(0.55) : world.random.chance(0.25)) seedQuote(world, tenant, opportunity, numbers);
  }
}

function seedProducts({ random, faker, table }: World, tenant: Tenant): void {
  const books = [
    { name: "List prices", from: "2023-01-01", until: null },
    { name: "Partner prices", from: "2023-01-01", until: null },
    { name: "List prices 2022", from: "2022-01-01", until: "2023-01-01" },
  ];
  for (const { name, from, until } of books) {
    const id = random.uuid(tenant.since);
    table("price_books").add({ id, organization_id: tenant.id, name, currency: tenant.currency, valid_from: from, valid_until: until, created_at: tenant.since, updated_at: tenant.since });
    tenant.priceBooks.push(id);
  }
  const size = Math.max(12, Math.round(tenant.share * productTotal));
  for (let i = 0; i < size; i++) {
    const product: Product = { id: random.uuid(tenant.since), name: faker.commerce.productName(), price: Math.round(random.longTailed(180, 1.1)) * 100 + 90 };
    table("products").add({
      ...{ id: product.id, organization_id: tenant.id, sku: `P-${String(1_000 + i)}`, name: product.name, description: random.chance(0.6) ? faker.commerce.productDescription() : null },
      ...{ unit: random.weighted({ piece: 6, licence: 3, hour: 2, month: 2 }), is_active: random.chance(0.9), created_at: tenant.since, updated_at: tenant.since, deleted_at: random.chance(0.02) ? later(now, -random.integer(1, 90)) : null },
    });
    for (const [book, bookId] of tenant.priceBooks.entries()) {
      for (const [step, minimum] of [1, 10, 100].slice(0, random.integer(1, 3)).entries()) {
        const price = Math.round(product.price * (1 - 0.08 * step) * (book === 1 ? 0.85 : 1));
        table("price_book_entries").add({ id: random.uuid(tenant.since), organization_id: tenant.id, price_book_id: bookId, product_id: product.id, min_quantity: minimum, unit_price: money(price), updated_at: tenant.since });
      }
    }
    tenant.products.push(product);
  }
}

interface Line {
  readonly product: Product;
  readonly quantity: number;
  readonly discount: number;
  readonly tax: number;
}

interface Totals {
  readonly subtotal: string;
  readonly tax_total: string;
  readonly total: string;
}

function seedQuote(world: World, tenant: Tenant, opportunity: Opportunity, numbers: { quote: number; order: number; invoice: number }): void {
  const { random, table } = world;
  const isWon = opportunity.status === "WON";
  const createdAt = random.between(opportunity.createdAt, opportunity.closedAt ?? now);
  const status = isWon ? "ACCEPTED" : opportunity.status === "LOST" ? random.weighted({ DECLINED: 7, EXPIRED: 3 }) : random.weighted({ SENT: 6, DRAFT: 4 });
  const sentAt = status === "DRAFT" ? null : random.between(createdAt, opportunity.closedAt ?? now);
  const decidedAt = status === "ACCEPTED" || status === "DECLINED" ? (opportunity.closedAt ?? now) : null;
  const id = random.uuid(createdAt);
  const lines = someLines(world, tenant);
  const totals = totalsOf(lines);
  numbers.quote += 1;
  table("quotes").add(
    {
      ...{ id, organization_id: tenant.id, opportunity_id: opportunity.id, price_book_id: tenant.priceBooks[random.chance(0.8) ? 0 : 1] ?? null, prepared_by_id: opportunity.owner.id, number: `Q-${numbers.quote}` },
      ...{ status, currency: tenant.currency, ...totals, valid_until: day(later(sentAt ?? createdAt, 30)), sent_at: sentAt, decided_at: decidedAt, created_at: createdAt, updated_at: decidedAt ?? createdAt },
    },
    createdAt,
  );
  addLines(world, tenant, "quote", id, lines, createdAt);
  tenant.quotes.push({ id, opportunity, isAccepted: isWon, decidedAt: decidedAt ?? createdAt });
  if (isWon && random.chance(0.9)) seedOrder(world, tenant, opportunity, id, lines, totals, decidedAt ?? now, numbers);
}

function seedOrder(world: World, tenant: Tenant, { account }: Opportunity, quote: string, lines: readonly Line[], totals: Totals, orderedAt: Date, numbers: { order: number; invoice: number }): void {
  const { random, table } = world;
  const id = random.uuid(orderedAt);
  numbers.order += 1;
  const status = orderedAt > later(now, -30) ? "CONFIRMED" : random.weighted({ FULFILLED: 95, CANCELLED: 5 });
  table("orders").add(
    { id, organization_id: tenant.id, account_id: account.id, quote_id: quote, number: `O-${numbers.order}`, status, currency: tenant.currency, ...totals, ordered_at: orderedAt, created_at: orderedAt, updated_at: orderedAt },
    orderedAt,
  );
  addLines(world, tenant, "order", id, lines, orderedAt);
  if (status !== "CANCELLED") seedInvoice(world, tenant, account.id, id, lines, totals, orderedAt, numbers);
}

function seedInvoice(world: World, tenant: Tenant, account: string, order: string, lines: readonly Line[], totals: Totals, orderedAt: Date, numbers: { invoice: number }): void {
  const { random, table } = world;
  const issuedOn = later(orderedAt, random.integer(1, 10));
  const isDraft = issuedOn > now;
  const dueOn = later(issuedOn, 30);
  const isOverdue = dueOn < now;
  const status = isDraft ? "DRAFT" : random.weighted(isOverdue ? { PAID: 93, ISSUED: 5, VOID: 2 } : { ISSUED: 65, PAID: 35, VOID: 0 });
  const id = random.uuid(orderedAt);
  numbers.invoice += 1;
  table("invoices").add(
    {
      ...{ id, organization_id: tenant.id, account_id: account, order_id: order, number: `I-${numbers.invoice}`, status, currency: tenant.currency, ...totals },
      ...{ issued_on: isDraft ? null : day(issuedOn), due_on: day(dueOn), created_at: orderedAt, updated_at: orderedAt },
    },
    orderedAt,
  );
  addLines(world, tenant, "invoice", id, lines, orderedAt);
  if (status !== "PAID" || totals.total === "0.00") return;
  const receivedOn = random.between(issuedOn < now ? issuedOn : now, now);
  const method = random.weighted({ BANK_TRANSFER: 7, DIRECT_DEBIT: 2, CARD: 1 });
  table("payments").add({ id: random.uuid(receivedOn), organization_id: tenant.id, invoice_id: id, amount: totals.total, method, reference: random.chance(0.8) ? `I-${numbers.invoice}` : null, received_on: day(receivedOn), created_at: receivedOn }, receivedOn);
}

function someLines({ random }: World, tenant: Tenant): readonly Line[] {
  const products = random.some(tenant.products, random.integer(1, 4));
  return products.map((product) => ({ product, quantity: Math.max(1, Math.round(random.longTailed(3, 1))), discount: random.weighted({ "0": 7, "5": 2, "10": 1 }) === "0" ? 0 : 5, tax: random.chance(0.9) ? 19 : 7 }));
}

function addLines({ random, table }: World, tenant: Tenant, of: "quote" | "order" | "invoice", owner: string, lines: readonly Line[], at: Date): void {
  for (const [i, { product, quantity, discount, tax }] of lines.entries()) {
    table(`${of}_lines`).add(
      {
        ...{ id: random.uuid(at), organization_id: tenant.id, [`${of}_id`]: owner, product_id: product.id, position: i + 1, description: product.name },
        ...{ quantity, unit_price: money(product.price), discount_percent: discount, tax_percent: tax },
      },
      at,
    );
  }
}

/** As the database computes `net_amount`: rounded to cents, line by line. */
function totalsOf(lines: readonly Line[]): Totals {
  let [subtotal, tax] = [0, 0];
  for (const line of lines) {
    const net = Math.floor((line.quantity * line.product.price * (100 - line.discount) + 50) / 100);
    subtotal += net;
    tax += Math.floor((net * line.tax + 50) / 100);
  }
  return { subtotal: money(subtotal), tax_total: money(tax), total: money(subtotal + tax) };
}
