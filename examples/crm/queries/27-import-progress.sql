-- How far an import has come, and the first rows that failed.
-- $1 organization, $2 import
-- Index: import_rows_organization_id_import_id_status_idx
SELECT
    imports.id,
    imports.status,
    progress.total,
    progress.done,
    progress.failed,
    failures.examples
FROM imports
CROSS JOIN LATERAL (
    SELECT
        count(*) AS total,
        count(*) FILTER (WHERE import_rows.status <> 'PENDING') AS done,
        count(*) FILTER (WHERE import_rows.status = 'FAILED') AS failed
    FROM import_rows
    WHERE import_rows.organization_id = imports.organization_id
      AND import_rows.import_id = imports.id
) AS progress
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('row', sample.row_number, 'error', sample.error) ORDER BY sample.row_number) AS examples
    FROM (
        SELECT import_rows.row_number, import_rows.error
        FROM import_rows
        WHERE import_rows.organization_id = imports.organization_id
          AND import_rows.import_id = imports.id
          AND import_rows.status = 'FAILED'
        ORDER BY import_rows.row_number
        LIMIT 10
    ) AS sample
) AS failures
WHERE imports.organization_id = $1
  AND imports.id = $2;
