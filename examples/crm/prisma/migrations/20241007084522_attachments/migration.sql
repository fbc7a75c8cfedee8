-- Files attached to records. The bytes are in the object store.

SET LOCAL lock_timeout = '3s';

-- CreateTable
CREATE TABLE "attachments" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "uploaded_by_id" UUID NOT NULL,
    "account_id" UUID,
    "contact_id" UUID,
    "opportunity_id" UUID,
    "activity_id" UUID,
    "quote_id" UUID,
    "file_name" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "byte_size" BIGINT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "storage_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attachments_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "attachments_record_check" CHECK (num_nonnulls("account_id", "contact_id", "opportunity_id", "activity_id", "quote_id") = 1),
    CONSTRAINT "attachments_byte_size_check" CHECK ("byte_size" >= 0),
    CONSTRAINT "attachments_sha256_check" CHECK (octet_length("sha256") = 32)
);

-- CreateIndex
CREATE INDEX "attachments_organization_id_uploaded_by_id_idx" ON "attachments"("organization_id", "uploaded_by_id");

-- CreateIndex
CREATE INDEX "attachments_organization_id_account_id_idx" ON "attachments"("organization_id", "account_id");

-- CreateIndex
CREATE INDEX "attachments_organization_id_contact_id_idx" ON "attachments"("organization_id", "contact_id");

-- CreateIndex
CREATE INDEX "attachments_organization_id_opportunity_id_idx" ON "attachments"("organization_id", "opportunity_id");

-- CreateIndex
CREATE INDEX "attachments_organization_id_activity_id_idx" ON "attachments"("organization_id", "activity_id");

-- CreateIndex
CREATE INDEX "attachments_organization_id_quote_id_idx" ON "attachments"("organization_id", "quote_id");

-- CreateIndex
CREATE UNIQUE INDEX "attachments_organization_id_storage_key_key" ON "attachments"("organization_id", "storage_key");

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_organization_id_uploaded_by_id_fkey" FOREIGN KEY ("organization_id", "uploaded_by_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_organization_id_account_id_fkey" FOREIGN KEY ("organization_id", "account_id") REFERENCES "accounts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_organization_id_opportunity_id_fkey" FOREIGN KEY ("organization_id", "opportunity_id") REFERENCES "opportunities"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_organization_id_activity_id_fkey" FOREIGN KEY ("organization_id", "activity_id") REFERENCES "activities"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_organization_id_quote_id_fkey" FOREIGN KEY ("organization_id", "quote_id") REFERENCES "quotes"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
