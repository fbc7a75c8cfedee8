-- Everything about an account on one page, in one round trip.
-- $1 organization, $2 account
-- Index: accounts_organization_id_id_key, then one index of each table that begins with (organization_id, account_id)
SELECT
    accounts.id,
    accounts.name,
    accounts.domain,
    accounts.lifecycle,
    users.display_name AS owner,
    people.contacts,
    deals.open_deals,
    deals.open_amount,
    deals.won_amount,
    bills.unpaid_amount,
    latest.occurred_at AS last_activity_at,
    latest.subject AS last_activity
FROM accounts
LEFT JOIN memberships
    ON memberships.organization_id = accounts.organization_id
    AND memberships.id = accounts.owner_id
LEFT JOIN users
    ON users.id = memberships.user_id
CROSS JOIN LATERAL (
    SELECT count(*) AS contacts
    FROM contacts
    WHERE contacts.organization_id = accounts.organization_id
      AND contacts.account_id = accounts.id
      AND contacts.deleted_at IS NULL
) AS people
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE opportunities.status = 'OPEN') AS open_deals,
        sum(opportunities.amount) FILTER (WHERE opportunities.status = 'OPEN') AS open_amount,
        sum(opportunities.amount) FILTER (WHERE opportunities.status = 'WON') AS won_amount
    FROM opportunities
    WHERE opportunities.organization_id = accounts.organization_id
      AND opportunities.account_id = accounts.id
      AND opportunities.deleted_at IS NULL
) AS deals
CROSS JOIN LATERAL (
    SELECT sum(invoices.total) AS unpaid_amount
    FROM invoices
    WHERE invoices.organization_id = accounts.organization_id
      AND invoices.account_id = accounts.id
      AND invoices.status = 'ISSUED'
) AS bills
LEFT JOIN LATERAL (
    SELECT activities.occurred_at, activities.subject
    FROM activities
    WHERE activities.organization_id = accounts.organization_id
      AND activities.account_id = accounts.id
    ORDER BY activities.occurred_at DESC, activities.id DESC
    LIMIT 1
) AS latest ON true
WHERE accounts.organization_id = $1
  AND accounts.id = $2
  AND accounts.deleted_at IS NULL;
