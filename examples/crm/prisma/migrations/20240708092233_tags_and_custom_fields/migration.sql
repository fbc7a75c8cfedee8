-- Tags, and fields that tenants add themselves.
--
-- Values of custom fields stand in the record, as one JSON object. The column comes with a constant default, which does
-- not rewrite the table; the indexes are built concurrently in the next three files. A trigger refuses keys that the
-- tenant has not defined.

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "custom_field_entity" AS ENUM ('ACCOUNT', 'CONTACT', 'OPPORTUNITY');

-- CreateEnum
CREATE TYPE "custom_field_type" AS ENUM ('TEXT', 'NUMBER', 'DATE', 'BOOLEAN', 'OPTION');

-- AlterTable
ALTER TABLE "accounts" ADD COLUMN "custom_values" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "contacts" ADD COLUMN "custom_values" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "opportunities" ADD COLUMN "custom_values" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "tags" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" CITEXT NOT NULL,
    "color" TEXT NOT NULL DEFAULT '#8a8f98',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tags_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "tags_color_check" CHECK ("color" ~ '^#[0-9a-f]{6}$')
);

-- CreateTable
CREATE TABLE "account_tags" (
    "organization_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "tag_id" UUID NOT NULL,

    CONSTRAINT "account_tags_pkey" PRIMARY KEY ("organization_id","account_id","tag_id")
);

-- CreateTable
CREATE TABLE "contact_tags" (
    "organization_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "tag_id" UUID NOT NULL,

    CONSTRAINT "contact_tags_pkey" PRIMARY KEY ("organization_id","contact_id","tag_id")
);

-- CreateTable
CREATE TABLE "opportunity_tags" (
    "organization_id" UUID NOT NULL,
    "opportunity_id" UUID NOT NULL,
    "tag_id" UUID NOT NULL,

    CONSTRAINT "opportunity_tags_pkey" PRIMARY KEY ("organization_id","opportunity_id","tag_id")
);

-- CreateTable
CREATE TABLE "custom_fields" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "entity" "custom_field_entity" NOT NULL,
    "key" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "type" "custom_field_type" NOT NULL,
    "is_required" BOOLEAN NOT NULL DEFAULT false,
    "position" SMALLINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "custom_fields_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "custom_fields_key_check" CHECK ("key" ~ '^[a-z][a-z0-9_]{0,62}$')
);

-- CreateTable
CREATE TABLE "custom_field_options" (
    "organization_id" UUID NOT NULL,
    "custom_field_id" UUID NOT NULL,
    "value" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "position" SMALLINT NOT NULL DEFAULT 0,

    CONSTRAINT "custom_field_options_pkey" PRIMARY KEY ("organization_id","custom_field_id","value")
);

-- CreateIndex
CREATE UNIQUE INDEX "tags_organization_id_id_key" ON "tags"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "tags_organization_id_name_key" ON "tags"("organization_id", "name");

-- CreateIndex
CREATE INDEX "account_tags_organization_id_tag_id_account_id_idx" ON "account_tags"("organization_id", "tag_id", "account_id");

-- CreateIndex
CREATE INDEX "contact_tags_organization_id_tag_id_contact_id_idx" ON "contact_tags"("organization_id", "tag_id", "contact_id");

-- CreateIndex
CREATE INDEX "opportunity_tags_organization_id_tag_id_opportunity_id_idx" ON "opportunity_tags"("organization_id", "tag_id", "opportunity_id");

-- CreateIndex
CREATE UNIQUE INDEX "custom_fields_organization_id_id_key" ON "custom_fields"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "custom_fields_organization_id_entity_key_key" ON "custom_fields"("organization_id", "entity", "key");

-- AddForeignKey
ALTER TABLE "tags" ADD CONSTRAINT "tags_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "account_tags" ADD CONSTRAINT "account_tags_organization_id_account_id_fkey" FOREIGN KEY ("organization_id", "account_id") REFERENCES "accounts"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "account_tags" ADD CONSTRAINT "account_tags_organization_id_tag_id_fkey" FOREIGN KEY ("organization_id", "tag_id") REFERENCES "tags"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contact_tags" ADD CONSTRAINT "contact_tags_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contact_tags" ADD CONSTRAINT "contact_tags_organization_id_tag_id_fkey" FOREIGN KEY ("organization_id", "tag_id") REFERENCES "tags"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunity_tags" ADD CONSTRAINT "opportunity_tags_organization_id_opportunity_id_fkey" FOREIGN KEY ("organization_id", "opportunity_id") REFERENCES "opportunities"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunity_tags" ADD CONSTRAINT "opportunity_tags_organization_id_tag_id_fkey" FOREIGN KEY ("organization_id", "tag_id") REFERENCES "tags"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "custom_fields" ADD CONSTRAINT "custom_fields_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "custom_field_options" ADD CONSTRAINT "custom_field_options_organization_id_custom_field_id_fkey" FOREIGN KEY ("organization_id", "custom_field_id") REFERENCES "custom_fields"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- updated_at is right whoever writes
CREATE TRIGGER set_updated_at BEFORE UPDATE ON custom_fields
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

ALTER TABLE accounts ADD CONSTRAINT accounts_custom_values_check CHECK (jsonb_typeof(custom_values) = 'object') NOT VALID;

ALTER TABLE contacts ADD CONSTRAINT contacts_custom_values_check CHECK (jsonb_typeof(custom_values) = 'object') NOT VALID;

ALTER TABLE opportunities ADD CONSTRAINT opportunities_custom_values_check CHECK (jsonb_typeof(custom_values) = 'object') NOT VALID;

CREATE FUNCTION check_custom_values() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
DECLARE
    unknown text;
BEGIN
    SELECT given.key INTO unknown
    FROM jsonb_object_keys(NEW.custom_values) AS given (key)
    WHERE NOT EXISTS (
        SELECT FROM public.custom_fields AS field
        WHERE field.organization_id = NEW.organization_id
          AND field.entity = TG_ARGV[0]::public.custom_field_entity
          AND field.key = given.key
    )
    LIMIT 1;
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION '% has no custom field "%"', TG_TABLE_NAME, unknown USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER check_custom_values BEFORE INSERT OR UPDATE OF custom_values ON accounts
    FOR EACH ROW WHEN (NEW.custom_values <> '{}') EXECUTE FUNCTION check_custom_values('ACCOUNT');

CREATE TRIGGER check_custom_values BEFORE INSERT OR UPDATE OF custom_values ON contacts
    FOR EACH ROW WHEN (NEW.custom_values <> '{}') EXECUTE FUNCTION check_custom_values('CONTACT');

CREATE TRIGGER check_custom_values BEFORE INSERT OR UPDATE OF custom_values ON opportunities
    FOR EACH ROW WHEN (NEW.custom_values <> '{}') EXECUTE FUNCTION check_custom_values('OPPORTUNITY');
