-- Imports of files, row by row.

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "import_kind" AS ENUM ('ACCOUNTS', 'CONTACTS', 'LEADS', 'PRODUCTS');

-- CreateEnum
CREATE TYPE "import_status" AS ENUM ('UPLOADED', 'RUNNING', 'COMPLETED', 'FAILED');

-- CreateEnum
CREATE TYPE "import_row_status" AS ENUM ('PENDING', 'IMPORTED', 'SKIPPED', 'FAILED');

-- CreateTable
CREATE TABLE "imports" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_by_id" UUID NOT NULL,
    "kind" "import_kind" NOT NULL,
    "status" "import_status" NOT NULL DEFAULT 'UPLOADED',
    "file_name" TEXT NOT NULL,
    "storage_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "imports_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "imports_finished_at_check" CHECK ("finished_at" >= "started_at")
);

-- CreateTable
CREATE TABLE "import_rows" (
    "organization_id" UUID NOT NULL,
    "import_id" UUID NOT NULL,
    "row_number" INTEGER NOT NULL,
    "raw" JSONB NOT NULL,
    "status" "import_row_status" NOT NULL DEFAULT 'PENDING',
    "error" TEXT,

    CONSTRAINT "import_rows_pkey" PRIMARY KEY ("organization_id","import_id","row_number"),
    CONSTRAINT "import_rows_row_number_check" CHECK ("row_number" > 0),
    CONSTRAINT "import_rows_error_check" CHECK (("status" = 'FAILED') = ("error" IS NOT NULL))
);

-- CreateIndex
CREATE INDEX "imports_organization_id_created_by_id_idx" ON "imports"("organization_id", "created_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "imports_organization_id_id_key" ON "imports"("organization_id", "id");

-- CreateIndex
CREATE INDEX "import_rows_organization_id_import_id_status_idx" ON "import_rows"("organization_id", "import_id", "status");

-- AddForeignKey
ALTER TABLE "imports" ADD CONSTRAINT "imports_organization_id_created_by_id_fkey" FOREIGN KEY ("organization_id", "created_by_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_organization_id_import_id_fkey" FOREIGN KEY ("organization_id", "import_id") REFERENCES "imports"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

ALTER TABLE imports ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON imports
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));

ALTER TABLE import_rows ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON import_rows
    USING (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid))
    WITH CHECK (organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid));
