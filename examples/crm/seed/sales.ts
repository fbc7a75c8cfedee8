/** Pipelines, deals and their way through the stages, leads and campaigns. One deal in nine is open. */
import { slugged } from "./names.ts";
import { day, later, money } from "./table.ts";
import type { Opportunity, Pipeline, Tenant, World } from "./world.ts";
import { now } from "./world.ts";

const totals = { opportunities: 6_500, leads: 5_500, campaignMembers: 5_500 };
const stages = [
  { name: "Qualification", probability: 10, days: 14 },
  { name: "Needs", probability: 25, days: 21 },
  { name: "Proposal", probability: 50, days: 30 },
  { name: "Negotiation", probability: 75, days: 30 },
  { name: "Closing", probability: 90, days: 14 },
];
const lossReasons = ["Price", "No decision", "Competitor", "No budget", "Bad timing", "Missing feature"];

export function seedSales(world: World, tenant: Tenant): void {
  for (const [i, name] of ["New business", "Renewals"].entries()) tenant.pipelines.push(seedPipeline(world, tenant, name, i === 0));
  for (const label of lossReasons) {
    const id = world.random.uuid(tenant.since);
    world.table("loss_reasons").add({ id, organization_id: tenant.id, label, is_active: label !== "Bad timing", created_at: tenant.since });
    tenant.lossReasons.push(id);
  }
  seedCampaigns(world, tenant);
  const size = Math.max(20, Math.round(tenant.share * totals.opportunities));
  for (let i = 0; i < size; i++) seedOpportunity(world, tenant);
  const leads = Math.max(20, Math.round(tenant.share * totals.leads));
  for (let i = 0; i < leads; i++) seedLead(world, tenant);
  seedCampaignMembers(world, tenant);
}

function seedPipeline({ random, table }: World, tenant: Tenant, name: string, isDefault: boolean): Pipeline {
  const times = { created_at: tenant.since, updated_at: tenant.since };
  const id = random.uuid(tenant.since);
  table("pipelines").add({ id, organization_id: tenant.id, name, is_default: isDefault, is_active: true, ...times });
  const made = stages.map((stage, position) => {
    const stageId = random.uuid(tenant.since);
    table("pipeline_stages").add({ id: stageId, organization_id: tenant.id, pipeline_id: id, name: stage.name, position, probability: stage.probability, stale_after_days: stage.days, ...times });
    return { id: stageId, probability: stage.probability };
  });
  return { id, stages: made };
}

function seedOpportunity(world: World, tenant: Tenant): void {
  const { random, faker, table } = world;
  const account = random.favourite(tenant.accounts);
  const owner = random.favourite(tenant.active, 1.5);
  const pipeline = random.favourite(tenant.pipelines, 2);
  const createdAt = random.recent(account.createdAt, later(now, -1), 1.3);
  const isYoung = now.getTime() - createdAt.getTime() < 30 * 86_400_000;
  const status = isYoung && random.chance(0.2) ? "OPEN" : random.weighted({ LOST: 59, WON: 38, OPEN: 3 });
  const reached = status === "WON" ? pipeline.stages.length : Math.min(pipeline.stages.length, Math.ceil(random.fraction() ** 1.3 * pipeline.stages.length));
  const opportunity = random.uuid(createdAt);
  let [enteredAt, from]: [Date, string | null] = [createdAt, null];
  const passed = pipeline.stages.slice(0, Math.max(1, reached));
  for (const [i, stage] of passed.entries()) {
    if (i > 0) enteredAt = earlier(later(enteredAt, random.longTailed(9, 0.9)), now);
    table("opportunity_stage_changes").add(
      { id: random.uuid(enteredAt), organization_id: tenant.id, opportunity_id: opportunity, from_stage_id: from, to_stage_id: stage.id, changed_by_id: random.chance(0.9) ? owner.id : null, changed_at: enteredAt },
      enteredAt,
    );
    from = stage.id;
  }
  const closedAt = status === "OPEN" ? null : earlier(later(enteredAt, random.longTailed(8, 0.8)), now);
  const cents = Math.round(random.longTailed(9_000, 1.3)) * 100;
  const made: Opportunity = { id: opportunity, account, owner, status, createdAt, closedAt };
  const category = status === "OPEN" ? random.weighted({ PIPELINE: 6, BEST_CASE: 2, COMMIT: 1, OMITTED: 1 }) : "PIPELINE";
  const campaign = random.chance(0.15) && tenant.campaigns.length > 0 ? random.favourite(tenant.campaigns).id : null;
  table("opportunities").add(
    {
      ...{ id: opportunity, organization_id: tenant.id, account_id: account.id, pipeline_id: pipeline.id, stage_id: from, owner_id: owner.id, campaign_id: campaign },
      ...{ loss_reason_id: status === "LOST" && random.chance(0.85) ? random.favourite(tenant.lossReasons, 1.8) : null, name: `${faker.commerce.productName()} for ${account.domain.replace(/-\d+\.example$/, "")}` },
      ...{ amount: money(cents), currency: tenant.currency, status, forecast_category: category },
      ...{ expected_close_on: day(closedAt ?? random.between(later(now, -20), later(now, 120))), stage_entered_at: enteredAt, closed_at: closedAt },
      ...{ custom_values: random.chance(0.25) ? { competitor: random.pick(["Northwind", "Contoso", "none"]), seats: random.integer(1, 400) } : {} },
      ...{ created_at: createdAt, updated_at: closedAt ?? enteredAt, deleted_at: random.chance(0.01) ? random.between(enteredAt, now) : null },
    },
    createdAt,
  );
  for (const [i, contact] of random.some(account.contacts, random.integer(0, 3)).entries()) {
    const role = random.weighted({ USER: 4, INFLUENCER: 3, DECISION_MAKER: 2, CHAMPION: 1, PURCHASING: 1 });
    table("opportunity_contacts").add({ organization_id: tenant.id, opportunity_id: opportunity, contact_id: contact.id, role, is_primary: i === 0, added_at: createdAt }, createdAt);
  }
  for (const tag of random.chance(0.2) ? random.some(tenant.tags, 1) : []) table("opportunity_tags").add({ organization_id: tenant.id, opportunity_id: opportunity, tag_id: tag }, createdAt);
  tenant.opportunities.push(made);
}

function seedLead(world: World, tenant: Tenant): void {
  const { random, faker, table } = world;
  const createdAt = random.recent(tenant.since, now, 1.8);
  const age = (now.getTime() - createdAt.getTime()) / 86_400_000;
  const status = random.weighted(age < 14 ? { NEW: 5, WORKING: 4, DISQUALIFIED: 1, NURTURING: 0, QUALIFIED: 0, CONVERTED: 0 } : { DISQUALIFIED: 55, CONVERTED: 25, NURTURING: 12, WORKING: 4, QUALIFIED: 3, NEW: 1 });
  const opportunity = status === "CONVERTED" ? random.favourite(tenant.opportunities) : undefined;
  const contact = opportunity === undefined ? undefined : opportunity.account.contacts[0];
  const convertedAt = status === "CONVERTED" ? random.between(createdAt, now) : null;
  const [given, family] = [faker.person.firstName(), faker.person.lastName()];
  const isKnown = random.chance(0.1) && tenant.contacts.length > 0;
  const email = isKnown ? random.pick(tenant.contacts).email : random.chance(0.9) ? `${slugged(given)}.${slugged(family)}@${random.chance(0.3) ? "mail" : slugged(faker.company.name())}.example` : null;
  const lead = { id: random.uuid(createdAt), createdAt };
  table("leads").add(
    {
      ...{ id: lead.id, organization_id: tenant.id, owner_id: random.chance(0.85) ? random.favourite(tenant.active, 1.5).id : null, campaign_id: random.chance(0.3) ? random.favourite(tenant.campaigns).id : null },
      ...{ company_name: random.chance(0.8) ? faker.company.name() : null, given_name: random.chance(0.9) ? given : null, family_name: family, email, phone: random.chance(0.35) ? `+1${random.integer(2_000_000_000, 9_999_999_999)}` : null },
      ...{ source: random.weighted({ WEBSITE: 50, OUTBOUND: 15, EVENT: 10, REFERRAL: 10, CAMPAIGN: 8, PARTNER: 5, OTHER: 2 }), status, score: Math.min(100, Math.round(random.longTailed(25, 0.7))) },
      ...{ first_response_at: status === "NEW" || random.chance(0.1) ? null : earlier(later(createdAt, random.longTailed(0.3, 1.4)), now), converted_at: convertedAt },
      ...{ converted_account_id: opportunity?.account.id ?? null, converted_contact_id: contact?.id ?? null, converted_opportunity_id: opportunity?.id ?? null },
      ...{ created_at: createdAt, updated_at: convertedAt ?? createdAt, deleted_at: random.chance(0.03) ? random.between(createdAt, now) : null },
    },
    createdAt,
  );
  tenant.leads.push(lead);
}

function seedCampaigns({ random, faker, table }: World, tenant: Tenant): void {
  const size = Math.max(3, Math.round(tenant.share * 70));
  for (let i = 0; i < size; i++) {
    const startsOn = random.recent(tenant.since, later(now, 20), 1.2);
    const endsOn = later(startsOn, random.integer(7, 60));
    const status = startsOn > now ? "PLANNED" : endsOn > now ? "RUNNING" : random.weighted({ FINISHED: 19, CANCELLED: 1 });
    const budget = Math.round(random.longTailed(4_000, 0.8)) * 100;
    const campaign = { id: random.uuid(startsOn), startsOn };
    table("campaigns").add(
      {
        ...{ id: campaign.id, organization_id: tenant.id, owner_id: random.pick(tenant.active).id, name: faker.company.catchPhrase(), channel: random.weighted({ EMAIL: 6, WEBINAR: 2, EVENT: 2, SOCIAL: 2, ADVERTISING: 1, DIRECT_MAIL: 1 }) },
        ...{ status, starts_on: day(startsOn), ends_on: day(endsOn), budget: money(budget), actual_cost: money(Math.round(budget * random.fraction() * 1.2)), currency: tenant.currency },
        ...{ created_at: startsOn, updated_at: startsOn },
      },
      startsOn,
    );
    tenant.campaigns.push(campaign);
  }
}

function seedCampaignMembers({ random, table }: World, tenant: Tenant): void {
  const taken = new Set<string>();
  const size = Math.round(tenant.share * totals.campaignMembers);
  for (let i = 0; i < size; i++) {
    const campaign = random.favourite(tenant.campaigns, 2);
    const isLead = random.chance(0.3);
    const who = isLead ? random.pick(tenant.leads) : random.favourite(tenant.contacts, 1.5);
    const key = `${campaign.id} ${who.id}`;
    if (taken.has(key)) continue;
    taken.add(key);
    const changedAt = random.between(campaign.startsOn < now ? campaign.startsOn : now, now);
    const status = random.weighted({ SENT: 50, OPENED: 25, TARGETED: 12, RESPONDED: 6, BOUNCED: 5, OPTED_OUT: 2 });
    table("campaign_members").add(
      { id: random.uuid(changedAt), organization_id: tenant.id, campaign_id: campaign.id, contact_id: isLead ? null : who.id, lead_id: isLead ? who.id : null, status, status_changed_at: changedAt },
      changedAt,
    );
  }
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
