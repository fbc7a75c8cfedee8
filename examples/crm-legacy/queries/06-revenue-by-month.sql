-- revenue report
SELECT to_char("closeDate", 'YYYY-MM') AS month, sum(amount) AS revenue
FROM "Opportunity"
WHERE status = 'won'
GROUP BY to_char("closeDate", 'YYYY-MM')
ORDER BY 1;
