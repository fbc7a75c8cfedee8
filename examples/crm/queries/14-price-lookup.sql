-- The price of a product for a quantity today: the highest step that the quantity reaches.
-- $1 organization, $2 price book, $3 product, $4 quantity
-- Index: price_book_entries_price_key (organization_id, price_book_id, product_id, min_quantity), read backwards
SELECT entries.unit_price, price_books.currency, entries.min_quantity
FROM price_book_entries AS entries
JOIN price_books
    ON price_books.organization_id = entries.organization_id
    AND price_books.id = entries.price_book_id
WHERE entries.organization_id = $1
  AND entries.price_book_id = $2
  AND entries.product_id = $3
  AND entries.min_quantity <= $4
  AND price_books.valid_from <= current_date
  AND (price_books.valid_until IS NULL OR price_books.valid_until > current_date)
ORDER BY entries.min_quantity DESC
LIMIT 1;
