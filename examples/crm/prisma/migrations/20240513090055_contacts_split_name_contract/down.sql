-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- CreateRoutine
CREATE FUNCTION contacts_sync_names() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    IF NEW.family_name IS NULL OR (TG_OP = 'UPDATE' AND NEW.full_name IS DISTINCT FROM OLD.full_name) THEN
        NEW.family_name := regexp_replace(btrim(NEW.full_name), '^.*\s', '');
        NEW.given_name := nullif(regexp_replace(btrim(NEW.full_name), '\s*\S+$', ''), '');
    ELSE
        NEW.full_name := concat_ws(' ', NEW.given_name, NEW.family_name);
    END IF;
    RETURN NEW;
END
$$;

-- AlterTable
ALTER TABLE "contacts" ADD COLUMN "full_name" text;

UPDATE "contacts" SET "full_name" = concat_ws(' ', "given_name", "family_name");

ALTER TABLE "contacts" ALTER COLUMN "full_name" SET NOT NULL;

-- AlterTable
ALTER TABLE "contacts" ALTER COLUMN "family_name" DROP NOT NULL;

-- AddCheck
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_family_name_check" CHECK (family_name IS NOT NULL);

-- CreateIndex
CREATE INDEX "contacts_full_name_trgm_idx" ON "contacts" USING gin ("organization_id", "full_name" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "contacts_organization_id_full_name_idx" ON "contacts" ("organization_id", "full_name");

-- CreateTrigger
CREATE TRIGGER sync_names BEFORE INSERT OR UPDATE OF full_name, given_name, family_name ON contacts
    FOR EACH ROW EXECUTE FUNCTION contacts_sync_names();
