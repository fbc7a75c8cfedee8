-- Rows: The table public.team_memberships goes, with all its rows.
-- Rows: The table public.teams goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "team_memberships" DROP CONSTRAINT "team_memberships_organization_id_membership_id_fkey";

-- DropForeignKey
ALTER TABLE "team_memberships" DROP CONSTRAINT "team_memberships_organization_id_team_id_fkey";

-- DropTable
-- The table public.team_memberships goes, with all its rows.
DROP TABLE "team_memberships";

-- DropTable
-- The table public.teams goes, with all its rows.
DROP TABLE "teams";
