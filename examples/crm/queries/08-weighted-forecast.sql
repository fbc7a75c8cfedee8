-- The coming months' revenue: what was committed, what may come at best, and everything weighed by its stage.
-- $1 organization, $2 first month, $3 month after the last
-- Index: opportunities_board_idx, behind the view opportunity_forecast
SELECT
    close_month,
    currency,
    sum(amount) FILTER (WHERE forecast_category = 'COMMIT') AS committed,
    sum(amount) FILTER (WHERE forecast_category IN ('COMMIT', 'BEST_CASE')) AS best_case,
    sum(weighted_amount) AS weighted
FROM opportunity_forecast
WHERE organization_id = $1
  AND close_month >= $2
  AND close_month < $3
  AND forecast_category <> 'OMITTED'
GROUP BY close_month, currency
ORDER BY close_month, currency;
