-- Rows: The column public.contacts.family_name goes, with all its values.
-- Rows: The column public.contacts.given_name goes, with all its values.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropTrigger
DROP TRIGGER "sync_names" ON "contacts";

-- DropCheck
ALTER TABLE "contacts" DROP CONSTRAINT "contacts_family_name_check";

-- AlterTable
-- The column public.contacts.family_name goes, with all its values.
ALTER TABLE "contacts" DROP COLUMN "family_name";

-- AlterTable
-- The column public.contacts.given_name goes, with all its values.
ALTER TABLE "contacts" DROP COLUMN "given_name";

-- DropFunction
DROP FUNCTION "contacts_sync_names"();
