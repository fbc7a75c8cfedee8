-- How fast new leads are answered, by source: the median, the slowest tenth, and how many were never answered.
-- $1 organization, $2 from, $3 until (exclusive)
-- Index: leads_organization_id_created_at_idx (organization_id, created_at DESC)
SELECT
    source,
    count(*) AS leads,
    count(*) FILTER (WHERE first_response_at IS NULL) AS unanswered,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY first_response_at - created_at) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY first_response_at - created_at) AS slowest_tenth
FROM leads
WHERE organization_id = $1
  AND deleted_at IS NULL
  AND created_at >= $2
  AND created_at < $3
GROUP BY source
ORDER BY leads DESC, source;
