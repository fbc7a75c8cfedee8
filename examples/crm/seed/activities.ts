/** Timelines: tasks, notes, e-mails, meetings and calls. A few accounts have most of them, and most are of the last months. */
import { later } from "./table.ts";
import type { Account, Contact, Opportunity, Tenant, World } from "./world.ts";
import { now } from "./world.ts";

const total = 25_500;

interface Entry {
  readonly id: string;
  readonly at: Date;
  readonly account: Account;
  readonly contact: Contact | undefined;
}

export function seedActivities(world: World, tenant: Tenant): void {
  const size = Math.max(60, Math.round(tenant.share * total));
  const threads: Thread[] = [];
  const byAccount = new Map<string, Opportunity[]>();
  for (const opportunity of tenant.opportunities) byAccount.set(opportunity.account.id, [...(byAccount.get(opportunity.account.id) ?? []), opportunity]);
  for (let i = 0; i < size; i++) seedActivity(world, tenant, threads, byAccount);
}

function seedActivity(world: World, tenant: Tenant, threads: Thread[], byAccount: ReadonlyMap<string, readonly Opportunity[]>): void {
  const { random, table } = world;
  const kind = random.weighted({ EMAIL: 36, NOTE: 22, TASK: 20, CALL: 14, MEETING: 8 });
  const lead = kind !== "EMAIL" && random.chance(0.08) ? random.favourite(tenant.leads, 1.5) : undefined;
  const account = random.favourite(tenant.accounts, 3.5);
  const at = random.recent(lead?.createdAt ?? account.createdAt, now, 2);
  const contact = account.contacts.length > 0 && random.chance(0.75) ? random.favourite(account.contacts, 2) : undefined;
  const deals = byAccount.get(account.id) ?? [];
  const opportunity = deals.length > 0 && random.chance(0.35) ? random.pick(deals) : undefined;
  const author = random.favourite(tenant.active, 1.5);
  const entry: Entry = { id: random.uuid(at), at, account, contact };
  const subject = subjects[kind](world);
  table("activities").add(
    {
      ...{ id: entry.id, organization_id: tenant.id, kind, subject, occurred_at: at, author_id: author.id, account_id: lead === undefined ? account.id : null },
      ...{ contact_id: lead === undefined ? (contact?.id ?? null) : null, opportunity_id: lead === undefined ? (opportunity?.id ?? null) : null, lead_id: lead?.id ?? null },
      ...{ created_at: at, updated_at: at },
    },
    at,
  );
  if (kind === "TASK") seedTask(world, tenant, entry);
  if (kind === "NOTE") seedNote(world, tenant, entry);
  if (kind === "EMAIL") seedEmail(world, tenant, entry, author.email, threads, subject);
  if (kind === "MEETING") seedMeeting(world, tenant, entry, author.id);
}

const subjects = {
  TASK: ({ random }: World) => random.pick(["Send the offer", "Call back", "Ask for a reference", "Check the invoice", "Prepare the demo", "Renew the contract"]),
  NOTE: ({ random }: World) => random.pick(["Note", "After the call", "From the visit", "Background"]),
  EMAIL: ({ faker }: World) => faker.company.catchPhrase(),
  MEETING: ({ random }: World) => random.pick(["Kick-off", "Demo", "Quarterly review", "Negotiation", "First meeting"]),
  CALL: ({ random }: World) => random.pick(["Reached", "Left a message", "Called back", "Not reached"]),
};

function seedTask({ random, table }: World, tenant: Tenant, { id, at }: Entry): void {
  const dueAt = later(at, random.longTailed(6, 0.8));
  const isOld = dueAt < later(now, -30);
  const status = random.weighted(isOld ? { DONE: 90, CANCELLED: 8, OPEN: 2 } : { DONE: 45, OPEN: 52, CANCELLED: 3 });
  const completedAt = status === "DONE" ? random.between(at, dueAt < now ? dueAt : now) : null;
  const priority = random.weighted({ NORMAL: 80, HIGH: 12, LOW: 8 });
  table("tasks").add({ activity_id: id, organization_id: tenant.id, assignee_id: random.favourite(tenant.active, 1.5).id, status, priority, due_at: dueAt, completed_at: completedAt }, at);
}

function seedNote({ random, faker, table }: World, tenant: Tenant, { id, at }: Entry): void {
  const topic = random.pick(["fast delivery", "refund", "price list", "contract renewal", "new contact person", "support ticket", "budget next year"]);
  const body = `${faker.lorem.sentence()} They asked about ${topic}. ${random.chance(0.4) ? faker.lorem.sentences(2) : ""}`.trim();
  table("notes").add({ activity_id: id, organization_id: tenant.id, body, is_pinned: random.chance(0.02) }, at);
}

interface Thread {
  readonly id: string;
  readonly account: Account;
}

function seedEmail(world: World, tenant: Tenant, { id, at, account, contact }: Entry, author: string, threads: Thread[], subject: string): void {
  const { random, faker, table } = world;
  const known = random.chance(0.6) ? threads.findLast((thread) => thread.account === account) : undefined;
  const thread = known ?? { id: random.uuid(at), account };
  if (known === undefined) {
    table("email_threads").add({ id: thread.id, organization_id: tenant.id, subject, created_at: at }, at);
    threads.push(thread);
    // Only the latest conversations go on.
    if (threads.length > 200) threads.shift();
  }
  const isInbound = random.chance(0.45);
  const other = contact?.email ?? `info@${account.domain}`;
  const [from, to] = isInbound ? [other, author] : [author, other];
  table("emails").add(
    { activity_id: id, organization_id: tenant.id, thread_id: thread.id, direction: isInbound ? "INBOUND" : "OUTBOUND", message_id: `<${id}@mail.example>`, from_address: from, body_text: faker.lorem.sentences(random.integer(1, 3)), sent_at: at },
    at,
  );
  const recipients = new Map([[to, isInbound ? null : (contact?.id ?? null)]]);
  if (random.chance(0.25) && account.contacts.length > 1) {
    const copy = random.pick(account.contacts);
    if (copy.email !== null && !recipients.has(copy.email)) recipients.set(copy.email, copy.id);
  }
  for (const [i, [address, contactId]] of [...recipients].entries()) {
    table("email_recipients").add({ organization_id: tenant.id, email_id: id, kind: i === 0 ? "TO" : "CC", address, contact_id: contactId }, at);
  }
}

function seedMeeting({ random, table }: World, tenant: Tenant, { id, at, account }: Entry, author: string): void {
  const startsAt = random.chance(0.06) ? random.between(now, later(now, 21)) : at;
  const isRemote = random.chance(0.7);
  table("meetings").add(
    { activity_id: id, organization_id: tenant.id, starts_at: startsAt, ends_at: later(startsAt, random.pick([0.5, 1, 1, 1.5, 2]) / 24), location: isRemote ? null : "On site", conference_url: isRemote ? `https://meet.example/${id.slice(-12)}` : null },
    at,
  );
  const members = new Set([author, ...random.some(tenant.active, random.integer(0, 2)).map((member) => member.id)]);
  const asked = [...[...members].map((member) => ({ member, contact: null })), ...random.some(account.contacts, random.integer(0, 2)).map((contact) => ({ member: null, contact: contact.id }))];
  for (const { member, contact } of asked) {
    const response = startsAt > now ? random.weighted({ PENDING: 5, ACCEPTED: 5 }) : random.weighted({ ACCEPTED: 80, PENDING: 10, DECLINED: 6, TENTATIVE: 4 });
    const respondedAt = response === "PENDING" ? null : at;
    table("meeting_attendees").add({ id: random.uuid(at), organization_id: tenant.id, meeting_id: id, membership_id: member, contact_id: contact, response, responded_at: respondedAt }, at);
  }
}
