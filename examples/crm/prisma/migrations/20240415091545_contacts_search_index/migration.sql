-- Finds a contact by any part of name or address. A query must repeat the expression to use it (queries/02).

CREATE INDEX CONCURRENTLY contacts_search_idx ON contacts
    USING gin (organization_id, (coalesce(given_name || ' ', '') || family_name || coalesce(' ' || email::text, '')) gin_trgm_ops)
    WHERE deleted_at IS NULL;
