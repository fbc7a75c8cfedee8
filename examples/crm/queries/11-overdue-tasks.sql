-- Open tasks past their time, the oldest first, with whom they are about.
-- $1 organization
-- Index: tasks_open_idx (organization_id, due_at) of open tasks
SELECT
    tasks.activity_id AS id,
    activities.subject,
    tasks.priority,
    tasks.due_at,
    users.display_name AS assignee,
    accounts.name AS account
FROM tasks
JOIN activities
    ON activities.organization_id = tasks.organization_id
    AND activities.id = tasks.activity_id
JOIN memberships
    ON memberships.organization_id = tasks.organization_id
    AND memberships.id = tasks.assignee_id
JOIN users
    ON users.id = memberships.user_id
LEFT JOIN accounts
    ON accounts.organization_id = activities.organization_id
    AND accounts.id = activities.account_id
WHERE tasks.organization_id = $1
  AND tasks.status = 'OPEN'
  AND tasks.due_at < now()
ORDER BY tasks.due_at, tasks.activity_id
LIMIT 100;
