-- Serves the foreign key to campaigns, and the campaign's page.

-- CreateIndex
CREATE INDEX CONCURRENTLY "leads_organization_id_campaign_id_idx" ON "leads"("organization_id", "campaign_id");
