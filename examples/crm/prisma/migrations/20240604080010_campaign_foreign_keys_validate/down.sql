-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "leads" DROP CONSTRAINT "leads_organization_id_campaign_id_fkey";

-- DropForeignKey
ALTER TABLE "opportunities" DROP CONSTRAINT "opportunities_organization_id_campaign_id_fkey";

-- AddForeignKey
ALTER TABLE "leads" ADD CONSTRAINT "leads_organization_id_campaign_id_fkey" FOREIGN KEY ("organization_id", "campaign_id") REFERENCES "campaigns"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT NOT VALID;

-- AddForeignKey
ALTER TABLE "opportunities" ADD CONSTRAINT "opportunities_organization_id_campaign_id_fkey" FOREIGN KEY ("organization_id", "campaign_id") REFERENCES "campaigns"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT NOT VALID;
