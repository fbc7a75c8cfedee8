-- unpaid invoices with what is still to pay
SELECT i.*, a.name,
       i.amount - (SELECT coalesce(sum(p.amount), 0) FROM "Payment" p WHERE p."invoiceId" = i.id) AS open
FROM "Invoice" i
JOIN "Account" a ON a.id = i."accountId"
WHERE i."dueDate"::date BETWEEN $1 AND $2
  AND i.amount - (SELECT coalesce(sum(p.amount), 0) FROM "Payment" p WHERE p."invoiceId" = i.id) <> 0;
