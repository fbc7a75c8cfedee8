-- Leads, and what became of them.

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "lead_status" AS ENUM ('NEW', 'WORKING', 'QUALIFIED', 'CONVERTED', 'DISQUALIFIED');

-- CreateEnum
CREATE TYPE "lead_source" AS ENUM ('WEBSITE', 'REFERRAL', 'EVENT', 'OUTBOUND', 'PARTNER', 'OTHER');

-- CreateTable
CREATE TABLE "leads" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "owner_id" UUID,
    "company_name" TEXT,
    "given_name" TEXT,
    "family_name" TEXT NOT NULL,
    "email" CITEXT,
    "phone" TEXT,
    "source" "lead_source" NOT NULL,
    "status" "lead_status" NOT NULL DEFAULT 'NEW',
    "score" SMALLINT NOT NULL DEFAULT 0,
    "first_response_at" TIMESTAMPTZ(3),
    "converted_at" TIMESTAMPTZ(3),
    "converted_account_id" UUID,
    "converted_contact_id" UUID,
    "converted_opportunity_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "leads_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "leads_email_check" CHECK ("email" ~ '^[^@\s]+@[^@\s]+$'),
    CONSTRAINT "leads_phone_check" CHECK ("phone" ~ '^\+[1-9][0-9]{6,14}$'),
    CONSTRAINT "leads_score_check" CHECK ("score" BETWEEN 0 AND 100),
    CONSTRAINT "leads_converted_at_check" CHECK (("status" = 'CONVERTED') = ("converted_at" IS NOT NULL)),
    CONSTRAINT "leads_converted_to_check" CHECK ("converted_at" IS NOT NULL OR num_nonnulls("converted_account_id", "converted_contact_id", "converted_opportunity_id") = 0)
);

-- CreateIndex
CREATE INDEX "leads_organization_id_owner_id_status_idx" ON "leads"("organization_id", "owner_id", "status");

-- CreateIndex
CREATE INDEX "leads_organization_id_status_created_at_idx" ON "leads"("organization_id", "status", "created_at" DESC);

-- CreateIndex
CREATE INDEX "leads_organization_id_created_at_idx" ON "leads"("organization_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "leads_organization_id_converted_account_id_idx" ON "leads"("organization_id", "converted_account_id");

-- CreateIndex
CREATE INDEX "leads_organization_id_converted_contact_id_idx" ON "leads"("organization_id", "converted_contact_id");

-- CreateIndex
CREATE INDEX "leads_organization_id_converted_opportunity_id_idx" ON "leads"("organization_id", "converted_opportunity_id");

-- CreateIndex
CREATE UNIQUE INDEX "leads_organization_id_id_key" ON "leads"("organization_id", "id");

-- AddForeignKey
ALTER TABLE "leads" ADD CONSTRAINT "leads_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "leads" ADD CONSTRAINT "leads_organization_id_owner_id_fkey" FOREIGN KEY ("organization_id", "owner_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "leads" ADD CONSTRAINT "leads_organization_id_converted_account_id_fkey" FOREIGN KEY ("organization_id", "converted_account_id") REFERENCES "accounts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "leads" ADD CONSTRAINT "leads_organization_id_converted_contact_id_fkey" FOREIGN KEY ("organization_id", "converted_contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "leads" ADD CONSTRAINT "leads_organization_id_converted_opportunity_id_fkey" FOREIGN KEY ("organization_id", "converted_opportunity_id") REFERENCES "opportunities"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- updated_at is right whoever writes
CREATE TRIGGER set_updated_at BEFORE UPDATE ON leads
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- "Do we know this address already?"
CREATE INDEX leads_email_idx ON leads (organization_id, email) WHERE deleted_at IS NULL;
