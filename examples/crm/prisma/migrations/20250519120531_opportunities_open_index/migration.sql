-- Stale deals (queries/05) took 900 ms on the largest tenant. Open deals are one in nine, so the index is small.

CREATE INDEX CONCURRENTLY opportunities_open_idx ON opportunities (organization_id, stage_entered_at) WHERE status = 'OPEN' AND deleted_at IS NULL;
