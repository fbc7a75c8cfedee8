-- Rows: The table public.price_book_entries goes, with all its rows.
-- Rows: The table public.price_books goes, with all its rows.
-- Rows: The table public.products goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "price_book_entries" DROP CONSTRAINT "price_book_entries_organization_id_price_book_id_fkey";

-- DropForeignKey
ALTER TABLE "price_book_entries" DROP CONSTRAINT "price_book_entries_organization_id_product_id_fkey";

-- DropTable
-- The table public.price_book_entries goes, with all its rows.
DROP TABLE "price_book_entries";

-- DropTable
-- The table public.price_books goes, with all its rows.
DROP TABLE "price_books";

-- DropTable
-- The table public.products goes, with all its rows.
DROP TABLE "products";
