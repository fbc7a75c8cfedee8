-- Contacts get given_name and family_name instead of full_name (1 of 4: expand).
--
-- Until the last server of the old version is gone, both spellings are kept in step by a trigger: the old version
-- writes full_name, the new one the two parts. The CHECK binds new rows at once and old rows after the backfill.

SET LOCAL lock_timeout = '3s';

-- AlterTable
ALTER TABLE "contacts" ADD COLUMN "family_name" TEXT,
ADD COLUMN "given_name" TEXT;

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

CREATE TRIGGER sync_names BEFORE INSERT OR UPDATE OF full_name, given_name, family_name ON contacts
    FOR EACH ROW EXECUTE FUNCTION contacts_sync_names();

ALTER TABLE contacts ADD CONSTRAINT contacts_family_name_check CHECK (family_name IS NOT NULL) NOT VALID;
