-- Rows: The table public.audit_entries goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropTrigger
DROP TRIGGER "audit" ON "accounts";

-- DropTrigger
DROP TRIGGER "audit" ON "contacts";

-- DropTrigger
DROP TRIGGER "audit" ON "invoices";

-- DropTrigger
DROP TRIGGER "audit" ON "leads";

-- DropTrigger
DROP TRIGGER "audit" ON "memberships";

-- DropTrigger
DROP TRIGGER "audit" ON "opportunities";

-- DropTrigger
DROP TRIGGER "audit" ON "orders";

-- DropTrigger
DROP TRIGGER "audit" ON "quotes";

-- DropTable
-- The table public.audit_entries goes, with all its rows.
DROP TABLE "audit_entries";

-- DropEnum
DROP TYPE "audit_action";

-- DropFunction
DROP FUNCTION "audit_row_change"();

-- DropFunction
DROP FUNCTION "purge_audit_entries"(interval);
