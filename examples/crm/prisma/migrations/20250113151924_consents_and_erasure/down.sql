-- Rows: The table public.consents goes, with all its rows.
-- Rows: The column public.contacts.erased_at goes, with all its values.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- AlterTable
-- The column public.contacts.erased_at goes, with all its values.
ALTER TABLE "contacts" DROP COLUMN "erased_at";

-- DropTable
-- The table public.consents goes, with all its rows.
DROP TABLE "consents";

-- DropEnum
DROP TYPE "consent_purpose";

-- DropEnum
DROP TYPE "lawful_basis";

-- DropFunction
DROP FUNCTION "erase_contact"(uuid, uuid);

-- Comment
COMMENT ON COLUMN "contacts"."email" IS NULL;

-- Comment
COMMENT ON COLUMN "contacts"."family_name" IS NULL;

-- Comment
COMMENT ON COLUMN "contacts"."given_name" IS NULL;

-- Comment
COMMENT ON COLUMN "leads"."email" IS NULL;

-- Comment
COMMENT ON COLUMN "leads"."family_name" IS NULL;

-- Comment
COMMENT ON COLUMN "leads"."given_name" IS NULL;
