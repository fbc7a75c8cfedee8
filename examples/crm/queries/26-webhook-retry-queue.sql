-- Takes the next due messages for delivery and lets no other worker have them: each waits longer than the time before.
-- Run by the delivery worker over all tenants. $1 how many
-- Index: webhook_deliveries_due_idx (next_attempt_at) of pending messages
WITH due AS MATERIALIZED (
    SELECT organization_id, id
    FROM webhook_deliveries
    WHERE status = 'PENDING'
      AND next_attempt_at <= now()
    ORDER BY next_attempt_at
    LIMIT $1
    FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries AS deliveries
SET attempts = deliveries.attempts + 1,
    next_attempt_at = now() + least(interval '1 minute' * 2 ^ deliveries.attempts, interval '6 hours')
FROM due, webhook_endpoints AS endpoints
WHERE deliveries.organization_id = due.organization_id
  AND deliveries.id = due.id
  AND endpoints.organization_id = deliveries.organization_id
  AND endpoints.id = deliveries.endpoint_id
RETURNING deliveries.organization_id, deliveries.id, endpoints.url, endpoints.secret_ciphertext, deliveries.event, deliveries.payload;
