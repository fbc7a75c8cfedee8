/** The one way to the database: as a member of an organization, in a transaction that row-level security confines to it. */
import { PrismaPg } from "@prisma/adapter-pg";
import { type Prisma, PrismaClient } from "./generated/prisma/client.ts";

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) });

export interface Member {
  readonly organizationId: string;
  readonly membershipId: string;
  readonly userId: string;
}

/** The settings end with the transaction (third argument), so a pooled connection carries nothing to the next request. */
export function asMember<T>(member: Member, work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`
      SELECT
        set_config('app.organization_id', ${member.organizationId}, true),
        set_config('app.membership_id', ${member.membershipId}, true),
        set_config('app.user_id', ${member.userId}, true)`;
    return work(tx);
  });
}
