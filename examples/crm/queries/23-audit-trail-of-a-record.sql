-- Who changed a record, what, and when: the latest first, page by page.
-- $1 organization, $2 table, $3 key of the record, $4 time of the last row seen ('infinity' at first)
-- Index: audit_entries_row_idx (organization_id, table_name, row_key, changed_at DESC)
SELECT
    entries.changed_at,
    entries.action,
    users.display_name AS actor,
    entries.before,
    entries.after
FROM audit_entries AS entries
LEFT JOIN memberships
    ON memberships.organization_id = entries.organization_id
    AND memberships.id = entries.actor_id
LEFT JOIN users
    ON users.id = memberships.user_id
WHERE entries.organization_id = $1
  AND entries.table_name = $2
  AND entries.row_key = $3
  AND entries.changed_at < $4
ORDER BY entries.changed_at DESC
LIMIT 50;
