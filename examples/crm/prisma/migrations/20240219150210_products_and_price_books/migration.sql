-- What the tenant sells, and for how much.

SET LOCAL lock_timeout = '3s';

-- CreateTable
CREATE TABLE "products" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "sku" CITEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "unit" TEXT NOT NULL DEFAULT 'piece',
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "products_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_books" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" CITEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_until" DATE,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "price_books_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "price_books_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
    CONSTRAINT "price_books_validity_check" CHECK ("valid_until" > "valid_from")
);

-- CreateTable
CREATE TABLE "price_book_entries" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "price_book_id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "min_quantity" DECIMAL(12,3) NOT NULL DEFAULT 1,
    "unit_price" DECIMAL(14,2) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "price_book_entries_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "price_book_entries_min_quantity_check" CHECK ("min_quantity" > 0),
    CONSTRAINT "price_book_entries_unit_price_check" CHECK ("unit_price" >= 0)
);

-- CreateIndex
CREATE INDEX "products_name_trgm_idx" ON "products" USING GIN ("organization_id" uuid_ops, "name" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "products_organization_id_id_key" ON "products"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "price_books_organization_id_id_key" ON "price_books"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "price_books_organization_id_name_key" ON "price_books"("organization_id", "name");

-- CreateIndex
CREATE INDEX "price_book_entries_organization_id_product_id_idx" ON "price_book_entries"("organization_id", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "price_book_entries_price_key" ON "price_book_entries"("organization_id", "price_book_id", "product_id", "min_quantity");

-- AddForeignKey
ALTER TABLE "products" ADD CONSTRAINT "products_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "price_books" ADD CONSTRAINT "price_books_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "price_book_entries" ADD CONSTRAINT "price_book_entries_organization_id_price_book_id_fkey" FOREIGN KEY ("organization_id", "price_book_id") REFERENCES "price_books"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "price_book_entries" ADD CONSTRAINT "price_book_entries_organization_id_product_id_fkey" FOREIGN KEY ("organization_id", "product_id") REFERENCES "products"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- updated_at is right whoever writes
CREATE TRIGGER set_updated_at BEFORE UPDATE ON products
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON price_books
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON price_book_entries
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Unique among products that are not deleted
CREATE UNIQUE INDEX products_sku_key ON products (organization_id, sku) WHERE deleted_at IS NULL;
