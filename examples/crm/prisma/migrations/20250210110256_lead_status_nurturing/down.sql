-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- AlterEnum
-- public.lead_status loses "NURTURING": the migration fails as long as a row has such a value. Give these rows another value first.
ALTER TABLE "leads" DROP CONSTRAINT "leads_converted_at_check";

-- AlterEnum
CREATE TYPE "lead_status_new" AS ENUM ('NEW', 'WORKING', 'QUALIFIED', 'CONVERTED', 'DISQUALIFIED');

-- AlterEnum
ALTER TABLE "leads" ALTER COLUMN "status" DROP DEFAULT, ALTER COLUMN "status" SET DATA TYPE "lead_status_new" USING ("status"::text::"lead_status_new");

-- AlterEnum
ALTER TYPE "lead_status" RENAME TO "lead_status_old";

-- AlterEnum
ALTER TYPE "lead_status_new" RENAME TO "lead_status";

-- AlterEnum
DROP TYPE "lead_status_old";

-- AlterEnum
ALTER TABLE "leads" ALTER COLUMN "status" SET DEFAULT 'NEW';

-- AlterEnum
ALTER TABLE "leads" ADD CONSTRAINT "leads_converted_at_check" CHECK (("status" = 'CONVERTED') = ("converted_at" IS NOT NULL));
