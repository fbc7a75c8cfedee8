-- Contacts that may be the person just typed in: by address, by number, by a similar name.
-- $1 organization, $2 e-mail address, $3 telephone number, $4 given and family name
-- Index: contacts_email_key, contact_phones_organization_id_number_idx, contacts_search_idx
SELECT candidates.id, contacts.given_name, contacts.family_name, contacts.email, max(candidates.score) AS score
FROM (
    SELECT id, 1.0 AS score
    FROM contacts
    WHERE organization_id = $1 AND deleted_at IS NULL AND email = $2::citext
    UNION ALL
    SELECT contact_id, 0.9
    FROM contact_phones
    WHERE organization_id = $1 AND number = $3
    UNION ALL
    SELECT id, word_similarity($4, coalesce(given_name || ' ', '') || family_name || coalesce(' ' || email::text, ''))
    FROM contacts
    WHERE organization_id = $1
      AND deleted_at IS NULL
      AND $4 <% (coalesce(given_name || ' ', '') || family_name || coalesce(' ' || email::text, ''))
) AS candidates (id, score)
JOIN contacts
    ON contacts.organization_id = $1
    AND contacts.id = candidates.id
WHERE contacts.deleted_at IS NULL
GROUP BY candidates.id, contacts.given_name, contacts.family_name, contacts.email
ORDER BY score DESC, candidates.id
LIMIT 10;
