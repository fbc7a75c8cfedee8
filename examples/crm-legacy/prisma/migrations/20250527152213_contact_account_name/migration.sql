-- saves the join in the contact list
ALTER TABLE "Contact" ADD COLUMN     "accountName" TEXT;

UPDATE "Contact" SET "accountName" = (SELECT "name" FROM "Account" WHERE "Account"."id" = "Contact"."accountId");
