-- Rows: The table public.account_tags goes, with all its rows.
-- Rows: The table public.contact_tags goes, with all its rows.
-- Rows: The table public.custom_field_options goes, with all its rows.
-- Rows: The table public.custom_fields goes, with all its rows.
-- Rows: The table public.opportunity_tags goes, with all its rows.
-- Rows: The table public.tags goes, with all its rows.
-- Rows: The column public.accounts.custom_values goes, with all its values.
-- Rows: The column public.contacts.custom_values goes, with all its values.
-- Rows: The column public.opportunities.custom_values goes, with all its values.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropTrigger
DROP TRIGGER "check_custom_values" ON "accounts";

-- DropTrigger
DROP TRIGGER "check_custom_values" ON "contacts";

-- DropTrigger
DROP TRIGGER "check_custom_values" ON "opportunities";

-- DropForeignKey
ALTER TABLE "account_tags" DROP CONSTRAINT "account_tags_organization_id_account_id_fkey";

-- DropForeignKey
ALTER TABLE "account_tags" DROP CONSTRAINT "account_tags_organization_id_tag_id_fkey";

-- DropForeignKey
ALTER TABLE "contact_tags" DROP CONSTRAINT "contact_tags_organization_id_contact_id_fkey";

-- DropForeignKey
ALTER TABLE "contact_tags" DROP CONSTRAINT "contact_tags_organization_id_tag_id_fkey";

-- DropForeignKey
ALTER TABLE "custom_field_options" DROP CONSTRAINT "custom_field_options_organization_id_custom_field_id_fkey";

-- DropForeignKey
ALTER TABLE "opportunity_tags" DROP CONSTRAINT "opportunity_tags_organization_id_opportunity_id_fkey";

-- DropForeignKey
ALTER TABLE "opportunity_tags" DROP CONSTRAINT "opportunity_tags_organization_id_tag_id_fkey";

-- DropCheck
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_custom_values_check";

-- DropCheck
ALTER TABLE "contacts" DROP CONSTRAINT "contacts_custom_values_check";

-- DropCheck
ALTER TABLE "opportunities" DROP CONSTRAINT "opportunities_custom_values_check";

-- AlterTable
-- The column public.accounts.custom_values goes, with all its values.
ALTER TABLE "accounts" DROP COLUMN "custom_values";

-- AlterTable
-- The column public.contacts.custom_values goes, with all its values.
ALTER TABLE "contacts" DROP COLUMN "custom_values";

-- AlterTable
-- The column public.opportunities.custom_values goes, with all its values.
ALTER TABLE "opportunities" DROP COLUMN "custom_values";

-- DropTable
-- The table public.account_tags goes, with all its rows.
DROP TABLE "account_tags";

-- DropTable
-- The table public.contact_tags goes, with all its rows.
DROP TABLE "contact_tags";

-- DropTable
-- The table public.custom_field_options goes, with all its rows.
DROP TABLE "custom_field_options";

-- DropTable
-- The table public.custom_fields goes, with all its rows.
DROP TABLE "custom_fields";

-- DropTable
-- The table public.opportunity_tags goes, with all its rows.
DROP TABLE "opportunity_tags";

-- DropTable
-- The table public.tags goes, with all its rows.
DROP TABLE "tags";

-- DropEnum
DROP TYPE "custom_field_entity";

-- DropEnum
DROP TYPE "custom_field_type";

-- DropFunction
DROP FUNCTION "check_custom_values"();
