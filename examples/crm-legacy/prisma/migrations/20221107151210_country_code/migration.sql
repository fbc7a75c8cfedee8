/*
  Warnings:

  - You are about to alter the column `country` on the `Account` table. The data in that column could be lost. The data in that column will be cast from `Text` to `Char(2)`.

*/
-- AlterTable
ALTER TABLE "Account" ALTER COLUMN "country" SET DATA TYPE CHAR(2);
