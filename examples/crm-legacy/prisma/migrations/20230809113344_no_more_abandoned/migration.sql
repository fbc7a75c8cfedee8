/*
  Warnings:

  - The values [ABANDONED] on the enum `OpportunityStatus` will be removed. If these variants are still used in the database, this will fail.

*/
UPDATE "Opportunity" SET "status" = 'LOST', "lostReason" = 'abandoned' WHERE "status" = 'ABANDONED';

-- AlterEnum
CREATE TYPE "OpportunityStatus_new" AS ENUM ('OPEN', 'WON', 'LOST');
ALTER TABLE "Opportunity" ALTER COLUMN "status" DROP DEFAULT;
ALTER TABLE "Opportunity" ALTER COLUMN "status" TYPE "OpportunityStatus_new" USING ("status"::text::"OpportunityStatus_new");
ALTER TYPE "OpportunityStatus" RENAME TO "OpportunityStatus_old";
ALTER TYPE "OpportunityStatus_new" RENAME TO "OpportunityStatus";
DROP TYPE "OpportunityStatus_old";
ALTER TABLE "Opportunity" ALTER COLUMN "status" SET DEFAULT 'OPEN';
