-- Forecast categories, amounts beyond ten figures, and a view that weighs open deals by their stage.
--
-- The new column has a constant default and more digits at the same scale need no rewrite: both are instant.
-- security_invoker: the view reads with the rights, and the row-level security, of who asks.

SET LOCAL lock_timeout = '3s';

-- CreateEnum
CREATE TYPE "forecast_category" AS ENUM ('OMITTED', 'PIPELINE', 'BEST_CASE', 'COMMIT');

-- AlterTable
ALTER TABLE "opportunities" ADD COLUMN "forecast_category" "forecast_category" NOT NULL DEFAULT 'PIPELINE',
ALTER COLUMN "amount" SET DATA TYPE DECIMAL(14,2);

CREATE VIEW opportunity_forecast WITH (security_invoker = true) AS
SELECT
    opportunities.organization_id,
    opportunities.id AS opportunity_id,
    opportunities.owner_id,
    opportunities.forecast_category,
    opportunities.currency,
    date_trunc('month', opportunities.expected_close_on::timestamp)::date AS close_month,
    opportunities.amount,
    round(opportunities.amount * pipeline_stages.probability / 100, 2) AS weighted_amount
FROM opportunities
JOIN pipeline_stages
    ON pipeline_stages.organization_id = opportunities.organization_id
    AND pipeline_stages.pipeline_id = opportunities.pipeline_id
    AND pipeline_stages.id = opportunities.stage_id
WHERE opportunities.status = 'OPEN'
  AND opportunities.deleted_at IS NULL;
