-- Quotes and orders.
--
-- net_amount is computed by the database: no two programs can round it differently. Prisma Client reads it and
-- leaves it out when writing (@default(dbgenerated())).

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "quote_status" AS ENUM ('DRAFT', 'SENT', 'ACCEPTED', 'DECLINED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "order_status" AS ENUM ('CONFIRMED', 'FULFILLED', 'CANCELLED');

-- CreateTable
CREATE TABLE "quotes" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "opportunity_id" UUID NOT NULL,
    "price_book_id" UUID NOT NULL,
    "prepared_by_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "status" "quote_status" NOT NULL DEFAULT 'DRAFT',
    "currency" TEXT NOT NULL,
    "subtotal" DECIMAL(14,2) NOT NULL DEFAULT 0,
    "tax_total" DECIMAL(14,2) NOT NULL DEFAULT 0,
    "total" DECIMAL(14,2) NOT NULL DEFAULT 0,
    "valid_until" DATE NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "decided_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quotes_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "quotes_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
    CONSTRAINT "quotes_total_check" CHECK ("total" = "subtotal" + "tax_total"),
    CONSTRAINT "quotes_sent_at_check" CHECK ("status" = 'DRAFT' OR "sent_at" IS NOT NULL)
);

-- CreateTable
CREATE TABLE "quote_lines" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "quote_id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "description" TEXT NOT NULL,
    "quantity" DECIMAL(12,3) NOT NULL,
    "unit_price" DECIMAL(14,2) NOT NULL,
    "discount_percent" DECIMAL(5,2) NOT NULL DEFAULT 0,
    "tax_percent" DECIMAL(5,2) NOT NULL DEFAULT 0,
    "net_amount" DECIMAL(14,2) NOT NULL GENERATED ALWAYS AS (round("quantity" * "unit_price" * (1 - "discount_percent" / 100), 2)) STORED,

    CONSTRAINT "quote_lines_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "quote_lines_position_check" CHECK ("position" > 0),
    CONSTRAINT "quote_lines_quantity_check" CHECK ("quantity" > 0),
    CONSTRAINT "quote_lines_unit_price_check" CHECK ("unit_price" >= 0),
    CONSTRAINT "quote_lines_discount_percent_check" CHECK ("discount_percent" BETWEEN 0 AND 100),
    CONSTRAINT "quote_lines_tax_percent_check" CHECK ("tax_percent" BETWEEN 0 AND 100)
);

-- CreateTable
CREATE TABLE "orders" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "quote_id" UUID,
    "number" TEXT NOT NULL,
    "status" "order_status" NOT NULL DEFAULT 'CONFIRMED',
    "currency" TEXT NOT NULL,
    "subtotal" DECIMAL(14,2) NOT NULL DEFAULT 0,
    "tax_total" DECIMAL(14,2) NOT NULL DEFAULT 0,
    "total" DECIMAL(14,2) NOT NULL DEFAULT 0,
    "ordered_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "orders_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$'),
    CONSTRAINT "orders_total_check" CHECK ("total" = "subtotal" + "tax_total")
);

-- CreateTable
CREATE TABLE "order_lines" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "description" TEXT NOT NULL,
    "quantity" DECIMAL(12,3) NOT NULL,
    "unit_price" DECIMAL(14,2) NOT NULL,
    "discount_percent" DECIMAL(5,2) NOT NULL DEFAULT 0,
    "tax_percent" DECIMAL(5,2) NOT NULL DEFAULT 0,
    "net_amount" DECIMAL(14,2) NOT NULL GENERATED ALWAYS AS (round("quantity" * "unit_price" * (1 - "discount_percent" / 100), 2)) STORED,

    CONSTRAINT "order_lines_pkey" PRIMARY KEY ("organization_id","id"),
    CONSTRAINT "order_lines_position_check" CHECK ("position" > 0),
    CONSTRAINT "order_lines_quantity_check" CHECK ("quantity" > 0),
    CONSTRAINT "order_lines_unit_price_check" CHECK ("unit_price" >= 0),
    CONSTRAINT "order_lines_discount_percent_check" CHECK ("discount_percent" BETWEEN 0 AND 100),
    CONSTRAINT "order_lines_tax_percent_check" CHECK ("tax_percent" BETWEEN 0 AND 100)
);

-- CreateIndex
CREATE INDEX "quotes_organization_id_opportunity_id_idx" ON "quotes"("organization_id", "opportunity_id");

-- CreateIndex
CREATE INDEX "quotes_organization_id_price_book_id_idx" ON "quotes"("organization_id", "price_book_id");

-- CreateIndex
CREATE INDEX "quotes_organization_id_prepared_by_id_idx" ON "quotes"("organization_id", "prepared_by_id");

-- CreateIndex
CREATE INDEX "quotes_organization_id_status_valid_until_idx" ON "quotes"("organization_id", "status", "valid_until");

-- CreateIndex
CREATE UNIQUE INDEX "quotes_organization_id_id_key" ON "quotes"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "quotes_organization_id_number_key" ON "quotes"("organization_id", "number");

-- CreateIndex
CREATE INDEX "quote_lines_organization_id_product_id_idx" ON "quote_lines"("organization_id", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "quote_lines_organization_id_quote_id_position_key" ON "quote_lines"("organization_id", "quote_id", "position");

-- CreateIndex
CREATE INDEX "orders_organization_id_account_id_ordered_at_idx" ON "orders"("organization_id", "account_id", "ordered_at" DESC);

-- CreateIndex
CREATE INDEX "orders_organization_id_quote_id_idx" ON "orders"("organization_id", "quote_id");

-- CreateIndex
CREATE UNIQUE INDEX "orders_organization_id_id_key" ON "orders"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "orders_organization_id_number_key" ON "orders"("organization_id", "number");

-- CreateIndex
CREATE INDEX "order_lines_organization_id_product_id_idx" ON "order_lines"("organization_id", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "order_lines_organization_id_order_id_position_key" ON "order_lines"("organization_id", "order_id", "position");

-- AddForeignKey
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_organization_id_opportunity_id_fkey" FOREIGN KEY ("organization_id", "opportunity_id") REFERENCES "opportunities"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_organization_id_price_book_id_fkey" FOREIGN KEY ("organization_id", "price_book_id") REFERENCES "price_books"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "quotes" ADD CONSTRAINT "quotes_organization_id_prepared_by_id_fkey" FOREIGN KEY ("organization_id", "prepared_by_id") REFERENCES "memberships"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "quote_lines" ADD CONSTRAINT "quote_lines_organization_id_quote_id_fkey" FOREIGN KEY ("organization_id", "quote_id") REFERENCES "quotes"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "quote_lines" ADD CONSTRAINT "quote_lines_organization_id_product_id_fkey" FOREIGN KEY ("organization_id", "product_id") REFERENCES "products"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_organization_id_account_id_fkey" FOREIGN KEY ("organization_id", "account_id") REFERENCES "accounts"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_organization_id_quote_id_fkey" FOREIGN KEY ("organization_id", "quote_id") REFERENCES "quotes"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_organization_id_order_id_fkey" FOREIGN KEY ("organization_id", "order_id") REFERENCES "orders"("organization_id", "id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_organization_id_product_id_fkey" FOREIGN KEY ("organization_id", "product_id") REFERENCES "products"("organization_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- updated_at is right whoever writes
CREATE TRIGGER set_updated_at BEFORE UPDATE ON quotes
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TRIGGER set_updated_at BEFORE UPDATE ON orders
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- A deal has one accepted offer
CREATE UNIQUE INDEX quotes_accepted_key ON quotes (organization_id, opportunity_id) WHERE status = 'ACCEPTED';
