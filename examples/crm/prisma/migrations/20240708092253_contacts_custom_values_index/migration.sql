-- Finds contacts by the value of a custom field: custom_values @> '{"key": "value"}'.

-- CreateIndex
CREATE INDEX CONCURRENTLY "contacts_custom_values_idx" ON "contacts" USING GIN ("organization_id" uuid_ops, "custom_values" jsonb_path_ops);
