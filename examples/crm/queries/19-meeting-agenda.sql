-- A member's meetings between two moments, with everybody who was asked.
-- $1 organization, $2 membership, $3 from, $4 until (exclusive)
-- Index: meeting_attendees_organization_id_membership_id_idx, meetings_organization_id_starts_at_idx
SELECT
    meetings.activity_id AS id,
    activities.subject,
    meetings.starts_at,
    meetings.ends_at,
    meetings.location,
    mine.response,
    everybody.attendees
FROM meeting_attendees AS mine
JOIN meetings
    ON meetings.organization_id = mine.organization_id
    AND meetings.activity_id = mine.meeting_id
JOIN activities
    ON activities.organization_id = meetings.organization_id
    AND activities.id = meetings.activity_id
CROSS JOIN LATERAL (
    SELECT jsonb_agg(
        jsonb_build_object(
            'name', coalesce(users.display_name, concat_ws(' ', contacts.given_name, contacts.family_name)),
            'response', attendees.response
        )
        ORDER BY attendees.id
    ) AS attendees
    FROM meeting_attendees AS attendees
    LEFT JOIN memberships
        ON memberships.organization_id = attendees.organization_id
        AND memberships.id = attendees.membership_id
    LEFT JOIN users
        ON users.id = memberships.user_id
    LEFT JOIN contacts
        ON contacts.organization_id = attendees.organization_id
        AND contacts.id = attendees.contact_id
    WHERE attendees.organization_id = meetings.organization_id
      AND attendees.meeting_id = meetings.activity_id
) AS everybody
WHERE mine.organization_id = $1
  AND mine.membership_id = $2
  AND mine.response <> 'DECLINED'
  AND meetings.starts_at >= $3
  AND meetings.starts_at < $4
ORDER BY meetings.starts_at, meetings.activity_id;
