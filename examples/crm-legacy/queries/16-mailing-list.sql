-- newsletter
SELECT email, "firstName" || ' ' || "lastName" AS name
FROM "Contact"
WHERE "optOut" = false
  AND email IS NOT NULL
ORDER BY random();
