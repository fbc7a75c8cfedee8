-- A team's members by what they won in a period, those who won nothing included.
-- $1 organization, $2 team, $3 from, $4 until (exclusive), $5 currency
-- Index: team_memberships_pkey, opportunities_closed_idx
SELECT
    rank() OVER (ORDER BY coalesce(won.amount, 0) DESC) AS place,
    users.display_name AS member,
    coalesce(won.deals, 0) AS deals,
    coalesce(won.amount, 0) AS amount
FROM team_memberships
JOIN memberships
    ON memberships.organization_id = team_memberships.organization_id
    AND memberships.id = team_memberships.membership_id
JOIN users
    ON users.id = memberships.user_id
LEFT JOIN (
    SELECT owner_id, count(*) AS deals, sum(amount) AS amount
    FROM opportunities
    WHERE organization_id = $1
      AND status = 'WON'
      AND deleted_at IS NULL
      AND closed_at >= $3
      AND closed_at < $4
      AND currency = $5
    GROUP BY owner_id
) AS won
    ON won.owner_id = memberships.id
WHERE team_memberships.organization_id = $1
  AND team_memberships.team_id = $2
ORDER BY place, memberships.id;
