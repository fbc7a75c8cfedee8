-- An account's timeline, page by page. The next page begins after the last row of this one, however deep it is.
-- $1 organization, $2 account, $3 and $4 time and id of the last row seen ('infinity' and the largest UUID at first), $5 rows a page
-- Index: activities_account_timeline_idx (organization_id, account_id, occurred_at DESC, id DESC)
SELECT
    page.id,
    page.kind,
    page.subject,
    page.occurred_at,
    users.display_name AS author
FROM (
    SELECT id, organization_id, kind, subject, occurred_at, author_id
    FROM activities
    WHERE organization_id = $1
      AND account_id = $2
      AND (occurred_at, id) < ($3, $4)
    ORDER BY occurred_at DESC, id DESC
    LIMIT $5
) AS page
JOIN memberships
    ON memberships.organization_id = page.organization_id
    AND memberships.id = page.author_id
JOIN users
    ON users.id = memberships.user_id
ORDER BY page.occurred_at DESC, page.id DESC;
