-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropIndex
DROP INDEX "contacts_organization_id_family_name_given_name_idx";
