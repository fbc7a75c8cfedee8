-- The role crm_app stays: other databases of this server may know it.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropPolicy
DROP POLICY "tenant_isolation" ON "account_addresses";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "account_tags";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "accounts";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "activities";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "attachments";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "campaign_members";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "campaigns";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "contact_phones";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "contact_tags";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "contacts";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "custom_field_options";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "custom_fields";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "email_recipients";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "email_threads";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "emails";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "invoice_lines";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "invoices";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "leads";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "loss_reasons";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "meeting_attendees";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "meetings";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "memberships";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "notes";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "opportunities";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "opportunity_contacts";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "opportunity_stage_changes";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "opportunity_tags";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "order_lines";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "orders";

-- DropPolicy
DROP POLICY "own_organization" ON "organizations";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "payments";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "pipeline_stages";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "pipelines";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "price_book_entries";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "price_books";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "products";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "quote_lines";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "quotes";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "role_permissions";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "roles";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "tags";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "tasks";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "team_memberships";

-- DropPolicy
DROP POLICY "tenant_isolation" ON "teams";

-- DropPolicy
DROP POLICY "edit_oneself" ON "users";

-- DropPolicy
DROP POLICY "see_colleagues" ON "users";

-- Revoke
ALTER DEFAULT PRIVILEGES IN SCHEMA "public" REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLES FROM "crm_app";

-- Revoke
REVOKE USAGE ON SCHEMA "public" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "account_addresses" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "account_tags" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "accounts" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "activities" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "attachments" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "campaign_members" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "campaigns" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "contact_phones" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "contact_tags" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "contacts" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "custom_field_options" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "custom_fields" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "email_recipients" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "email_threads" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "emails" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "invoice_lines" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "invoices" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "leads" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "loss_reasons" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "meeting_attendees" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "meetings" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "memberships" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "notes" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "opportunities" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "opportunity_contacts" FROM "crm_app";

-- Revoke
REVOKE INSERT, SELECT ON TABLE "opportunity_stage_changes" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "opportunity_tags" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "order_lines" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "orders" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "organizations" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "payments" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "pipeline_stages" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "pipelines" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "price_book_entries" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "price_books" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "products" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "quote_lines" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "quotes" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "role_permissions" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "roles" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "tags" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "tasks" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "team_memberships" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "teams" FROM "crm_app";

-- Revoke
REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLE "users" FROM "crm_app";

-- RowSecurity
ALTER TABLE "account_addresses" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "account_addresses" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "account_tags" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "account_tags" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "accounts" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "accounts" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "activities" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "activities" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "attachments" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "attachments" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "campaign_members" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "campaign_members" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "campaigns" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "campaigns" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "contact_phones" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "contact_phones" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "contact_tags" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "contact_tags" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "contacts" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "contacts" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "custom_field_options" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "custom_field_options" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "custom_fields" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "custom_fields" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "email_recipients" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "email_recipients" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "email_threads" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "email_threads" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "emails" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "emails" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "invoice_lines" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "invoice_lines" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "invoices" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "invoices" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "leads" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "leads" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "loss_reasons" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "loss_reasons" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "meeting_attendees" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "meeting_attendees" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "meetings" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "meetings" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "memberships" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "memberships" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "notes" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "notes" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "opportunities" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "opportunities" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "opportunity_contacts" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "opportunity_contacts" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "opportunity_stage_changes" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "opportunity_stage_changes" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "opportunity_tags" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "opportunity_tags" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "order_lines" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "order_lines" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "orders" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "orders" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "organizations" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "organizations" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "payments" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "payments" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "pipeline_stages" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "pipeline_stages" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "pipelines" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "pipelines" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "price_book_entries" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "price_book_entries" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "price_books" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "price_books" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "products" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "products" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "quote_lines" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "quote_lines" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "quotes" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "quotes" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "role_permissions" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "role_permissions" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "roles" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "roles" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "tags" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "tags" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "tasks" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "tasks" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "team_memberships" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "team_memberships" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "teams" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "teams" NO FORCE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "users" DISABLE ROW LEVEL SECURITY;

-- RowSecurity
ALTER TABLE "users" NO FORCE ROW LEVEL SECURITY;
