-- accounts nobody sells to
SELECT *
FROM "Account"
WHERE id NOT IN (SELECT "accountId" FROM "Opportunity" WHERE status = 'open')
  AND id NOT IN (SELECT "accountId" FROM "Contact");
