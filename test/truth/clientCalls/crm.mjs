/**
 * Calls of Prisma Client over the CRM sample, run one after the other by a client that Prisma generated; `v` has what only
 * the running program knows. The same text is read by the product.
 */
const page = 20;
const living = { deletedAt: null };
const nameOf = { select: { id: true, name: true } };
const inOrganization = (organization) => ({ organizationId: organization, ...living });

export const calls = [
  // Writes that make the rows which the others read.
  ({ prisma, v }) => prisma.organization.create({ data: { id: v.org, name: "Acme", slug: "acme" } }),
  ({ prisma, v }) => prisma.user.create({ data: { id: v.user, email: "ada@example.com", displayName: "Ada" } }),
  ({ prisma, v }) => prisma.role.create({ data: { id: v.role, organizationId: v.org, name: "Sales", permissions: { create: [{ permission: "accounts:read" }, { permission: "accounts:write" }] } } }),
  ({ prisma, v }) => prisma.membership.create({ data: { id: v.member, organizationId: v.org, userId: v.user, roleId: v.role, status: "ACTIVE" } }),
  ({ prisma, v }) => prisma.account.createMany({ data: [{ id: v.account, organizationId: v.org, name: "First", domain: "first.example" }, { id: v.account2, organizationId: v.org, name: "Second", employeeCount: 10 }] }),
  ({ prisma, v }) => prisma.account.createManyAndReturn({ data: v.names.map((name) => ({ organizationId: v.org, name })), select: { id: true } }),
  ({ prisma, v }) => prisma.contact.create({ data: { id: v.contact, organizationId: v.org, familyName: "Lovelace", email: v.email, accountId: v.account, customValues: {} } }),
  ({ prisma, v }) => prisma.contact.create({ data: { familyName: "Hopper", organization: { connect: { id: v.org } }, account: { connect: { id: v.account } }, phones: { create: { number: "+4930123456", kind: "WORK" } } }, include: { phones: true } }),
  ({ prisma, v }) => prisma.contactPhone.createMany({ data: [{ organizationId: v.org, contactId: v.contact, number: "+4930111111" }], skipDuplicates: true }),
  ({ prisma, v }) => prisma.pipeline.create({ data: { id: v.pipeline, organizationId: v.org, name: "New business", isDefault: true, stages: { createMany: { data: [{ id: v.stage, name: "Open", position: 1, probability: 20 }, { name: "Offer", position: 2, probability: 60, staleAfterDays: 14 }] } } } }),
  ({ prisma, v }) => prisma.opportunity.create({ data: { id: v.deal, organizationId: v.org, accountId: v.account, pipelineId: v.pipeline, stageId: v.stage, ownerId: v.member, name: "Deal", currency: "EUR", amount: 1200.5, expectedCloseOn: new Date("2026-12-01"), createdAt: v.now } }),
  ({ prisma, v }) => prisma.tag.create({ data: { id: v.tag, organization: { connect: { id: v.org } }, name: "hot", color: "#ff0000" } }),
  ({ prisma, v }) => prisma.activity.create({ data: { id: v.activity, organizationId: v.org, kind: "NOTE", subject: "Called", authorId: v.member, accountId: v.account } }),
  ({ prisma, v }) => prisma.note.create({ data: { activityId: v.activity, organizationId: v.org, body: "Wants an offer.", isPinned: true } }),
  // Reading by keys.
  ({ prisma, v }) => prisma.contact.findUnique({ where: { id: v.contact } }),
  ({ prisma, v }) => prisma.contact.findUniqueOrThrow({ where: { id: v.contact }, select: { id: true, email: true } }),
  ({ prisma, v }) => prisma.tag.findUnique({ where: { organizationId_name: { organizationId: v.org, name: "hot" } } }),
  ({ prisma, v }) => prisma.account.findUnique({ where: { id: v.account, lifecycle: "PROSPECT" }, include: { contacts: { where: living, orderBy: { familyName: "asc" } } } }),
  ({ prisma, v }) => prisma.account.findUnique({ where: { id: v.account } }).contacts({ where: { familyName: { not: "" } } }),
  // Conditions of every kind.
  ({ prisma, v }) => prisma.contact.findMany({ where: inOrganization(v.org), take: page }),
  ({ prisma, v }) => prisma.contact.findMany({ where: { organizationId: v.org, email: { contains: v.q, mode: "insensitive" } }, take: page + 1, skip: v.skip }),
  ({ prisma }) => prisma.contact.findMany({ where: { OR: [{ familyName: { startsWith: "L" } }, { email: { endsWith: ".com" } }], NOT: { accountId: null } } }),
  ({ prisma, v }) => prisma.contact.findMany({ where: { AND: [{ createdAt: { gte: v.since } }, { createdAt: { lt: new Date("2030-01-01") } }], id: { in: v.ids } } }),
  ({ prisma, v }) => prisma.contact.findMany({ where: { id: { notIn: [v.contact, v.account, v.org] } }, select: { familyName: true } }),
  ({ prisma }) => prisma.account.findMany({ where: { employeeCount: { gt: 5, lte: 100 }, annualRevenue: null } }),
  ({ prisma }) => prisma.account.findMany({ where: { annualRevenue: { gte: 100000 }, lifecycle: { in: ["CUSTOMER", "PARTNER"] } } }),
  ({ prisma }) => prisma.account.findMany({ where: { lifecycle: { not: "PROSPECT" }, domain: { not: null } } }),
  ({ prisma, v }) => prisma.account.findMany({ where: { customValues: { path: ["region"], equals: "north" }, organizationId: v.org } }),
  ({ prisma }) => prisma.account.findMany({ where: { customValues: { path: ["region"], string_contains: "nor" } } }),
  ({ prisma, v }) => prisma.contact.findMany({ where: { account: { name: { contains: "irs" }, organization: { slug: "acme" } }, phones: { some: { kind: "WORK" } }, organizationId: v.org } }),
  ({ prisma, v }) => prisma.account.findMany({ where: { contacts: { none: { deletedAt: { not: null } } }, opportunities: { every: { status: "OPEN" } }, organizationId: v.org } }),
  ({ prisma, v }) => prisma.contact.findMany({ where: { account: { is: null }, organizationId: v.org } }),
  ({ prisma, v }) => prisma.contact.findMany({ where: { account: { isNot: { lifecycle: "PARTNER" } }, organizationId: v.org } }),
  ({ prisma }) => prisma.opportunity.findMany({ where: { amount: { gt: 1000 }, status: "OPEN", expectedCloseOn: { lte: new Date("2027-01-01T00:00:00.000Z") } } }),
  ({ prisma }) => prisma.note.findMany({ where: { isPinned: true } }),
  ({ prisma, v }) => prisma.contact.findMany({ where: { ...(v.q ? { email: { contains: v.q } } : {}), ...(v.more && { familyName: "x" }) } }),
  ({ prisma }) => prisma.contact.findMany({ where: { createdAt: { lt: prisma.contact.fields.updatedAt } } }),
  // Order, pages, distinct.
  ({ prisma, v }) => prisma.contact.findMany({ where: { organizationId: v.org }, orderBy: [{ createdAt: "desc" }, { id: "asc" }], take: 5 }),
  ({ prisma, v }) => prisma.contact.findMany({ orderBy: { account: { name: "asc" } }, where: { organizationId: v.org }, take: 5 }),
  ({ prisma, v }) => prisma.account.findMany({ orderBy: { contacts: { _count: "desc" } }, where: { organizationId: v.org }, take: 5 }),
  ({ prisma }) => prisma.contact.findMany({ orderBy: { email: { sort: "desc", nulls: "last" } }, take: -5 }),
  ({ prisma, v }) => prisma.contact.findMany({ cursor: { id: v.contact }, skip: 1, take: 10, orderBy: { id: "asc" } }),
  ({ prisma, v }) => prisma.contact.findMany({ cursor: { id: v.contact }, take: 10, orderBy: { createdAt: "desc" } }),
  ({ prisma }) => prisma.contact.findMany({ distinct: ["accountId"], take: 5, orderBy: { accountId: "asc" } }),
  ({ prisma, v }) => prisma.contact.findFirst({ where: { organizationId: v.org }, orderBy: { createdAt: "desc" } }),
  ({ prisma }) => prisma.contact.findFirstOrThrow({ where: { familyName: "Hopper" }, omit: { customValues: true } }),
  // Relations.
  ({ prisma, v }) => prisma.account.findMany({ where: { organizationId: v.org }, include: { contacts: { take: 2, orderBy: { createdAt: "desc" } }, owner: true } }),
  ({ prisma, v }) => prisma.opportunity.findMany({ where: { organizationId: v.org }, select: { name: true, account: nameOf, stage: { select: { name: true, pipeline: nameOf } } }, take: page }),
  ({ prisma, v }) => prisma.account.findMany({ where: { id: v.account }, include: { _count: { select: { contacts: true, opportunities: { where: { status: "OPEN" } } } } } }),
  ({ prisma, v }) => prisma.contact.findMany({ where: { organizationId: v.org }, include: { phones: { where: { kind: "WORK" } }, account: { include: { addresses: true } } } }),
  ({ prisma, v }) => prisma.role.findMany({ where: { organizationId: v.org }, include: { permissions: true } }),
  // Counting.
  ({ prisma }) => prisma.contact.count(),
  ({ prisma, v }) => prisma.contact.count({ where: { organizationId: v.org, deletedAt: null }, take: 100 }),
  ({ prisma }) => prisma.contact.count({ select: { _all: true, email: true } }),
  ({ prisma, v }) => prisma.opportunity.aggregate({ where: { organizationId: v.org, status: { in: ["OPEN", "WON"] } }, _sum: { amount: true }, _avg: { amount: true }, _count: true }),
  ({ prisma }) => prisma.opportunity.aggregate({ _min: { createdAt: true }, _max: { createdAt: true }, _count: { _all: true, lossReasonId: true } }),
  ({ prisma, v }) => prisma.opportunity.groupBy({ by: ["status", "ownerId"], where: { organizationId: v.org }, _count: true, _sum: { amount: true } }),
  ({ prisma }) => prisma.opportunity.groupBy({ by: "stageId", _avg: { amount: true }, having: { amount: { _avg: { gt: 10 } } }, orderBy: { _sum: { amount: "desc" } }, take: 3 }),
  ({ prisma }) => prisma.contact.groupBy({ by: ["accountId"], _count: { _all: true }, having: { accountId: { _count: { gt: 1 } } } }),
  // Changing.
  ({ prisma, v }) => prisma.contact.update({ where: { id: v.contact }, data: { jobTitle: v.q, familyName: { set: "Byron" } } }),
  ({ prisma, v }) => prisma.account.update({ where: { id: v.account2 }, data: { employeeCount: { increment: 5 }, annualRevenue: 10 }, select: { employeeCount: true } }),
  ({ prisma, v }) => prisma.contact.updateMany({ where: { organizationId: v.org, jobTitle: null }, data: { jobTitle: "unknown" } }),
  ({ prisma, v }) => prisma.contact.updateMany({ where: { organizationId: v.org }, data: { jobTitle: "unknown" }, limit: 1 }),
  ({ prisma, v }) => prisma.contact.updateManyAndReturn({ where: { organizationId: v.org }, data: { accountId: null } }),
  ({ prisma, v }) => prisma.account.update({ where: { id: v.account }, data: { name: "Renamed", contacts: { connect: { id: v.contact } } } }),
  ({ prisma, v }) => prisma.auditEntry.create({ data: { organizationId: v.org, tableName: "contacts", rowKey: v.org, action: "INSERT", after: { a: 1, b: [true, null] } } }),
  ({ prisma, v }) => prisma.contact.update({ where: { id: v.contact }, data: { phones: { create: { number: "+4930999999" }, updateMany: { where: { kind: "WORK" }, data: { kind: "MOBILE" } }, deleteMany: { number: "+4930111111" } } } }),
  ({ prisma, v }) => prisma.note.upsert({ where: { activityId: v.activity }, create: { activityId: v.activity, organizationId: v.org, body: "x" }, update: { body: "y" } }),
  ({ prisma, v }) => prisma.tag.upsert({ where: { organizationId_name: { organizationId: v.org, name: "new" } }, create: { organizationId: v.org, name: "new" }, update: { color: "#0000ff" } }),
  ({ prisma, v }) => prisma.tag.upsert({ where: { organizationId_name: { organizationId: v.org, name: "new" } }, create: { organizationId: v.org, name: "new" }, update: { color: "#00ff00" }, include: { contacts: true } }),
  ({ prisma, v }) => prisma.contactTag.create({ data: { contact: { connect: { id: v.contact } }, tag: { connectOrCreate: { where: { organizationId_name: { organizationId: v.org, name: "vip" } }, create: { name: "vip", organization: { connect: { id: v.org } } } } } } }),
  ({ prisma, v }) => prisma.opportunity.updateMany({ where: { id: v.deal }, data: { status: "WON", closedAt: v.now } }),
  // Removing.
  ({ prisma, v }) => prisma.contactPhone.deleteMany({ where: { contactId: v.contact } }),
  ({ prisma, v }) => prisma.contactTag.deleteMany({ where: { tag: { name: "vip" }, organizationId: v.org } }),
  ({ prisma, v }) => prisma.note.delete({ where: { activityId: v.activity } }),
  ({ prisma, v }) => prisma.activity.delete({ where: { id: v.activity }, select: { id: true } }),
  ({ prisma, v }) => prisma.tag.deleteMany({ where: { organizationId: v.org }, limit: 2 }),
];
