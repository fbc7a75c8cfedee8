-- How long deals stay in each stage of a pipeline: the median and the slowest tenth of those that left it in a period.
-- $1 organization, $2 pipeline, $3 from, $4 until (exclusive)
-- Index: opportunity_stage_changes_from_stage_idx, opportunity_stage_changes_opportunity_idx
SELECT
    stages.name AS stage,
    count(*) AS deals,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY leaving.changed_at - entering.changed_at) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY leaving.changed_at - entering.changed_at) AS slowest_tenth
FROM pipeline_stages AS stages
JOIN opportunity_stage_changes AS leaving
    ON leaving.organization_id = stages.organization_id
    AND leaving.from_stage_id = stages.id
CROSS JOIN LATERAL (
    SELECT earlier.changed_at
    FROM opportunity_stage_changes AS earlier
    WHERE earlier.organization_id = leaving.organization_id
      AND earlier.opportunity_id = leaving.opportunity_id
      AND earlier.to_stage_id = leaving.from_stage_id
      AND earlier.changed_at < leaving.changed_at
    ORDER BY earlier.changed_at DESC
    LIMIT 1
) AS entering
WHERE stages.organization_id = $1
  AND stages.pipeline_id = $2
  AND leaving.changed_at >= $3
  AND leaving.changed_at < $4
GROUP BY stages.id, stages.name, stages.position
ORDER BY stages.position, stages.id;
