import { db } from "./prisma";

export async function revenueByOwner(from: string, to: string) {
  const prisma = db();
  const users = await prisma.user.findMany();
  const result: Record<string, number> = {};
  for (const user of users) {
    const deals = await prisma.opportunity.findMany({ where: { ownerId: user.id, status: "won" } });
    result[user.name] = deals
      .filter((deal) => deal.closeDate && deal.closeDate >= new Date(from) && deal.closeDate < new Date(to))
      .reduce((sum, deal) => sum + deal.amount, 0);
  }
  return result;
}

export async function invoiceReport(status: string, month: string) {
  return db().$queryRawUnsafe(`
    SELECT i.*, a.name
    FROM "Invoice" i, "Account" a
    WHERE a.id = i."accountId"
      AND to_char(i."dueDate", 'YYYY-MM') = '${month}'
      AND i.paid = ${status === "paid"}
  `);
}
