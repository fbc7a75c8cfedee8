-- A conversation from its beginning, with whom each message went to.
-- $1 organization, $2 thread
-- Index: emails_organization_id_thread_id_sent_at_idx, email_recipients_pkey
SELECT
    emails.activity_id AS id,
    activities.subject,
    emails.direction,
    emails.from_address,
    emails.sent_at,
    emails.body_text,
    recipients.addresses
FROM emails
JOIN activities
    ON activities.organization_id = emails.organization_id
    AND activities.id = emails.activity_id
LEFT JOIN LATERAL (
    SELECT array_agg(email_recipients.address::text ORDER BY email_recipients.kind, email_recipients.address) AS addresses
    FROM email_recipients
    WHERE email_recipients.organization_id = emails.organization_id
      AND email_recipients.email_id = emails.activity_id
      AND email_recipients.kind <> 'BCC'
) AS recipients ON true
WHERE emails.organization_id = $1
  AND emails.thread_id = $2
ORDER BY emails.sent_at, emails.activity_id;
