-- Revenue by month and owner, wins and losses (queries/07, 16, 17) from the index alone.

CREATE INDEX CONCURRENTLY opportunities_closed_idx ON opportunities (organization_id, closed_at) INCLUDE (status, owner_id, amount, currency)
    WHERE closed_at IS NOT NULL AND deleted_at IS NULL;
