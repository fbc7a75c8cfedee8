-- Contacts by family name, for lists. Alone in its file: CREATE INDEX CONCURRENTLY cannot share a transaction.

-- CreateIndex
CREATE INDEX CONCURRENTLY "contacts_organization_id_family_name_given_name_idx" ON "contacts"("organization_id", "family_name", "given_name");
