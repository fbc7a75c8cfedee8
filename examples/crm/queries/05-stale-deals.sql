-- Open deals that have been in their stage for longer than the stage allows, with the last sign of life.
-- $1 organization
-- Index: opportunities_open_idx (organization_id, stage_entered_at) of open deals; activities_opportunity_timeline_idx
SELECT
    deals.id,
    deals.name,
    deals.amount,
    deals.currency,
    stages.name AS stage,
    deals.stage_entered_at,
    latest.occurred_at AS last_activity_at,
    users.display_name AS owner
FROM opportunities AS deals
JOIN pipeline_stages AS stages
    ON stages.organization_id = deals.organization_id
    AND stages.pipeline_id = deals.pipeline_id
    AND stages.id = deals.stage_id
JOIN memberships
    ON memberships.organization_id = deals.organization_id
    AND memberships.id = deals.owner_id
JOIN users
    ON users.id = memberships.user_id
LEFT JOIN LATERAL (
    SELECT activities.occurred_at
    FROM activities
    WHERE activities.organization_id = deals.organization_id
      AND activities.opportunity_id = deals.id
    ORDER BY activities.occurred_at DESC
    LIMIT 1
) AS latest ON true
WHERE deals.organization_id = $1
  AND deals.status = 'OPEN'
  AND deals.deleted_at IS NULL
  AND deals.stage_entered_at < now() - make_interval(days => stages.stale_after_days)
ORDER BY deals.stage_entered_at, deals.id
LIMIT 100;
