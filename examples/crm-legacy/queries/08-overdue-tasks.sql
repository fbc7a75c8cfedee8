-- overdue tasks of a user
SELECT *
FROM "Activity"
WHERE type = 'task'
  AND date("dueAt") < CURRENT_DATE
  AND coalesce(done, false) = false
  AND "userId" = $1
ORDER BY "dueAt";
