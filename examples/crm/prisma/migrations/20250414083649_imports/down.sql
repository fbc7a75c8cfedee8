-- Rows: The table public.import_rows goes, with all its rows.
-- Rows: The table public.imports goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "import_rows" DROP CONSTRAINT "import_rows_organization_id_import_id_fkey";

-- DropTable
-- The table public.import_rows goes, with all its rows.
DROP TABLE "import_rows";

-- DropTable
-- The table public.imports goes, with all its rows.
DROP TABLE "imports";

-- DropEnum
DROP TYPE "import_kind";

-- DropEnum
DROP TYPE "import_row_status";

-- DropEnum
DROP TYPE "import_status";
