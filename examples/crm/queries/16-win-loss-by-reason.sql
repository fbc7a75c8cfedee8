-- Deals closed in a period: won, or lost and why.
-- $1 organization, $2 from, $3 until (exclusive)
-- Index: opportunities_closed_idx (organization_id, closed_at)
SELECT
    deals.status,
    reasons.label AS reason,
    deals.currency,
    count(*) AS deals,
    sum(deals.amount) AS amount,
    round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM opportunities AS deals
LEFT JOIN loss_reasons AS reasons
    ON reasons.organization_id = deals.organization_id
    AND reasons.id = deals.loss_reason_id
WHERE deals.organization_id = $1
  AND deals.status IN ('WON', 'LOST')
  AND deals.deleted_at IS NULL
  AND deals.closed_at >= $2
  AND deals.closed_at < $3
GROUP BY deals.status, reasons.id, reasons.label, deals.currency
ORDER BY deals.status, deals DESC;
