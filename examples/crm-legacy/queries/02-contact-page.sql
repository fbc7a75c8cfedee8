-- contact list, page $2 with 50 rows
SELECT c.*, a.name AS account, u.name AS owner
FROM "Contact" c
LEFT JOIN "Account" a ON a.id = c."accountId"
LEFT JOIN "User" u ON u.id = a."ownerId"
WHERE c."organizationId" = $1
ORDER BY c."updatedAt" DESC
LIMIT 50 OFFSET $2 * 50;
