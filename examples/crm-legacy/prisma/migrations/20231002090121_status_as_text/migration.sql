-- enums are a pain to migrate, use text like everywhere else
ALTER TABLE "Opportunity" ALTER COLUMN "status" DROP DEFAULT;
ALTER TABLE "Opportunity" ALTER COLUMN "status" TYPE TEXT USING (lower("status"::text));
ALTER TABLE "Opportunity" ALTER COLUMN "status" SET DEFAULT 'open';

-- DropEnum
DROP TYPE "OpportunityStatus";

CREATE INDEX "Opportunity_open_by_owner" ON "Opportunity"("ownerId") WHERE "status" = 'open';
