-- numbers on the start page
SELECT 'accounts' AS what, count(*) AS n FROM "Account" WHERE "organizationId" = $1
UNION
SELECT 'contacts', count(*) FROM "Contact" WHERE "organizationId" = $1
UNION
SELECT 'open deals', count(*) FROM "Opportunity" o JOIN "Account" a ON a.id = o."accountId" WHERE a."organizationId" = $1 AND o.status = 'open'
UNION
SELECT 'mails sent', count(*) FROM "EmailLog" e JOIN "Contact" c ON c.id = e."contactId" WHERE c."organizationId" = $1;
