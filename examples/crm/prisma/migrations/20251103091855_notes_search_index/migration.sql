-- Full-text search of notes. An expression index and not a generated column: adding one would rewrite the table.
-- The configuration is "simple" because tenants write in many languages.

CREATE INDEX CONCURRENTLY notes_search_idx ON notes USING gin (organization_id, to_tsvector('simple', body));
