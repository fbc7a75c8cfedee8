-- closed deals of a year
SELECT id, name, amount, "closeDate"
FROM "Opportunity"
WHERE "organizationId" = $1
  AND EXTRACT(YEAR FROM "closeDate") = $2
  AND upper(status) IN ('WON', 'LOST');
