-- Accounts by values of the tenant's own fields, such as {"tier": "gold", "region": "north"}: all of them must match.
-- $1 organization, $2 JSON object
-- Index: accounts_custom_values_idx (gin: organization_id, custom_values jsonb_path_ops)
SELECT id, name, lifecycle, custom_values
FROM accounts
WHERE organization_id = $1
  AND custom_values @> $2::jsonb
  AND deleted_at IS NULL
ORDER BY name, id
LIMIT 200;
