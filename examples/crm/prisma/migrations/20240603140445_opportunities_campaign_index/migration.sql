-- Serves the foreign key to campaigns, and the campaign's page.

-- CreateIndex
CREATE INDEX CONCURRENTLY "opportunities_organization_id_campaign_id_idx" ON "opportunities"("organization_id", "campaign_id");
