-- A member's start page in one row: open deals, won this month, leads to answer, tasks overdue.
-- $1 organization, $2 membership, $3 first of the month, $4 first of the next month
-- Index: opportunities_organization_id_owner_id_expected_close_on_idx, opportunities_closed_idx,
--        leads_organization_id_owner_id_status_idx, tasks_organization_id_assignee_id_due_at_idx
SELECT
    (
        SELECT count(*)
        FROM opportunities
        WHERE organization_id = $1 AND owner_id = $2 AND status = 'OPEN' AND deleted_at IS NULL
    ) AS open_deals,
    (
        SELECT coalesce(sum(amount), 0)
        FROM opportunities
        WHERE organization_id = $1 AND owner_id = $2 AND status = 'WON' AND deleted_at IS NULL
          AND closed_at >= $3 AND closed_at < $4
    ) AS won_amount,
    (
        SELECT count(*)
        FROM leads
        WHERE organization_id = $1 AND owner_id = $2 AND status = 'NEW' AND deleted_at IS NULL
    ) AS new_leads,
    (
        SELECT count(*)
        FROM tasks
        WHERE organization_id = $1 AND assignee_id = $2 AND status = 'OPEN' AND due_at < now()
    ) AS overdue_tasks;
