-- contact search, all columns for the grid
SELECT *
FROM "Contact"
WHERE "organizationId" = $1
  AND ("firstName" ILIKE '%' || $2 || '%' OR "lastName" ILIKE '%' || $2 || '%' OR email ILIKE '%' || $2 || '%' OR "phone1" LIKE '%' || $2 || '%' OR "phone2" LIKE '%' || $2 || '%')
ORDER BY "lastName";
