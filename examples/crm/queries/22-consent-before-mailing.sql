-- Those members of a campaign who may be mailed: they have an address, did not opt out, and a consent is in force.
-- $1 organization, $2 campaign, $3 purpose
-- Index: campaign_members_organization_id_campaign_id_status_idx, consents_contact_key, consents_lead_key
SELECT members.id, contacts.email
FROM campaign_members AS members
JOIN contacts
    ON contacts.organization_id = members.organization_id
    AND contacts.id = members.contact_id
WHERE members.organization_id = $1
  AND members.campaign_id = $2
  AND members.status = 'TARGETED'
  AND contacts.email IS NOT NULL
  AND contacts.deleted_at IS NULL
  AND EXISTS (
      SELECT FROM consents
      WHERE consents.organization_id = members.organization_id
        AND consents.contact_id = members.contact_id
        AND consents.purpose = $3
        AND consents.withdrawn_at IS NULL
  )
UNION ALL
SELECT members.id, leads.email
FROM campaign_members AS members
JOIN leads
    ON leads.organization_id = members.organization_id
    AND leads.id = members.lead_id
WHERE members.organization_id = $1
  AND members.campaign_id = $2
  AND members.status = 'TARGETED'
  AND leads.email IS NOT NULL
  AND leads.deleted_at IS NULL
  AND EXISTS (
      SELECT FROM consents
      WHERE consents.organization_id = members.organization_id
        AND consents.lead_id = members.lead_id
        AND consents.purpose = $3
        AND consents.withdrawn_at IS NULL
  );
