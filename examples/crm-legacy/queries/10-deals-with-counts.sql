-- deal list with counters
SELECT o.*,
       (SELECT count(*) FROM "Quote" q WHERE q."opportunityId" = o.id) AS quotes,
       (SELECT count(*) FROM "Activity" x WHERE x."entityType" = 'opportunity' AND x."entityId" = o.id) AS activities,
       (SELECT max(x."createdAt") FROM "Activity" x WHERE x."entityType" = 'opportunity' AND x."entityId" = o.id) AS "lastActivity"
FROM "Opportunity" o
WHERE o."deletedAt" IS NULL
ORDER BY o."createdAt" DESC;
