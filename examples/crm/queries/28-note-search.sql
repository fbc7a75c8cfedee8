-- Notes by their words, as one types them into a search engine: "fast delivery" -refund.
-- $1 organization, $2 words
-- Index: notes_search_idx (gin: organization_id, to_tsvector('simple', body))
SELECT
    notes.activity_id AS id,
    activities.subject,
    activities.occurred_at,
    ts_headline('simple', notes.body, websearch_to_tsquery('simple', $2), 'MaxFragments=1') AS excerpt
FROM notes
JOIN activities
    ON activities.organization_id = notes.organization_id
    AND activities.id = notes.activity_id
WHERE notes.organization_id = $1
  AND to_tsvector('simple', notes.body) @@ websearch_to_tsquery('simple', $2)
ORDER BY activities.occurred_at DESC, activities.id DESC
LIMIT 20;
