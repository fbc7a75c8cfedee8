-- Accounts and contacts.
--
-- A deleted record gives its domain or address free again, so these two are unique among the living only.
-- btree_gin lets a trigram index begin with the tenant: a search reads the tenant's names and nobody else's.

SET LOCAL lock_timeout = '3s';

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- CreateEnum
CREATE TYPE "account_lifecycle" AS ENUM ('PROSPECT', 'CUSTOMER', 'FORMER_CUSTOMER', 'PARTNER');

-- CreateEnum
CREATE TYPE "address_kind" AS ENUM ('BILLING', 'SHIPPING', 'OFFICE');

-- CreateEnum
CREATE TYPE "phone_kind" AS ENUM ('MOBILE', 'WORK', 'HOME', 'OTHER');

-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "parent_id" UUID,
    "owner_id" UUID,
    "name" TEXT NOT NULL,
    "domain" CITEXT,
    "lifecycle" "account_lifecycle" NOT NULL DEFAULT 'PROSPECT',
    "industry" TEXT,
    "employee_count" INTEGER,
    "annual_revenue" DECIMAL(14,2),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "accounts_parent_check" CHECK ("parent_id" <> "id"),
    CONSTRAINT "accounts_domain_check" CHECK ("domain" !~ '[/:\s]'),
    CONSTRAINT "accounts_employee_count_check" CHECK ("employee_count" >= 0),
    CONSTRAINT "accounts_annual_revenue_check" CHECK ("annual_revenue" >= 0)
);

-- CreateTable
CREATE TABLE "account_addresses" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "kind" "address_kind" NOT NULL,
    "street" TEXT NOT NULL,
    "city" TEXT NOT NULL,
    "region" TEXT,
    "postal_code" TEXT,
    "country_code" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_addresses_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "account_addresses_country_code_check" CHECK ("country_code" ~ '^[A-Z]{2}$')
);

-- CreateTable
CREATE TABLE "contacts" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "account_id" UUID,
    "owner_id" UUID,
    "email" CITEXT,
    "job_title" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),
    "full_name" TEXT NOT NULL,

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "contacts_email_check" CHECK ("email" ~ '^[^@\s]+@[^@\s]+$')
);

-- CreateTable
CREATE TABLE "contact_phones" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "kind" "phone_kind" NOT NULL DEFAULT 'WORK',
    "number" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contact_phones_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "contact_phones_number_check" CHECK ("number" ~ '^\+[1-9][0-9]{6,14}$')
);

-- CreateIndex
CREATE INDEX "accounts_organization_id_parent_id_idx" ON "accounts"("organization_id", "parent_id");

-- CreateIndex
CREATE INDEX "accounts_organization_id_owner_id_idx" ON "accounts"("organization_id", "owner_id");

-- CreateIndex
CREATE INDEX "accounts_organization_id_lifecycle_name_idx" ON "accounts"("organization_id", "lifecycle", "name");

-- CreateIndex
CREATE INDEX "accounts_name_trgm_idx" ON "accounts" USING GIN ("organization_id" uuid_ops, "name" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "accounts_organization_id_id_key" ON "accounts"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "account_addresses_organization_id_account_id_kind_key" ON "account_addresses"("organization_id", "account_id", "kind");

-- CreateIndex
CREATE INDEX "contacts_organization_id_account_id_idx" ON "contacts"("organization_id", "account_id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_owner_id_idx" ON "contacts"("organization_id", "owner_id");

-- CreateIndex
CREATE INDEX "contacts_organization_id_full_name_idx" ON "contacts"("organization_id", "full_name");

-- CreateIndex
CREATE INDEX "contacts_full_name_trgm_idx" ON "contacts" USING GIN ("organization_id" uuid_ops, "full_name" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "contacts_organization_id_id_key" ON "contacts"("organization_id", "id");

-- CreateIndex
CREATE INDEX "contact_phones_organization_id_number_idx" ON "contact_phones"("organization_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "contact_phones_organization_id_contact_id_number_key" ON "contact_phones"("organization_id", "contact_id", "number");

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_organization_id_parent_id_fkey" FOREIGN KEY ("organization_id", "parent_id") REFERENCES "accounts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_organization_id_owner_id_fkey" FOREIGN KEY ("organization_id", "owner_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "account_addresses" ADD CONSTRAINT "account_addresses_organization_id_account_id_fkey" FOREIGN KEY ("organization_id", "account_id") REFERENCES "accounts"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_organization_id_account_id_fkey" FOREIGN KEY ("organization_id", "account_id") REFERENCES "accounts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_organization_id_owner_id_fkey" FOREIGN KEY ("organization_id", "owner_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contact_phones" ADD CONSTRAINT "contact_phones_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- updated_at is right whoever writes
CREATE TRIGGER set_updated_at BEFORE UPDATE ON accounts
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON account_addresses
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON contacts
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON contact_phones
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Unique among records that are not deleted
CREATE UNIQUE INDEX accounts_domain_key ON accounts (organization_id, domain) WHERE deleted_at IS NULL;

CREATE UNIQUE INDEX contacts_email_key ON contacts (organization_id, email) WHERE deleted_at IS NULL;
