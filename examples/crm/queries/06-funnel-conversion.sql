-- Of the deals that entered each stage of a pipeline in a period, how many went on to a later stage or were won.
-- $1 organization, $2 pipeline, $3 from, $4 until (exclusive)
-- Index: opportunity_stage_changes_to_stage_idx, opportunity_stage_changes_opportunity_idx
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
)
SELECT
    entered.stage_id,
    entered.name AS stage,
    count(*) AS entered,
    count(*) FILTER (WHERE deals.status = 'WON' OR onward.reached) AS went_on,
    round(100.0 * count(*) FILTER (WHERE deals.status = 'WON' OR onward.reached) / count(*), 1) AS percent
FROM entered
JOIN opportunities AS deals
    ON deals.organization_id = $1
    AND deals.id = entered.opportunity_id
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM opportunity_stage_changes AS later
        JOIN pipeline_stages AS target
            ON target.organization_id = later.organization_id
            AND target.id = later.to_stage_id
        WHERE later.organization_id = $1
          AND later.opportunity_id = entered.opportunity_id
          AND target.pipeline_id = $2
          AND target.position > entered.position
    ) AS reached
) AS onward
WHERE deals.deleted_at IS NULL
GROUP BY entered.stage_id, entered.name, entered.position
ORDER BY entered.position, entered.stage_id;
