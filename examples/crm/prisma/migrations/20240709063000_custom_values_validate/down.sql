-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropCheck
ALTER TABLE "accounts" DROP CONSTRAINT "accounts_custom_values_check";

-- DropCheck
ALTER TABLE "contacts" DROP CONSTRAINT "contacts_custom_values_check";

-- DropCheck
ALTER TABLE "opportunities" DROP CONSTRAINT "opportunities_custom_values_check";

-- AddCheck
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_custom_values_check" CHECK (jsonb_typeof(custom_values) = 'object') NOT VALID;

-- AddCheck
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_custom_values_check" CHECK (jsonb_typeof(custom_values) = 'object') NOT VALID;

-- AddCheck
ALTER TABLE "opportunities" ADD CONSTRAINT "opportunities_custom_values_check" CHECK (jsonb_typeof(custom_values) = 'object') NOT VALID;
