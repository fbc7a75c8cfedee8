/*
  Warnings:

  - Added the required column `currency` to the `Opportunity` table without a default value. This is not possible if the table is not empty.

*/
-- AlterTable
ALTER TABLE "Account" RENAME COLUMN "phone" TO "phone1";
ALTER TABLE "Account" ADD COLUMN     "phone2" TEXT,
ADD COLUMN     "phone3" TEXT;

-- AlterTable
ALTER TABLE "Contact" RENAME COLUMN "phone" TO "phone1";
ALTER TABLE "Contact" ADD COLUMN     "phone2" TEXT;

-- AlterTable
ALTER TABLE "Opportunity" ADD COLUMN     "currency" CHAR(3) NOT NULL;
