-- duplicates, by mail or by name
SELECT DISTINCT l1.*
FROM "Lead" l1, "Lead" l2
WHERE l1.id <> l2.id
  AND (lower(l1.email) = lower(l2.email) OR lower(l1."firstName" || l1."lastName") = lower(l2."firstName" || l2."lastName"));
