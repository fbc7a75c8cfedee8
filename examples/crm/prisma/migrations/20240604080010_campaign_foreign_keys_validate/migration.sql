-- The foreign keys to campaigns hold for old rows too. Reads both tables while everybody goes on working.

ALTER TABLE leads VALIDATE CONSTRAINT leads_organization_id_campaign_id_fkey;

ALTER TABLE opportunities VALIDATE CONSTRAINT opportunities_organization_id_campaign_id_fkey;
