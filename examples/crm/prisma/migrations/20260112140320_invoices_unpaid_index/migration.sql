-- Ageing of receivables (queries/20): paid invoices pile up, unpaid ones do not.

CREATE INDEX CONCURRENTLY invoices_unpaid_idx ON invoices (organization_id, due_on) WHERE status = 'ISSUED';
