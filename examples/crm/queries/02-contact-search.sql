-- Contacts by any part of their name or address, the closest first. The expression is that of the index.
-- $1 organization, $2 what was typed, with \, % and _ escaped by \
-- Index: contacts_search_idx (gin: organization_id, trigrams of name and address, of living contacts)
SELECT
    contacts.id,
    contacts.given_name,
    contacts.family_name,
    contacts.email,
    accounts.name AS account
FROM contacts
LEFT JOIN accounts
    ON accounts.organization_id = contacts.organization_id
    AND accounts.id = contacts.account_id
WHERE contacts.organization_id = $1
  AND contacts.deleted_at IS NULL
  AND (coalesce(contacts.given_name || ' ', '') || contacts.family_name || coalesce(' ' || contacts.email::text, '')) ILIKE '%' || $2 || '%'
ORDER BY
    word_similarity($2, coalesce(contacts.given_name || ' ', '') || contacts.family_name || coalesce(' ' || contacts.email::text, '')) DESC,
    contacts.family_name,
    contacts.id
LIMIT 20;
