-- Rows: The table public.invoice_lines goes, with all its rows.
-- Rows: The table public.invoices goes, with all its rows.
-- Rows: The table public.payments goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "invoice_lines" DROP CONSTRAINT "invoice_lines_organization_id_invoice_id_fkey";

-- DropForeignKey
ALTER TABLE "invoice_lines" DROP CONSTRAINT "invoice_lines_organization_id_product_id_fkey";

-- DropForeignKey
ALTER TABLE "payments" DROP CONSTRAINT "payments_organization_id_invoice_id_fkey";

-- DropTable
-- The table public.invoice_lines goes, with all its rows.
DROP TABLE "invoice_lines";

-- DropTable
-- The table public.invoices goes, with all its rows.
DROP TABLE "invoices";

-- DropTable
-- The table public.payments goes, with all its rows.
DROP TABLE "payments";

-- DropEnum
DROP TYPE "invoice_status";

-- DropEnum
DROP TYPE "payment_method";
