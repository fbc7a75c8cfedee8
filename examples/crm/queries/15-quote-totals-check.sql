-- Open quotes whose totals are not the sum of their lines. Finds nothing, or a bug.
-- $1 organization
-- Index: quotes_organization_id_status_valid_until_idx, quote_lines_organization_id_quote_id_position_key
SELECT
    quotes.id,
    quotes.number,
    quotes.subtotal,
    lines.subtotal AS subtotal_of_lines,
    quotes.tax_total,
    lines.tax_total AS tax_of_lines
FROM quotes
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(quote_lines.net_amount), 0) AS subtotal,
        coalesce(sum(round(quote_lines.net_amount * quote_lines.tax_percent / 100, 2)), 0) AS tax_total
    FROM quote_lines
    WHERE quote_lines.organization_id = quotes.organization_id
      AND quote_lines.quote_id = quotes.id
) AS lines
WHERE quotes.organization_id = $1
  AND quotes.status IN ('DRAFT', 'SENT')
  AND (quotes.subtotal, quotes.tax_total) IS DISTINCT FROM (lines.subtotal, lines.tax_total)
ORDER BY quotes.number;
