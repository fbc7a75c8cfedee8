-- Of the deals that entered each stage of a pipeline in a period, how many went on to a later stage or were won.
-- The furthest stage is found once for each deal: asked for each row, it takes five times as long.
-- $1 organization, $2 pipeline, $3 from, $4 until (exclusive)
-- Index: opportunity_stage_changes_to_stage_idx
WITH entered AS (
    SELECT DISTINCT stages.id AS stage_id, stages.name, stages.position, changes.opportunity_id
    FROM pipeline_stages AS stages
    JOIN opportunity_stage_changes AS changes
        ON changes.organization_id = stages.organization_id
        AND changes.to_stage_id = stages.id
    WHERE stages.organization_id = $1
      AND stages.pipeline_id = $2
      AND changes.changed_at >= $3
      AND changes.changed_at < $4
),
furthest AS (
    SELECT changes.opportunity_id, max(stages.position) AS position
    FROM pipeline_stages AS stages
    JOIN opportunity_stage_changes AS changes
        ON changes.organization_id = stages.organization_id
        AND changes.to_stage_id = stages.id
    WHERE stages.organization_id = $1
      AND stages.pipeline_id = $2
    GROUP BY changes.opportunity_id
)
SELECT
    entered.stage_id,
    entered.name AS stage,
    count(*) AS entered,
    count(*) FILTER (WHERE deals.status = 'WON' OR furthest.position > entered.position) AS went_on,
    round(100.0 * count(*) FILTER (WHERE deals.status = 'WON' OR furthest.position > entered.position) / count(*), 1) AS percent
FROM entered
JOIN furthest
    ON furthest.opportunity_id = entered.opportunity_id
JOIN opportunities AS deals
    ON deals.organization_id = $1
    AND deals.id = entered.opportunity_id
WHERE deals.deleted_at IS NULL
GROUP BY entered.stage_id, entered.name, entered.position
ORDER BY entered.position, entered.stage_id;
