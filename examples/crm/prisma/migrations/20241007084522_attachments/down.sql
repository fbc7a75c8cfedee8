-- Rows: The table public.attachments goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropTable
-- The table public.attachments goes, with all its rows.
DROP TABLE "attachments";
