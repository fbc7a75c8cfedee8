-- Rows: The table public.webhook_deliveries goes, with all its rows.
-- Rows: The table public.webhook_endpoints goes, with all its rows.
-- Rows: The table public.webhook_subscriptions goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "webhook_deliveries" DROP CONSTRAINT "webhook_deliveries_organization_id_endpoint_id_fkey";

-- DropForeignKey
ALTER TABLE "webhook_subscriptions" DROP CONSTRAINT "webhook_subscriptions_organization_id_endpoint_id_fkey";

-- DropTable
-- The table public.webhook_deliveries goes, with all its rows.
DROP TABLE "webhook_deliveries";

-- DropTable
-- The table public.webhook_endpoints goes, with all its rows.
DROP TABLE "webhook_endpoints";

-- DropTable
-- The table public.webhook_subscriptions goes, with all its rows.
DROP TABLE "webhook_subscriptions";

-- DropEnum
DROP TYPE "delivery_status";

-- DropEnum
DROP TYPE "webhook_event";
