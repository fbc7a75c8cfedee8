-- Contacts get given_name and family_name instead of full_name (4 of 4: contract).
--
-- Three weeks after the last reader of full_name was replaced. SET NOT NULL believes the validated CHECK and does not
-- read the table.

SET LOCAL lock_timeout = '3s';

ALTER TABLE contacts ALTER COLUMN family_name SET NOT NULL;

ALTER TABLE contacts DROP CONSTRAINT contacts_family_name_check;

DROP TRIGGER sync_names ON contacts;

DROP FUNCTION contacts_sync_names();

-- DropIndex
DROP INDEX "contacts_organization_id_full_name_idx";

-- DropIndex
DROP INDEX "contacts_full_name_trgm_idx";

-- AlterTable
ALTER TABLE "contacts" DROP COLUMN "full_name";
