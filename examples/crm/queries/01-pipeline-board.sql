-- The board of a pipeline: its open deals, column by column, the soonest to close first.
-- $1 organization, $2 pipeline
-- Index: opportunities_board_idx (organization_id, pipeline_id, stage_id, expected_close_on)
SELECT
    stages.id AS stage_id,
    stages.name AS stage,
    deals.id,
    deals.name,
    accounts.name AS account,
    deals.amount,
    deals.currency,
    deals.expected_close_on,
    deals.stage_entered_at
FROM pipeline_stages AS stages
LEFT JOIN opportunities AS deals
    ON deals.organization_id = stages.organization_id
    AND deals.pipeline_id = stages.pipeline_id
    AND deals.stage_id = stages.id
    AND deals.status = 'OPEN'
    AND deals.deleted_at IS NULL
LEFT JOIN accounts
    ON accounts.organization_id = deals.organization_id
    AND accounts.id = deals.account_id
WHERE stages.organization_id = $1
  AND stages.pipeline_id = $2
ORDER BY stages.position, stages.id, deals.expected_close_on, deals.id;
