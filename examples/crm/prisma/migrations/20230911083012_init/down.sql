-- Rows: The table public.memberships goes, with all its rows.
-- Rows: The table public.organizations goes, with all its rows.
-- Rows: The table public.role_permissions goes, with all its rows.
-- Rows: The table public.roles goes, with all its rows.
-- Rows: The table public.users goes, with all its rows.

-- Gives up rather than hold up everybody behind it.
SET LOCAL lock_timeout = '5s';

-- DropForeignKey
ALTER TABLE "memberships" DROP CONSTRAINT "memberships_organization_id_fkey";

-- DropForeignKey
ALTER TABLE "memberships" DROP CONSTRAINT "memberships_organization_id_role_id_fkey";

-- DropForeignKey
ALTER TABLE "memberships" DROP CONSTRAINT "memberships_user_id_fkey";

-- DropForeignKey
ALTER TABLE "role_permissions" DROP CONSTRAINT "role_permissions_organization_id_role_id_fkey";

-- DropForeignKey
ALTER TABLE "roles" DROP CONSTRAINT "roles_organization_id_fkey";

-- DropTable
-- The table public.memberships goes, with all its rows.
DROP TABLE "memberships";

-- DropTable
-- The table public.organizations goes, with all its rows.
DROP TABLE "organizations";

-- DropTable
-- The table public.role_permissions goes, with all its rows.
DROP TABLE "role_permissions";

-- DropTable
-- The table public.roles goes, with all its rows.
DROP TABLE "roles";

-- DropTable
-- The table public.users goes, with all its rows.
DROP TABLE "users";

-- DropExtension
DROP EXTENSION "citext";

-- DropEnum
DROP TYPE "membership_status";

-- DropFunction
DROP FUNCTION "set_updated_at"();

-- DropFunction
DROP FUNCTION "uuid_v7"();
