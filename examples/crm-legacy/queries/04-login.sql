-- login
SELECT * FROM "User" WHERE lower(email) = lower($1) LIMIT 1;
