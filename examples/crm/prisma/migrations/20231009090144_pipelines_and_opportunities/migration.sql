-- Pipelines, their stages, and deals that move through them.
--
-- The foreign key of opportunities takes pipeline and stage together: a stage of another pipeline cannot be named.
-- Every move is written down by a trigger, with the member that the application has set for its transaction
-- (SET LOCAL app.membership_id).

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "opportunity_status" AS ENUM ('OPEN', 'WON', 'LOST');

-- CreateEnum
CREATE TYPE "opportunity_contact_role" AS ENUM ('DECISION_MAKER', 'CHAMPION', 'INFLUENCER', 'USER', 'PURCHASING');

-- CreateTable
CREATE TABLE "pipelines" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" CITEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pipelines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pipeline_stages" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "pipeline_id" UUID NOT NULL,
    "name" CITEXT NOT NULL,
    "position" SMALLINT NOT NULL,
    "probability" SMALLINT NOT NULL,
    "stale_after_days" SMALLINT NOT NULL DEFAULT 30,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pipeline_stages_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "pipeline_stages_position_check" CHECK ("position" >= 0),
    CONSTRAINT "pipeline_stages_probability_check" CHECK ("probability" BETWEEN 0 AND 100),
    CONSTRAINT "pipeline_stages_stale_after_days_check" CHECK ("stale_after_days" > 0)
);

-- CreateTable
CREATE TABLE "loss_reasons" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "label" CITEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "loss_reasons_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "opportunities" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "pipeline_id" UUID NOT NULL,
    "stage_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "loss_reason_id" UUID,
    "name" TEXT NOT NULL,
    "amount" DECIMAL(12,2) NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,
    "status" "opportunity_status" NOT NULL DEFAULT 'OPEN',
    "expected_close_on" DATE NOT NULL,
    "stage_entered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "opportunities_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "opportunities_amount_check" CHECK ("amount" >= 0),
    CONSTRAINT "opportunities_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
    CONSTRAINT "opportunities_closed_at_check" CHECK (("status" = 'OPEN') = ("closed_at" IS NULL)),
    CONSTRAINT "opportunities_loss_reason_check" CHECK ("loss_reason_id" IS NULL OR "status" = 'LOST')
);

-- CreateTable
CREATE TABLE "opportunity_contacts" (
    "organization_id" UUID NOT NULL,
    "opportunity_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "role" "opportunity_contact_role" NOT NULL,
    "is_primary" BOOLEAN NOT NULL DEFAULT false,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "opportunity_contacts_pkey" PRIMARY KEY ("organization_id","opportunity_id","contact_id")
);

-- CreateTable
CREATE TABLE "opportunity_stage_changes" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "opportunity_id" UUID NOT NULL,
    "from_stage_id" UUID,
    "to_stage_id" UUID NOT NULL,
    "changed_by_id" UUID,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "opportunity_stage_changes_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "pipelines_organization_id_id_key" ON "pipelines"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "pipelines_organization_id_name_key" ON "pipelines"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "pipeline_stages_organization_id_id_key" ON "pipeline_stages"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "pipeline_stages_organization_id_pipeline_id_id_key" ON "pipeline_stages"("organization_id", "pipeline_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "pipeline_stages_organization_id_pipeline_id_name_key" ON "pipeline_stages"("organization_id", "pipeline_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "loss_reasons_organization_id_id_key" ON "loss_reasons"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "loss_reasons_organization_id_label_key" ON "loss_reasons"("organization_id", "label");

-- CreateIndex
CREATE INDEX "opportunities_organization_id_account_id_created_at_idx" ON "opportunities"("organization_id", "account_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "opportunities_board_idx" ON "opportunities"("organization_id", "pipeline_id", "stage_id", "expected_close_on");

-- CreateIndex
CREATE INDEX "opportunities_organization_id_owner_id_expected_close_on_idx" ON "opportunities"("organization_id", "owner_id", "expected_close_on");

-- CreateIndex
CREATE INDEX "opportunities_organization_id_loss_reason_id_idx" ON "opportunities"("organization_id", "loss_reason_id");

-- CreateIndex
CREATE UNIQUE INDEX "opportunities_organization_id_id_key" ON "opportunities"("organization_id", "id");

-- CreateIndex
CREATE INDEX "opportunity_contacts_organization_id_contact_id_idx" ON "opportunity_contacts"("organization_id", "contact_id");

-- CreateIndex
CREATE INDEX "opportunity_stage_changes_opportunity_idx" ON "opportunity_stage_changes"("organization_id", "opportunity_id", "changed_at");

-- CreateIndex
CREATE INDEX "opportunity_stage_changes_from_stage_idx" ON "opportunity_stage_changes"("organization_id", "from_stage_id", "changed_at");

-- CreateIndex
CREATE INDEX "opportunity_stage_changes_to_stage_idx" ON "opportunity_stage_changes"("organization_id", "to_stage_id", "changed_at");

-- CreateIndex
CREATE INDEX "opportunity_stage_changes_changed_by_idx" ON "opportunity_stage_changes"("organization_id", "changed_by_id");

-- AddForeignKey
ALTER TABLE "pipelines" ADD CONSTRAINT "pipelines_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "pipeline_stages" ADD CONSTRAINT "pipeline_stages_organization_id_pipeline_id_fkey" FOREIGN KEY ("organization_id", "pipeline_id") REFERENCES "pipelines"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "loss_reasons" ADD CONSTRAINT "loss_reasons_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunities" ADD CONSTRAINT "opportunities_organization_id_account_id_fkey" FOREIGN KEY ("organization_id", "account_id") REFERENCES "accounts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunities" ADD CONSTRAINT "opportunities_stage_fkey" FOREIGN KEY ("organization_id", "pipeline_id", "stage_id") REFERENCES "pipeline_stages"("organization_id", "pipeline_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunities" ADD CONSTRAINT "opportunities_organization_id_owner_id_fkey" FOREIGN KEY ("organization_id", "owner_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunities" ADD CONSTRAINT "opportunities_organization_id_loss_reason_id_fkey" FOREIGN KEY ("organization_id", "loss_reason_id") REFERENCES "loss_reasons"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunity_contacts" ADD CONSTRAINT "opportunity_contacts_organization_id_opportunity_id_fkey" FOREIGN KEY ("organization_id", "opportunity_id") REFERENCES "opportunities"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunity_contacts" ADD CONSTRAINT "opportunity_contacts_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunity_stage_changes" ADD CONSTRAINT "opportunity_stage_changes_opportunity_fkey" FOREIGN KEY ("organization_id", "opportunity_id") REFERENCES "opportunities"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunity_stage_changes" ADD CONSTRAINT "opportunity_stage_changes_from_stage_fkey" FOREIGN KEY ("organization_id", "from_stage_id") REFERENCES "pipeline_stages"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunity_stage_changes" ADD CONSTRAINT "opportunity_stage_changes_to_stage_fkey" FOREIGN KEY ("organization_id", "to_stage_id") REFERENCES "pipeline_stages"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "opportunity_stage_changes" ADD CONSTRAINT "opportunity_stage_changes_changed_by_fkey" FOREIGN KEY ("organization_id", "changed_by_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- updated_at is right whoever writes
CREATE TRIGGER set_updated_at BEFORE UPDATE ON pipelines
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON pipeline_stages
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON opportunities
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- One default pipeline a tenant, one primary contact a deal
CREATE UNIQUE INDEX pipelines_default_key ON pipelines (organization_id) WHERE is_default;

CREATE UNIQUE INDEX opportunity_contacts_primary_key ON opportunity_contacts (organization_id, opportunity_id) WHERE is_primary;

-- Stage history
CREATE FUNCTION opportunities_enter_stage() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    NEW.stage_entered_at := now();
    RETURN NEW;
END
$$;

CREATE FUNCTION opportunities_record_stage() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    INSERT INTO public.opportunity_stage_changes (id, organization_id, opportunity_id, from_stage_id, to_stage_id, changed_by_id)
    VALUES (
        public.uuid_v7(),
        NEW.organization_id,
        NEW.id,
        CASE WHEN TG_OP = 'UPDATE' THEN OLD.stage_id END,
        NEW.stage_id,
        nullif(current_setting('app.membership_id', true), '')::uuid
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER enter_stage BEFORE UPDATE OF stage_id ON opportunities
    FOR EACH ROW WHEN (NEW.stage_id IS DISTINCT FROM OLD.stage_id)
    EXECUTE FUNCTION opportunities_enter_stage();

CREATE TRIGGER record_first_stage AFTER INSERT ON opportunities
    FOR EACH ROW EXECUTE FUNCTION opportunities_record_stage();

CREATE TRIGGER record_stage AFTER UPDATE OF stage_id ON opportunities
    FOR EACH ROW WHEN (NEW.stage_id IS DISTINCT FROM OLD.stage_id)
    EXECUTE FUNCTION opportunities_record_stage();
