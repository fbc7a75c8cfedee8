-- Campaigns, whom they speak to, and what they brought in.
--
-- leads and opportunities are large by now: their new foreign keys are added NOT VALID here and validated later, their
-- indexes are built concurrently in the next two files.

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "campaign_channel" AS ENUM ('EMAIL', 'EVENT', 'WEBINAR', 'SOCIAL', 'ADVERTISING', 'DIRECT_MAIL');

-- CreateEnum
CREATE TYPE "campaign_status" AS ENUM ('PLANNED', 'RUNNING', 'FINISHED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "campaign_member_status" AS ENUM ('TARGETED', 'SENT', 'OPENED', 'RESPONDED', 'BOUNCED', 'OPTED_OUT');

-- AlterEnum
ALTER TYPE "lead_source" ADD VALUE 'CAMPAIGN' BEFORE 'OTHER';

-- AlterTable
ALTER TABLE "leads" ADD COLUMN "campaign_id" UUID;

-- AlterTable
ALTER TABLE "opportunities" ADD COLUMN "campaign_id" UUID;

-- CreateTable
CREATE TABLE "campaigns" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "channel" "campaign_channel" NOT NULL,
    "status" "campaign_status" NOT NULL DEFAULT 'PLANNED',
    "starts_on" DATE NOT NULL,
    "ends_on" DATE NOT NULL,
    "budget" DECIMAL(14,2) NOT NULL DEFAULT 0,
    "actual_cost" DECIMAL(14,2) NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "campaigns_period_check" CHECK ("ends_on" >= "starts_on"),
    CONSTRAINT "campaigns_budget_check" CHECK ("budget" >= 0),
    CONSTRAINT "campaigns_actual_cost_check" CHECK ("actual_cost" >= 0),
    CONSTRAINT "campaigns_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$')
);

-- CreateTable
CREATE TABLE "campaign_members" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "contact_id" UUID,
    "lead_id" UUID,
    "status" "campaign_member_status" NOT NULL DEFAULT 'TARGETED',
    "status_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_members_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "campaign_members_who_check" CHECK (num_nonnulls("contact_id", "lead_id") = 1)
);

-- CreateIndex
CREATE INDEX "campaigns_organization_id_owner_id_idx" ON "campaigns"("organization_id", "owner_id");

-- CreateIndex
CREATE INDEX "campaigns_organization_id_status_starts_on_idx" ON "campaigns"("organization_id", "status", "starts_on");

-- CreateIndex
CREATE UNIQUE INDEX "campaigns_organization_id_id_key" ON "campaigns"("organization_id", "id");

-- CreateIndex
CREATE INDEX "campaign_members_organization_id_campaign_id_status_idx" ON "campaign_members"("organization_id", "campaign_id", "status");

-- CreateIndex
CREATE INDEX "campaign_members_organization_id_contact_id_idx" ON "campaign_members"("organization_id", "contact_id");

-- CreateIndex
CREATE INDEX "campaign_members_organization_id_lead_id_idx" ON "campaign_members"("organization_id", "lead_id");

-- AddForeignKey
ALTER TABLE "leads" ADD CONSTRAINT "leads_organization_id_campaign_id_fkey" FOREIGN KEY ("organization_id", "campaign_id") REFERENCES "campaigns"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT NOT VALID;

-- AddForeignKey
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_organization_id_owner_id_fkey" FOREIGN KEY ("organization_id", "owner_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "campaign_members" ADD CONSTRAINT "campaign_members_organization_id_campaign_id_fkey" FOREIGN KEY ("organization_id", "campaign_id") REFERENCES "campaigns"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "campaign_members" ADD CONSTRAINT "campaign_members_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "campaign_members" ADD CONSTRAINT "campaign_members_organization_id_lead_id_fkey" FOREIGN KEY ("organization_id", "lead_id") REFERENCES "leads"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunities" ADD CONSTRAINT "opportunities_organization_id_campaign_id_fkey" FOREIGN KEY ("organization_id", "campaign_id") REFERENCES "campaigns"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT NOT VALID;

-- updated_at is right whoever writes
CREATE TRIGGER set_updated_at BEFORE UPDATE ON campaigns
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Nobody is in the same campaign twice
CREATE UNIQUE INDEX campaign_members_contact_key ON campaign_members (organization_id, campaign_id, contact_id) WHERE contact_id IS NOT NULL;

CREATE UNIQUE INDEX campaign_members_lead_key ON campaign_members (organization_id, campaign_id, lead_id) WHERE lead_id IS NOT NULL;
