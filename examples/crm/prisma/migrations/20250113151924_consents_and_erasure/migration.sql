-- GDPR: consents with their history, and the right to be forgotten.
--
-- erase_contact() keeps the row, so that deals and invoices keep their history, and removes all that is personal.
-- It runs with the rights of the caller: row-level security decides whose contacts can be erased.

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "consent_purpose" AS ENUM ('NEWSLETTER', 'PRODUCT_NEWS', 'EVENTS', 'PROFILING');

-- CreateEnum
CREATE TYPE "lawful_basis" AS ENUM ('CONSENT', 'LEGITIMATE_INTEREST', 'CONTRACT');

-- AlterTable
ALTER TABLE "contacts" ADD COLUMN "erased_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "consents" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "contact_id" UUID,
    "lead_id" UUID,
    "purpose" "consent_purpose" NOT NULL,
    "lawful_basis" "lawful_basis" NOT NULL,
    "source" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consents_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "consents_who_check" CHECK (num_nonnulls("contact_id", "lead_id") = 1),
    CONSTRAINT "consents_withdrawn_at_check" CHECK ("withdrawn_at" >= "granted_at")
);

-- CreateIndex
CREATE INDEX "consents_organization_id_contact_id_idx" ON "consents"("organization_id", "contact_id");

-- CreateIndex
CREATE INDEX "consents_organization_id_lead_id_idx" ON "consents"("organization_id", "lead_id");

-- AddForeignKey
ALTER TABLE "consents" ADD CONSTRAINT "consents_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "consents" ADD CONSTRAINT "consents_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "consents" ADD CONSTRAINT "consents_organization_id_lead_id_fkey" FOREIGN KEY ("organization_id", "lead_id") REFERENCES "leads"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- One consent in force for a person and purpose
CREATE UNIQUE INDEX consents_contact_key ON consents (organization_id, contact_id, purpose) WHERE withdrawn_at IS NULL AND contact_id IS NOT NULL;

CREATE UNIQUE INDEX consents_lead_key ON consents (organization_id, lead_id, purpose) WHERE withdrawn_at IS NULL AND lead_id IS NOT NULL;

ALTER TABLE consents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON consents
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON consents
    FOR EACH ROW EXECUTE FUNCTION audit_row_change();

CREATE FUNCTION erase_contact(organization uuid, contact uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    DELETE FROM public.contact_phones WHERE organization_id = organization AND contact_id = contact;
    UPDATE public.email_recipients
    SET address = public.uuid_v7() || '@erased.invalid', contact_id = NULL
    WHERE organization_id = organization AND contact_id = contact;
    UPDATE public.consents
    SET withdrawn_at = now()
    WHERE organization_id = organization AND contact_id = contact AND withdrawn_at IS NULL;
    UPDATE public.contacts
    SET given_name = NULL,
        family_name = 'erased',
        email = NULL,
        job_title = NULL,
        custom_values = '{}',
        deleted_at = coalesce(deleted_at, now()),
        erased_at = now()
    WHERE organization_id = organization AND id = contact;
END
$$;

COMMENT ON COLUMN contacts.given_name IS '@pii';
COMMENT ON COLUMN contacts.family_name IS '@pii';
COMMENT ON COLUMN contacts.email IS '@pii';
COMMENT ON COLUMN leads.given_name IS '@pii';
COMMENT ON COLUMN leads.family_name IS '@pii';
COMMENT ON COLUMN leads.email IS '@pii';
