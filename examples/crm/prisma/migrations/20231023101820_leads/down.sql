-- Rows: The table public.leads goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropTable
-- The table public.leads goes, with all its rows.
DROP TABLE "leads";

-- DropEnum
DROP TYPE "lead_source";

-- DropEnum
DROP TYPE "lead_status";
