import { Prisma } from "@prisma/client";
import { db } from "./prisma";

export async function listContacts(organizationId: string, page: number) {
  const prisma = db();
  const contacts = await prisma.contact.findMany({
    where: { organizationId },
    orderBy: { updatedAt: "desc" },
    skip: page * 50,
    take: 50,
  });

  // add account, owner and number of mails
  const rows = [];
  for (const contact of contacts) {
    const account = contact.accountId ? await prisma.account.findFirst({ where: { id: contact.accountId } }) : null;
    const owner = account?.ownerId ? await prisma.user.findUnique({ where: { id: account.ownerId } }) : null;
    const mails = await prisma.emailLog.findMany({ where: { contactId: contact.id } });
    rows.push({ ...contact, account, owner, mailCount: mails.length });
  }
  return rows;
}

export async function searchContacts(organizationId: string, q: string, sort: string) {
  const prisma = db();
  return prisma.$queryRawUnsafe(
    `SELECT * FROM "Contact" WHERE "organizationId" = '${organizationId}' AND ("lastName" ILIKE '%${q}%' OR email ILIKE '%${q}%') ORDER BY ${sort}`,
  );
}

export async function findByName(organizationId: string, name: string) {
  return db().contact.findMany({
    where: {
      organizationId,
      OR: [
        { firstName: { contains: name, mode: "insensitive" } },
        { lastName: { contains: name, mode: "insensitive" } },
        { account: { name: { contains: name, mode: "insensitive" } } },
      ],
    },
    include: { account: { include: { opportunities: { include: { quotes: { include: { lines: true } } } } } }, tags: true, emails: true },
  });
}

export async function importContacts(organizationId: string, rows: Prisma.ContactCreateManyInput[]) {
  const prisma = db();
  let imported = 0;
  for (const row of rows) {
    const existing = await prisma.contact.findFirst({ where: { organizationId, email: row.email } });
    if (existing) {
      await prisma.contact.update({ where: { id: existing.id }, data: row });
    } else {
      await prisma.contact.create({ data: { ...row, organizationId } });
    }
    imported++;
  }
  return imported;
}

export async function hasContacts(accountId: string) {
  return (await db().contact.count({ where: { accountId } })) > 0;
}
