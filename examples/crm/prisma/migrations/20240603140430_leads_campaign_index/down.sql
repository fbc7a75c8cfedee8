-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropIndex
DROP INDEX "leads_organization_id_campaign_id_idx";
