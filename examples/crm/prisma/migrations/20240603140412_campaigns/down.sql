-- Rows: The table public.campaign_members goes, with all its rows.
-- Rows: The table public.campaigns goes, with all its rows.
-- Rows: The column public.leads.campaign_id goes, with all its values.
-- Rows: The column public.opportunities.campaign_id goes, with all its values.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "campaign_members" DROP CONSTRAINT "campaign_members_organization_id_campaign_id_fkey";

-- DropForeignKey
ALTER TABLE "campaign_members" DROP CONSTRAINT "campaign_members_organization_id_contact_id_fkey";

-- DropForeignKey
ALTER TABLE "campaign_members" DROP CONSTRAINT "campaign_members_organization_id_lead_id_fkey";

-- DropForeignKey
ALTER TABLE "leads" DROP CONSTRAINT "leads_organization_id_campaign_id_fkey";

-- DropForeignKey
ALTER TABLE "opportunities" DROP CONSTRAINT "opportunities_organization_id_campaign_id_fkey";

-- AlterEnum
-- public.lead_source loses "CAMPAIGN": the migration fails as long as a row has such a value. Give these rows another value first.
CREATE TYPE "lead_source_new" AS ENUM ('WEBSITE', 'REFERRAL', 'EVENT', 'OUTBOUND', 'PARTNER', 'OTHER');

-- AlterEnum
ALTER TABLE "leads" ALTER COLUMN "source" SET DATA TYPE "lead_source_new" USING ("source"::text::"lead_source_new");

-- AlterEnum
ALTER TYPE "lead_source" RENAME TO "lead_source_old";

-- AlterEnum
ALTER TYPE "lead_source_new" RENAME TO "lead_source";

-- AlterEnum
DROP TYPE "lead_source_old";

-- AlterTable
-- The column public.leads.campaign_id goes, with all its values.
ALTER TABLE "leads" DROP COLUMN "campaign_id";

-- AlterTable
-- The column public.opportunities.campaign_id goes, with all its values.
ALTER TABLE "opportunities" DROP COLUMN "campaign_id";

-- DropTable
-- The table public.campaign_members goes, with all its rows.
DROP TABLE "campaign_members";

-- DropTable
-- The table public.campaigns goes, with all its rows.
DROP TABLE "campaigns";

-- DropEnum
DROP TYPE "campaign_channel";

-- DropEnum
DROP TYPE "campaign_member_status";

-- DropEnum
DROP TYPE "campaign_status";
