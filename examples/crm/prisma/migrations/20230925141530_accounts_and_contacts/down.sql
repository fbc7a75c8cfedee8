-- Rows: The table public.account_addresses goes, with all its rows.
-- Rows: The table public.accounts goes, with all its rows.
-- Rows: The table public.contact_phones goes, with all its rows.
-- Rows: The table public.contacts goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "account_addresses" DROP CONSTRAINT "account_addresses_organization_id_account_id_fkey";

-- DropForeignKey
ALTER TABLE "contact_phones" DROP CONSTRAINT "contact_phones_organization_id_contact_id_fkey";

-- DropForeignKey
ALTER TABLE "contacts" DROP CONSTRAINT "contacts_organization_id_account_id_fkey";

-- DropForeignKey
ALTER TABLE "contacts" DROP CONSTRAINT "contacts_organization_id_fkey";

-- DropForeignKey
ALTER TABLE "contacts" DROP CONSTRAINT "contacts_organization_id_owner_id_fkey";

-- DropTable
-- The table public.account_addresses goes, with all its rows.
DROP TABLE "account_addresses";

-- DropTable
-- The table public.accounts goes, with all its rows.
DROP TABLE "accounts";

-- DropTable
-- The table public.contact_phones goes, with all its rows.
DROP TABLE "contact_phones";

-- DropTable
-- The table public.contacts goes, with all its rows.
DROP TABLE "contacts";

-- DropExtension
DROP EXTENSION "btree_gin";

-- DropExtension
DROP EXTENSION "pg_trgm";

-- DropEnum
DROP TYPE "account_lifecycle";

-- DropEnum
DROP TYPE "address_kind";

-- DropEnum
DROP TYPE "phone_kind";
