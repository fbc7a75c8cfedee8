-- What each owner won, month by month; a month begins at midnight where the tenant is.
-- $1 organization, $2 from, $3 until (exclusive)
-- Index: opportunities_closed_idx (organization_id, closed_at) INCLUDE (status, owner_id, amount, currency), read alone
SELECT
    date_trunc('month', deals.closed_at AT TIME ZONE organizations.time_zone)::date AS month,
    users.display_name AS owner,
    deals.currency,
    count(*) AS deals,
    sum(deals.amount) AS revenue
FROM opportunities AS deals
JOIN organizations
    ON organizations.id = deals.organization_id
JOIN memberships
    ON memberships.organization_id = deals.organization_id
    AND memberships.id = deals.owner_id
JOIN users
    ON users.id = memberships.user_id
WHERE deals.organization_id = $1
  AND deals.status = 'WON'
  AND deals.deleted_at IS NULL
  AND deals.closed_at >= $2
  AND deals.closed_at < $3
GROUP BY month, memberships.id, users.display_name, deals.currency
ORDER BY month, revenue DESC, memberships.id;
