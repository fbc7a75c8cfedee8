-- Accounts that carry all of the given tags.
-- $1 organization, $2 array of tags, without repetition
-- Index: account_tags_organization_id_tag_id_account_id_idx, read alone
SELECT accounts.id, accounts.name, accounts.lifecycle
FROM (
    SELECT account_id
    FROM account_tags
    WHERE organization_id = $1
      AND tag_id = ANY ($2::uuid[])
    GROUP BY account_id
    HAVING count(*) = cardinality($2::uuid[])
) AS tagged
JOIN accounts
    ON accounts.organization_id = $1
    AND accounts.id = tagged.account_id
WHERE accounts.deleted_at IS NULL
ORDER BY accounts.name, accounts.id
LIMIT 200;
