-- What campaigns cost and brought in. Members and deals are counted apart, so that neither multiplies the other.
-- $1 organization, $2 from, $3 until (exclusive): first days of the campaigns
-- Index: campaign_members_organization_id_campaign_id_status_idx, opportunities_organization_id_campaign_id_idx
SELECT
    campaigns.id,
    campaigns.name,
    campaigns.currency,
    campaigns.actual_cost,
    reached.members,
    reached.responded,
    brought.won_deals,
    brought.revenue,
    round((brought.revenue - campaigns.actual_cost) / nullif(campaigns.actual_cost, 0), 2) AS return_on_investment
FROM campaigns
CROSS JOIN LATERAL (
    SELECT count(*) AS members, count(*) FILTER (WHERE campaign_members.status = 'RESPONDED') AS responded
    FROM campaign_members
    WHERE campaign_members.organization_id = campaigns.organization_id
      AND campaign_members.campaign_id = campaigns.id
) AS reached
CROSS JOIN LATERAL (
    SELECT count(*) AS won_deals, coalesce(sum(opportunities.amount), 0) AS revenue
    FROM opportunities
    WHERE opportunities.organization_id = campaigns.organization_id
      AND opportunities.campaign_id = campaigns.id
      AND opportunities.currency = campaigns.currency
      AND opportunities.status = 'WON'
      AND opportunities.deleted_at IS NULL
) AS brought
WHERE campaigns.organization_id = $1
  AND campaigns.status IN ('RUNNING', 'FINISHED')
  AND campaigns.starts_on >= $2
  AND campaigns.starts_on < $3
ORDER BY brought.revenue DESC, campaigns.id;
