-- Who changed what, when.
--
-- Written by triggers with the rights of the owner; the application may only read. Personal columns are named in the
-- trigger and left out, so that an erased person does not live on here. Kept three years: see
-- purge_audit_entries(), which the nightly job calls.

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "audit_action" AS ENUM ('INSERT', 'UPDATE', 'DELETE');

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "table_name" TEXT NOT NULL,
    "row_key" UUID NOT NULL,
    "action" "audit_action" NOT NULL,
    "actor_id" UUID,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "audit_entries_row_idx" ON "audit_entries"("organization_id", "table_name", "row_key", "changed_at" DESC);

-- CreateIndex
CREATE INDEX "audit_entries_organization_id_actor_id_changed_at_idx" ON "audit_entries"("organization_id", "actor_id", "changed_at" DESC);

-- CreateIndex
CREATE INDEX "audit_entries_changed_at_idx" ON "audit_entries" USING BRIN ("changed_at");

-- AddForeignKey
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_organization_id_actor_id_fkey" FOREIGN KEY ("organization_id", "actor_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit_entries
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

REVOKE INSERT, UPDATE, DELETE ON audit_entries FROM crm_app;

CREATE FUNCTION audit_row_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = ''
AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD) - 'updated_at' - coalesce(TG_ARGV, '{}');
    new_row jsonb := to_jsonb(NEW) - 'updated_at' - coalesce(TG_ARGV, '{}');
    any_row jsonb := coalesce(to_jsonb(NEW), to_jsonb(OLD));
BEGIN
    IF old_row = new_row THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.audit_entries (id, organization_id, table_name, row_key, action, actor_id, before, after)
    VALUES (
        public.uuid_v7(),
        (any_row ->> 'organization_id')::uuid,
        TG_TABLE_NAME,
        (any_row ->> 'id')::uuid,
        TG_OP::public.audit_action,
        nullif(current_setting('app.membership_id', true), '')::uuid,
        (SELECT jsonb_object_agg(key, value) FROM jsonb_each(old_row) WHERE new_row -> key IS DISTINCT FROM value),
        (SELECT jsonb_object_agg(key, value) FROM jsonb_each(new_row) WHERE old_row -> key IS DISTINCT FROM value)
    );
    RETURN NULL;
END
$$;

REVOKE EXECUTE ON FUNCTION audit_row_change() FROM PUBLIC;

CREATE FUNCTION purge_audit_entries(keep interval DEFAULT interval '3 years') RETURNS bigint
    LANGUAGE sql
    SET search_path = ''
AS $$
    WITH removed AS (
        DELETE FROM public.audit_entries WHERE changed_at < now() - keep RETURNING 1
    )
    SELECT count(*) FROM removed
$$;

REVOKE EXECUTE ON FUNCTION purge_audit_entries(interval) FROM PUBLIC;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON memberships
    FOR EACH ROW EXECUTE FUNCTION audit_row_change();

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON accounts
    FOR EACH ROW EXECUTE FUNCTION audit_row_change();

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON contacts
    FOR EACH ROW EXECUTE FUNCTION audit_row_change('given_name', 'family_name', 'email', 'job_title', 'custom_values');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON leads
    FOR EACH ROW EXECUTE FUNCTION audit_row_change('given_name', 'family_name', 'email', 'phone');

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON opportunities
    FOR EACH ROW EXECUTE FUNCTION audit_row_change();

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON quotes
    FOR EACH ROW EXECUTE FUNCTION audit_row_change();

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON orders
    FOR EACH ROW EXECUTE FUNCTION audit_row_change();

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON invoices
    FOR EACH ROW EXECUTE FUNCTION audit_row_change();
