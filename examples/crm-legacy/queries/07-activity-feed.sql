-- everything about an account, its contacts and its deals
SELECT act.*
FROM "Activity" act
WHERE (act."entityType" = 'account' AND act."entityId" = $1)
   OR (act."entityType" = 'contact' AND act."entityId" IN (SELECT id FROM "Contact" WHERE "accountId" = $1))
   OR (act."entityType" = 'opportunity' AND act."entityId" IN (SELECT id FROM "Opportunity" WHERE "accountId" = $1))
ORDER BY act."createdAt" DESC
LIMIT 20 OFFSET $2;
