-- What accounts owe, by how long it has been due.
-- $1 organization, $2 today
-- Index: invoices_unpaid_idx (organization_id, due_on) of issued invoices; payments_organization_id_invoice_id_idx
SELECT
    accounts.id,
    accounts.name,
    invoices.currency,
    sum(invoices.total - paid.amount) FILTER (WHERE invoices.due_on >= $2::date) AS not_due,
    sum(invoices.total - paid.amount) FILTER (WHERE invoices.due_on < $2::date AND invoices.due_on >= $2::date - 30) AS up_to_30_days,
    sum(invoices.total - paid.amount) FILTER (WHERE invoices.due_on < $2::date - 30 AND invoices.due_on >= $2::date - 90) AS up_to_90_days,
    sum(invoices.total - paid.amount) FILTER (WHERE invoices.due_on < $2::date - 90) AS older
FROM invoices
JOIN accounts
    ON accounts.organization_id = invoices.organization_id
    AND accounts.id = invoices.account_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(payments.amount), 0) AS amount
    FROM payments
    WHERE payments.organization_id = invoices.organization_id
      AND payments.invoice_id = invoices.id
) AS paid
WHERE invoices.organization_id = $1
  AND invoices.status = 'ISSUED'
GROUP BY accounts.id, accounts.name, invoices.currency
ORDER BY accounts.name, accounts.id, invoices.currency;
