-- Rows: The table public.order_lines goes, with all its rows.
-- Rows: The table public.orders goes, with all its rows.
-- Rows: The table public.quote_lines goes, with all its rows.
-- Rows: The table public.quotes goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "order_lines" DROP CONSTRAINT "order_lines_organization_id_order_id_fkey";

-- DropForeignKey
ALTER TABLE "order_lines" DROP CONSTRAINT "order_lines_organization_id_product_id_fkey";

-- DropForeignKey
ALTER TABLE "orders" DROP CONSTRAINT "orders_organization_id_account_id_fkey";

-- DropForeignKey
ALTER TABLE "orders" DROP CONSTRAINT "orders_organization_id_quote_id_fkey";

-- DropForeignKey
ALTER TABLE "quote_lines" DROP CONSTRAINT "quote_lines_organization_id_product_id_fkey";

-- DropForeignKey
ALTER TABLE "quote_lines" DROP CONSTRAINT "quote_lines_organization_id_quote_id_fkey";

-- DropTable
-- The table public.order_lines goes, with all its rows.
DROP TABLE "order_lines";

-- DropTable
-- The table public.orders goes, with all its rows.
DROP TABLE "orders";

-- DropTable
-- The table public.quote_lines goes, with all its rows.
DROP TABLE "quote_lines";

-- DropTable
-- The table public.quotes goes, with all its rows.
DROP TABLE "quotes";

-- DropEnum
DROP TYPE "order_status";

-- DropEnum
DROP TYPE "quote_status";
