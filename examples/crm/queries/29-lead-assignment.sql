-- Who of a team gets the next lead: the active member with the fewest leads in work.
-- $1 organization, $2 team
-- Index: team_memberships_pkey, leads_organization_id_owner_id_status_idx
SELECT memberships.id, count(leads.id) AS in_work
FROM team_memberships
JOIN memberships
    ON memberships.organization_id = team_memberships.organization_id
    AND memberships.id = team_memberships.membership_id
LEFT JOIN leads
    ON leads.organization_id = memberships.organization_id
    AND leads.owner_id = memberships.id
    AND leads.status IN ('NEW', 'WORKING')
    AND leads.deleted_at IS NULL
WHERE team_memberships.organization_id = $1
  AND team_memberships.team_id = $2
  AND memberships.status = 'ACTIVE'
GROUP BY memberships.id
ORDER BY in_work, memberships.id
LIMIT 1;
