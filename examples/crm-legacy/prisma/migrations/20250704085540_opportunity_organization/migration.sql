/*
  Warnings:

  - Added the required column `organizationId` to the `Opportunity` table without a default value. This is not possible if the table is not empty.

*/
-- AlterTable
ALTER TABLE "Opportunity" ADD COLUMN     "organizationId" TEXT;
UPDATE "Opportunity" SET "organizationId" = "Account"."organizationId" FROM "Account" WHERE "Account"."id" = "Opportunity"."accountId";
ALTER TABLE "Opportunity" ALTER COLUMN "organizationId" SET NOT NULL;
