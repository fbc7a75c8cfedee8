-- Rows: The table public.loss_reasons goes, with all its rows.
-- Rows: The table public.opportunities goes, with all its rows.
-- Rows: The table public.opportunity_contacts goes, with all its rows.
-- Rows: The table public.opportunity_stage_changes goes, with all its rows.
-- Rows: The table public.pipeline_stages goes, with all its rows.
-- Rows: The table public.pipelines goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "opportunities" DROP CONSTRAINT "opportunities_organization_id_account_id_fkey";

-- DropForeignKey
ALTER TABLE "opportunities" DROP CONSTRAINT "opportunities_organization_id_loss_reason_id_fkey";

-- DropForeignKey
ALTER TABLE "opportunities" DROP CONSTRAINT "opportunities_organization_id_owner_id_fkey";

-- DropForeignKey
ALTER TABLE "opportunities" DROP CONSTRAINT "opportunities_stage_fkey";

-- DropForeignKey
ALTER TABLE "opportunity_contacts" DROP CONSTRAINT "opportunity_contacts_organization_id_contact_id_fkey";

-- DropForeignKey
ALTER TABLE "opportunity_contacts" DROP CONSTRAINT "opportunity_contacts_organization_id_opportunity_id_fkey";

-- DropForeignKey
ALTER TABLE "opportunity_stage_changes" DROP CONSTRAINT "opportunity_stage_changes_changed_by_fkey";

-- DropForeignKey
ALTER TABLE "opportunity_stage_changes" DROP CONSTRAINT "opportunity_stage_changes_from_stage_fkey";

-- DropForeignKey
ALTER TABLE "opportunity_stage_changes" DROP CONSTRAINT "opportunity_stage_changes_opportunity_fkey";

-- DropForeignKey
ALTER TABLE "opportunity_stage_changes" DROP CONSTRAINT "opportunity_stage_changes_to_stage_fkey";

-- DropForeignKey
ALTER TABLE "pipeline_stages" DROP CONSTRAINT "pipeline_stages_organization_id_pipeline_id_fkey";

-- DropTable
-- The table public.loss_reasons goes, with all its rows.
DROP TABLE "loss_reasons";

-- DropTable
-- The table public.opportunities goes, with all its rows.
DROP TABLE "opportunities";

-- DropTable
-- The table public.opportunity_contacts goes, with all its rows.
DROP TABLE "opportunity_contacts";

-- DropTable
-- The table public.opportunity_stage_changes goes, with all its rows.
DROP TABLE "opportunity_stage_changes";

-- DropTable
-- The table public.pipeline_stages goes, with all its rows.
DROP TABLE "pipeline_stages";

-- DropTable
-- The table public.pipelines goes, with all its rows.
DROP TABLE "pipelines";

-- DropEnum
DROP TYPE "opportunity_contact_role";

-- DropEnum
DROP TYPE "opportunity_status";

-- DropFunction
DROP FUNCTION "opportunities_enter_stage"();

-- DropFunction
DROP FUNCTION "opportunities_record_stage"();
