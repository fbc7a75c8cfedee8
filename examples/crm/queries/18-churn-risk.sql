-- Customers who have neither ordered nor been spoken to for a while.
-- $1 organization, $2 no order since, $3 no activity since
-- Index: accounts_organization_id_lifecycle_name_idx, orders_organization_id_account_id_ordered_at_idx,
--        activities_account_timeline_idx
SELECT
    accounts.id,
    accounts.name,
    last_order.ordered_at AS last_order_at,
    last_order.total AS last_order_total,
    last_order.currency
FROM accounts
JOIN LATERAL (
    SELECT orders.ordered_at, orders.total, orders.currency
    FROM orders
    WHERE orders.organization_id = accounts.organization_id
      AND orders.account_id = accounts.id
    ORDER BY orders.ordered_at DESC
    LIMIT 1
) AS last_order ON last_order.ordered_at < $2
WHERE accounts.organization_id = $1
  AND accounts.lifecycle = 'CUSTOMER'
  AND accounts.deleted_at IS NULL
  AND NOT EXISTS (
      SELECT FROM activities
      WHERE activities.organization_id = accounts.organization_id
        AND activities.account_id = accounts.id
        AND activities.occurred_at >= $3
  )
ORDER BY last_order.total DESC, accounts.id
LIMIT 50;
