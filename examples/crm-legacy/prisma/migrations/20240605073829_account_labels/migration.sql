/*
  Warnings:

  - You are about to drop the column `fax` on the `Account` table. All the data in the column will be lost.

*/
-- AlterTable
ALTER TABLE "Account" DROP COLUMN "fax",
ADD COLUMN     "labels" TEXT,
ADD COLUMN     "settings" JSON;

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "resetToken" TEXT;
