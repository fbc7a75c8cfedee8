-- Rows: public.opportunities.amount becomes numeric(12,2), and was numeric(14,2): values that it cannot hold are rounded or cut, or stop the migration.
-- Rows: The column public.opportunities.forecast_category goes, with all its values.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropView
DROP VIEW "opportunity_forecast";

-- AlterTable
-- public.opportunities.amount becomes numeric(12,2), and was numeric(14,2): values that it cannot hold are rounded or cut, or stop the migration.
ALTER TABLE "opportunities" ALTER COLUMN "amount" SET DATA TYPE numeric(12,2);

-- AlterTable
-- The column public.opportunities.forecast_category goes, with all its values.
ALTER TABLE "opportunities" DROP COLUMN "forecast_category";

-- DropEnum
DROP TYPE "forecast_category";
