import { db } from "./prisma";

export async function board(pipelineId: number) {
  const prisma = db();
  const stages = await prisma.stage.findMany({ where: { pipelineId }, orderBy: { position: "asc" } });
  return Promise.all(
    stages.map(async (stage) => ({
      ...stage,
      deals: await prisma.opportunity.findMany({ where: { stageId: stage.id, status: "open" }, include: { account: true, owner: true } }),
    })),
  );
}

export async function addToAmount(id: string, plus: number) {
  const prisma = db();
  const deal = await prisma.opportunity.findUnique({ where: { id } });
  await prisma.opportunity.update({ where: { id }, data: { amount: deal!.amount + plus } });
}

export async function win(id: string, notify: (id: string) => Promise<void>) {
  await db().$transaction(async (tx) => {
    const deal = await tx.opportunity.update({ where: { id }, data: { status: "won", closeDate: new Date() } });
    await tx.activity.create({ data: { userId: deal.ownerId, entityType: "opportunity", entityId: id, type: "note", subject: "won" } });
    // tell slack
    await notify(id);
  });
}

export async function staleDeals(organizationId: string) {
  const prisma = db();
  const deals = await prisma.opportunity.findMany({ where: { organizationId, status: "open" } });
  const stale = [];
  for (const deal of deals) {
    const last = await prisma.activity.findFirst({ where: { entityType: "opportunity", entityId: deal.id }, orderBy: { createdAt: "desc" } });
    if (!last || last.createdAt < new Date(Date.now() - 30 * 24 * 3600 * 1000)) stale.push(deal);
  }
  return stale;
}

export async function reset() {
  await db().opportunity.deleteMany({});
}
