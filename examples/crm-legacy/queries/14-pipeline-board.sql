-- board: stages with their deals, number of products and contacts
SELECT DISTINCT s.id, s.name, o.id AS deal, o.name AS "dealName", o.amount, count(ql.id) AS products, count(c.id) AS contacts
FROM "Stage" s
LEFT JOIN "Opportunity" o ON o."stageId" = s.id
LEFT JOIN "Quote" q ON q."opportunityId" = o.id
LEFT JOIN "QuoteLine" ql ON ql."quoteId" = q.id
LEFT JOIN "Contact" c ON c."accountId" = o."accountId"
WHERE s."pipelineId" = $1
GROUP BY s.id, s.name, o.id, o.name, o.amount
ORDER BY s.id;
