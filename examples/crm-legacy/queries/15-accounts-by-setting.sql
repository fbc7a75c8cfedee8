-- accounts by tier
SELECT id, name FROM "Account" WHERE settings ->> 'tier' = $1;
