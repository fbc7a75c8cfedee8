-- accounts with a label
SELECT * FROM "Account" WHERE ',' || labels || ',' LIKE '%,' || $1 || ',%';
